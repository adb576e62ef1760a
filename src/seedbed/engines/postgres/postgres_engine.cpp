#include "seedbed/engines/postgres/postgres_engine.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/postgres/broken_loads.hpp"
#include "seedbed/engines/postgres/catalog.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/databases.hpp"
#include "seedbed/engines/postgres/deferred_constraints.hpp"
#include "seedbed/engines/postgres/empty_baseline.hpp"
#include "seedbed/engines/postgres/errors.hpp"
#include "seedbed/engines/postgres/insert_arrays.hpp"
#include "seedbed/engines/postgres/libpq_connection.hpp"
#include "seedbed/engines/postgres/load_streams.hpp"
#include "seedbed/engines/postgres/own_tables.hpp"
#include "seedbed/engines/postgres/postgres_load_guard.hpp"
#include "seedbed/engines/postgres/postgres_server.hpp"
#include "seedbed/engines/postgres/sequences.hpp"
#include "seedbed/engines/postgres/undo_log.hpp"

namespace seedbed {

namespace postgres {

namespace {

class PostgresEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "postgres"; }

  [[nodiscard]] std::unique_ptr<Connection> connect(const DatabaseUrl& url) const override {
    return std::make_unique<LibpqConnection>(*this, open_session(url));
  }
  [[nodiscard]] bool database_exists(const DatabaseUrl& url) const override {
    return postgres::database_exists(*this, url);
  }
  void create_database(const DatabaseUrl& url) const override {
    postgres::create_database(*this, url);
  }
  void drop_database(const DatabaseUrl& url) const override { postgres::drop_database(*this, url); }
  [[nodiscard]] std::unique_ptr<DatabaseServer> connect_server(
      const DatabaseUrl& url) const override {
    return postgres::connect_server(*this, url);
  }
  [[nodiscard]] std::optional<ServerRecipe> server_recipe(const ServerPlace& place) const override {
    return make_server_recipe(place);
  }

