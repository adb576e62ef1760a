#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/empty_baseline.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/engines/load_streams.hpp"
#include "seedbed/engines/server_recipe.hpp"
#include "seedbed/engines/undo_log.hpp"
#include "seedbed/engines/url.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// What one server can do; probed on a connection, never assumed.
struct Capabilities {
  std::string product{};           ///< "PostgreSQL", "MariaDB", "MySQL", "SQLite"
  std::string version{};           ///< "15.20"
  bool transactional_ddl = false;  ///< DDL can be rolled back
  bool insert_returning = false;   ///< INSERT ... RETURNING
  bool deferrable_keys = false;    ///< foreign keys can wait for the commit
  std::string load_method{};       ///< what bulk loads use: "COPY", "LOAD DATA LOCAL", "INSERT"
  bool clone_database = false;     ///< CREATE DATABASE ... TEMPLATE
  bool clustered_rows = false;     ///< rows lie in the order of the primary key
};

/// An INSERT of whole rows: positions of the table's columns. A view.
struct RowInsert {
  const Table& table;
  std::span<const std::size_t> columns{};    ///< that the rows give, in their order; not empty
  std::span<const std::size_t> returning{};  ///< that are read back, where `returns_inserted`
};

/// The counter of a `Sequence`: the value it will hand out next.
struct SequenceState {
  Sequence sequence{};
  std::int64_t next = 1;
  friend bool operator==(const SequenceState&, const SequenceState&) = default;
};

/// Seedbed's disposable mark as it is stored: `binding` ties it to one very database.
struct MarkRecord {
  std::string id{};       ///< random UUID
  std::string binding{};  ///< as `Engine::database_binding` gave it when the mark was made
  friend bool operator==(const MarkRecord&, const MarkRecord&) = default;
};