  [[nodiscard]] Capabilities capabilities(Connection& connection) const override {
    return probe_capabilities(connection);
  }
  [[nodiscard]] Schema introspect(Connection& connection) const override {
    return read_catalog(connection);
  }
  [[nodiscard]] std::vector<SequenceState> sequence_states(Connection& connection,
                                                           const Schema& schema) const override {
    return postgres::sequence_states(connection, schema);
  }
  void set_sequence(Connection& connection, const SequenceState& state) const override {
    postgres::set_sequence(connection, state);
  }
  [[nodiscard]] std::vector<std::int64_t> reserve_keys(Connection& connection, const Schema& schema,
                                                       const Table& table,
                                                       std::size_t count) const override {
    return postgres::reserve_keys(connection, schema, table, count);
  }
  [[nodiscard]] std::optional<BoundStatement> reserve_keys_statement(
      const Schema& schema, const Table& table, std::size_t count) const override {
    return postgres::reserve_keys_statement(*this, schema, table, count);
  }
  [[nodiscard]] std::int64_t last_inserted_key(Connection& connection) const override {
    return connection.query_value("SELECT lastval()").integer();
  }

  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    refuse_nul(identifier);
    std::string quoted = "\"";
    for (const char c : identifier) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + '"';
  }
  // Always with its schema: a session's search_path may be anything; pg_dump's scripts leave it
  // empty.
  [[nodiscard]] std::string quote(const TableName& table) const override {
    return quote(table.schema.empty() ? "public" : table.schema) + "." + quote(table.name);
  }
  [[nodiscard]] std::string placeholder(std::size_t number) const override {
    return fmt::format("${}", number);
  }
  [[nodiscard]] std::string literal(const Value& value) const override {
    return typed_literal(value);
  }
  [[nodiscard]] std::string begin_sql() const override { return "BEGIN"; }
  [[nodiscard]] std::string limit_waiting_sql(int seconds) const override {
    return fmt::format("SET lock_timeout = '{}s'", seconds);
  }
  [[nodiscard]] std::vector<std::string> begin_snapshot_sql() const override {
    return {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
  }
  [[nodiscard]] std::string overriding_clause(const Table& table) const override {
    const bool needed = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const Column& c) { return c.identity == Identity::always; });
    return needed ? "OVERRIDING SYSTEM VALUE" : "";
  }
  [[nodiscard]] BoundStatement insert_statement(const RowInsert& insert,
                                                std::span<const Row> rows) const override {
    if (rows.size() > 1 && fits_arrays(insert)) return insert_arrays(*this, insert, rows);
    return Engine::insert_statement(insert, rows);
  }
  [[nodiscard]] std::string load_sql(Connection& connection,
                                     const BulkTarget& target) const override {
    return connection.adopted() ? Engine::load_sql(connection, target) : copy_sql(*this, target);
  }
  [[nodiscard]] bool returns_inserted() const noexcept override { return true; }
  [[nodiscard]] std::string read_expression(const Column& column) const override {
    return quote(column.name);
  }
  [[nodiscard]] std::string read_source(const Table& table) const override {
    return table.partitions.empty() ? "ONLY " + quote(table.name) : quote(table.name);
  }
  [[nodiscard]] std::string order_expression(const Column& column) const override {
    // These sort by number, or by their bytes and so by their hexadecimal text.
    const TypeClass kind = column.type.type_class;
    const bool as_it_is =
        kind == TypeClass::integer || kind == TypeClass::bytes || kind == TypeClass::uuid;
    return as_it_is ? quote(column.name) : quote(column.name) + "::text COLLATE \"C\"";
  }
  [[nodiscard]] std::vector<std::string> truncate_sql(
      const Schema& schema, std::span<const TableName> tables) const override;
  [[nodiscard]] std::string lock_table_sql(const TableName& table) const override {
    return "LOCK TABLE " + quote(table) + " IN SHARE ROW EXCLUSIVE MODE";
  }

  [[nodiscard]] bool try_lock(Connection& connection, std::string_view lock,
                              int milliseconds) const override {
    return postgres::try_lock(connection, lock, milliseconds);
  }
  void unlock(Connection& connection, std::string_view lock) const override {
    postgres::unlock(connection, lock);
  }
  [[nodiscard]] std::unique_ptr<LoadGuard> guard_load(
      Connection& connection, const Schema& schema,
      std::span<const TableName> tables) const override {
    return std::make_unique<PostgresLoadGuard>(connection, schema, tables);
  }
  [[nodiscard]] std::unique_ptr<LoadGuard> defer_constraints(
      Connection& connection, const Schema& /*schema*/,
      const DeferredTables& deferred) const override {
    return std::make_unique<DeferredConstraints>(connection, deferred.empty);
  }
  [[nodiscard]] SurroundingSql deferred_sql(Connection& connection, const Schema& /*schema*/,
                                            const DeferredTables& deferred) const override {
    return deferred_constraints_sql(connection, deferred.empty);
  }
  [[nodiscard]] std::unique_ptr<LoadStreams> open_streams(Connection& connection,
                                                          const Table& table) const override {
    return postgres::open_streams(connection, table);
  }
  void undo_broken_loads(Connection& connection) const override {
    postgres::undo_broken_loads(connection);
  }
  [[nodiscard]] const UndoLog& undo_log() const noexcept override { return postgres::undo_log(); }
  [[nodiscard]] const EmptyBaseline& empty_baseline() const noexcept override {
    return postgres::empty_baseline();
  }
  void prepare_own_tables(Connection& connection) const override {
    postgres::prepare_own_tables(connection);
  }
  [[nodiscard]] std::string own_table(std::string_view name) const override {
    return quote(TableName{"seedbed", fmt::format("seedbed_{}", name)});
  }
  [[nodiscard]] bool own_table_exists(Connection& connection,
                                      std::string_view name) const override {
    return postgres::own_table_exists(connection, name);
  }

  [[nodiscard]] std::string database_binding(Connection& connection) const override {
    return postgres::database_binding(connection);
  }
  [[nodiscard]] std::optional<MarkRecord> read_mark(Connection& connection) const override {
    return postgres::read_mark(connection);
  }
  void write_mark(Connection& connection, const MarkRecord& mark) const override {
    postgres::write_mark(connection, mark);
  }
};

// Whether TRUNCATE ... RESTART IDENTITY leaves the sequence alone: its column only draws from it.
bool is_borrowed(const Schema& schema, const Sequence& sequence) {
  const Table* owner = schema.find(*sequence.owner);
  const Column* column = owner != nullptr ? owner->find_column(sequence.owner_column) : nullptr;
  return column != nullptr && column->identity == Identity::no;
}

std::vector<std::string> PostgresEngine::truncate_sql(const Schema& schema,
                                                      std::span<const TableName> tables) const {
  if (tables.empty()) return {};
  std::vector<std::string> names;
  for (const auto& table : tables) names.push_back(quote(table));
  std::vector<std::string> statements{
      fmt::format("TRUNCATE TABLE {} RESTART IDENTITY", join(names, ", "))};
  for (const auto& sequence : schema.sequences()) {
    const bool of_a_table =
        sequence.owner && std::find(tables.begin(), tables.end(), *sequence.owner) != tables.end();
    if (!of_a_table || !is_borrowed(schema, sequence)) continue;
    statements.push_back(fmt::format("ALTER SEQUENCE {} RESTART", quote(sequence.name)));
  }
  return statements;
}

}  // namespace

const Engine& postgres_engine() {
  static const PostgresEngine kEngine;
  return kEngine;
}

}  // namespace postgres

std::unique_ptr<Engine> make_postgres_engine() {
  return std::make_unique<postgres::PostgresEngine>();
}

}  // namespace seedbed