/// Everything that differs from one database product to the next. Adding a product is adding one of
/// these in engines/<name>/; nothing outside engines/ asks which product it is. Stateless and
/// thread-safe.
class Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] virtual std::string_view name()
      const noexcept = 0;  ///< "sqlite", "postgres", "mysql"

  // Databases.
  /// Throws unavailable (no server, too many connections), invalid_input (wrong password, bad
  /// option), not_found (no such database). SQLite: creates no file; a missing one is not_found.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect(const DatabaseUrl& url) const = 0;
  [[nodiscard]] virtual bool database_exists(const DatabaseUrl& url) const = 0;
  virtual void create_database(
      const DatabaseUrl& url) const = 0;  ///< throws conflict when it exists
  virtual void drop_database(
      const DatabaseUrl& url) const = 0;  ///< throws not_found when it does not
  /// The server that the URL's database is on, or would be. Throws as `connect`.
  [[nodiscard]] virtual std::unique_ptr<DatabaseServer> connect_server(
      const DatabaseUrl& url) const = 0;
  /// How to start a server for oneself; nullopt where none is needed (SQLite). Throws unavailable,
  /// naming the package, when its programs are not installed.
  [[nodiscard]] virtual std::optional<ServerRecipe> server_recipe(
      const ServerPlace& /*place*/) const {
    return std::nullopt;
  }

  // What is there.
  [[nodiscard]] virtual Capabilities capabilities(Connection& connection) const = 0;
  [[nodiscard]] virtual Schema introspect(Connection& connection) const = 0;
  /// The state of every sequence of `schema`, in its order.
  [[nodiscard]] virtual std::vector<SequenceState> sequence_states(Connection& connection,
                                                                   const Schema& schema) const = 0;
  /// Makes the sequence hand out `state.next` next. MySQL: DDL, so it commits the current
  /// transaction, and a counter cannot go below the highest key.
  virtual void set_sequence(Connection& connection, const SequenceState& state) const = 0;
  /// Next `count` values of the counter that fills `column`, in order, never handed out again;
  /// empty when the engine cannot reserve (MySQL): insert without the key then, and read it back.
  [[nodiscard]] virtual std::vector<std::int64_t> reserve_keys(Connection& connection,
                                                               const Schema& schema,
                                                               const Table& table,
                                                               std::size_t count) const = 0;
  /// The same as a statement, whose rows are the values; nullopt where it takes more than one.
  [[nodiscard]] virtual std::optional<BoundStatement> reserve_keys_statement(
      const Schema& /*schema*/, const Table& /*table*/, std::size_t /*count*/) const {
    return std::nullopt;
  }
  /// The key that the last single-row INSERT on this connection got from the table's counter.
  [[nodiscard]] virtual std::int64_t last_inserted_key(Connection& connection) const = 0;

  // Dialect.
  [[nodiscard]] virtual std::string quote(std::string_view identifier) const = 0;
  [[nodiscard]] virtual std::string quote(const TableName& table) const = 0;
  [[nodiscard]] virtual std::string placeholder(std::size_t number) const = 0;  ///< counts from 1
  /// A literal that reads back as the same value; for `--dry-run` and SQL files.
  [[nodiscard]] virtual std::string literal(const Value& value) const = 0;
  [[nodiscard]] virtual std::string begin_sql() const = 0;
  /// Lets statements of the session fail that have waited so long for others; empty where they do.
  [[nodiscard]] virtual std::string limit_waiting_sql(int /*seconds*/) const { return {}; }
  /// Statements that begin a read-only transaction whose reads all see the same state and lock
  /// nothing.
  [[nodiscard]] virtual std::vector<std::string> begin_snapshot_sql() const {
    return {begin_sql()};
  }
  /// Whether a column may hold cells of any kind, whatever its type says (SQLite).
  [[nodiscard]] virtual bool mixes_kinds() const noexcept { return false; }
  /// The clause between column list and VALUES that lets explicit values into identity columns;
  /// empty where none is needed.
  [[nodiscard]] virtual std::string overriding_clause(const Table& table) const = 0;
  /// "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)".
  [[nodiscard]] std::string insert_sql(const RowInsert& insert, std::size_t rows) const;
  /// An INSERT of these rows, of which there is one or more, with their cells as arguments.
  [[nodiscard]] virtual BoundStatement insert_statement(const RowInsert& insert,
                                                        std::span<const Row> rows) const;
  /// What `Connection::bulk_load` sends rows by; where that is an INSERT, with one row.
  [[nodiscard]] virtual std::string load_sql(Connection& connection,
                                             const BulkTarget& target) const;
  /// Whether INSERT ... RETURNING works in every version that is served.
  [[nodiscard]] virtual bool returns_inserted() const noexcept { return false; }
  /// Whether a rollback undoes every statement, whatever its table (MySQL: not in MyISAM).
  [[nodiscard]] virtual bool undoes_all() const noexcept { return true; }
  /// Reads the column without loss (MySQL FLOAT through double, geometry as hex); usually just its
  /// name.
  [[nodiscard]] virtual std::string read_expression(const Column& column) const = 0;
  /// What to SELECT all rows of the table from, each once; usually just its name (PostgreSQL: not
  /// those of tables that inherit from it, which are tables of their own).
  [[nodiscard]] virtual std::string read_source(const Table& table) const {
    return quote(table.name);
  }
  /// What stores `placeholder`, bound to a cell as `read_expression` gives it, into the column: the
  /// item of VALUES or SET (MySQL BIT, geometry and TIMESTAMP need more than the placeholder).
  [[nodiscard]] virtual std::string write_expression(const Column& /*column*/,
                                                     const std::string& placeholder) const {
    return placeholder;
  }
  /// Sorts by the canonical order: integers by number, everything else by bytes.
  [[nodiscard]] virtual std::string order_expression(const Column& column) const = 0;
  /// Empties the tables and resets their identities where one statement does both; the tables are
  /// closed under "refers to" by the caller. SQLite has no TRUNCATE: DELETE and sqlite_sequence.
  [[nodiscard]] virtual std::vector<std::string> truncate_sql(
      const Schema& schema, std::span<const TableName> tables) const = 0;
  /// Takes the table's write lock until the end of the transaction; empty where the transaction
  /// itself, or a named lock, does it.
  [[nodiscard]] virtual std::string lock_table_sql(const TableName& table) const = 0;

  // Locks, guards and Seedbed's own tables.
  /// Takes the database-wide named lock of this session, waiting at most `milliseconds`; false when
  /// another session holds it. SQLite: always true, the write transaction is the lock.
  [[nodiscard]] virtual bool try_lock(Connection& connection, std::string_view lock,
                                      int milliseconds) const = 0;
  virtual void unlock(Connection& connection, std::string_view lock) const = 0;
  [[nodiscard]] virtual std::unique_ptr<LoadGuard> guard_load(
      Connection& connection, const Schema& schema, std::span<const TableName> tables) const = 0;
  /// Puts off what makes a row expensive until `finish()`, inside a transaction, for tables without
  /// rows; nullptr where nothing can be put off. Throws refused without the right to, unsupported
  /// (MySQL 8).
  [[nodiscard]] virtual std::unique_ptr<LoadGuard> defer_constraints(
      Connection& connection, const Schema& schema, const DeferredTables& deferred) const = 0;
  /// What it would put off now, as statements; changes nothing, and throws alike.
  [[nodiscard]] virtual SurroundingSql deferred_sql(Connection& connection, const Schema& schema,
                                                    const DeferredTables& deferred) const = 0;
  /// More sessions for one table, inside the connection's transaction; nullptr where its own is as
  /// fast, or something is in their way.
  [[nodiscard]] virtual std::unique_ptr<LoadStreams> open_streams(Connection& /*connection*/,
                                                                  const Table& /*table*/) const {
    return nullptr;
  }
  /// Takes back the rows of loads by several sessions that ended between their commits, such as by
  /// a kill; outside a transaction. Whoever is about to write rows, or to keep what is there, does
  /// this first. Throws constraint_violation when rows have come to refer to them.
  virtual void undo_broken_loads(Connection& /*connection*/) const {}
  [[nodiscard]] virtual const UndoLog& undo_log() const noexcept = 0;
  [[nodiscard]] virtual const EmptyBaseline& empty_baseline() const noexcept = 0;
  /// Makes the place for Seedbed's own tables when it is missing (PostgreSQL: schema `seedbed`).
  virtual void prepare_own_tables(Connection& connection) const = 0;
  /// The quoted name of Seedbed's own table "seedbed_<name>".
  [[nodiscard]] virtual std::string own_table(std::string_view name) const = 0;
  [[nodiscard]] virtual bool own_table_exists(Connection& connection,
                                              std::string_view name) const = 0;

  // The mark (see guard/mark.hpp).
  /// What identifies this very database, so that a copy of it does not: PostgreSQL the system
  /// identifier and the database's oid; MySQL the schema's name; SQLite "file" (the mark travels
  /// with the file).
  [[nodiscard]] virtual std::string database_binding(Connection& connection) const = 0;
  /// The stored mark, or nullopt when there is none (MySQL: when its two halves disagree).
  [[nodiscard]] virtual std::optional<MarkRecord> read_mark(Connection& connection) const = 0;
  virtual void write_mark(Connection& connection, const MarkRecord& mark) const = 0;
};

/// The engines a program supports. Built by `main`, handed down; nothing registers itself.
class EngineRegistry {
 public:
  void add(std::unique_ptr<Engine> engine);
  /// By the engine's name; throws unsupported, naming those there are.
  [[nodiscard]] const Engine& at(std::string_view name) const;
  [[nodiscard]] const Engine& of(const DatabaseUrl& url) const { return at(url.engine); }

 private:
  std::vector<std::unique_ptr<Engine>> engines_;
};

}  // namespace seedbed
