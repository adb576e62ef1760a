#include "seedbed/engines/mysql/mysql_engine.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/client_session.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/empty_baseline.hpp"
#include "seedbed/engines/mysql/load_text.hpp"
#include "seedbed/engines/mysql/mark_store.hpp"
#include "seedbed/engines/mysql/mysql_connection.hpp"
#include "seedbed/engines/mysql/mysql_load_guard.hpp"
#include "seedbed/engines/mysql/mysql_server.hpp"
#include "seedbed/engines/mysql/named_locks.hpp"
#include "seedbed/engines/mysql/products.hpp"
#include "seedbed/engines/mysql/truncation.hpp"
#include "seedbed/engines/mysql/undo_log.hpp"

namespace seedbed {

namespace {

// Named locks are the server's, so the database's name is in them.
std::string lock_name(Connection& connection, std::string_view lock) {
  return fmt::format("seedbed:{}:{}", connection.database_name(), lock);
}

void require_database(const DatabaseUrl& url) {
  if (!url.database.empty()) return;
  throw Error{ErrorCode::invalid_input,
              fmt::format("database URL: {} names no database", url.redacted())};
}

class MysqlEngine : public Engine {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "mysql"; }

  [[nodiscard]] std::unique_ptr<Connection> connect(const DatabaseUrl& url) const override {
    return std::make_unique<mysql::MysqlConnection>(*this, mysql::open_session(url));
  }

  [[nodiscard]] bool database_exists(const DatabaseUrl& url) const override {
    require_database(url);
    const std::array<Value, 1> wanted{url.database};
    return connect_to_server(url)
               ->query_value(
                   "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?", wanted)
               .as<std::int64_t>() > 0;
  }

  void create_database(const DatabaseUrl& url) const override {
    require_database(url);
    connect_to_server(url)->execute(
        fmt::format("CREATE DATABASE {} CHARACTER SET utf8mb4", mysql::backticked(url.database)));
  }

  void drop_database(const DatabaseUrl& url) const override {
    require_database(url);
    const auto server = connect_to_server(url);
    server->execute(fmt::format("DROP DATABASE {}", mysql::backticked(url.database)));
    mysql::forget_mark(*server, url.database);
  }

  [[nodiscard]] std::unique_ptr<DatabaseServer> connect_server(
      const DatabaseUrl& url) const override {
    return mysql::connect_server(*this, url);
  }
  [[nodiscard]] std::optional<ServerRecipe> server_recipe(const ServerPlace& place) const override {
    return mysql::make_server_recipe(place);
  }

  [[nodiscard]] Capabilities capabilities(Connection& connection) const override {
    const auto version = mysql::version_of(connection);
    const bool local_files = connection.query_value("SELECT @@GLOBAL.local_infile").as<bool>();
    return {.product = version.product == mysql::Product::mariadb ? "MariaDB" : "MySQL",
            .version = version.text,
            .insert_returning = mysql::has_insert_returning(version),
            .load_method = local_files && !connection.adopted() ? "LOAD DATA LOCAL" : "INSERT",
            .clustered_rows = true};
  }

  [[nodiscard]] Schema introspect(Connection& connection) const override {
    return mysql::read_schema(connection);
  }

  [[nodiscard]] std::vector<SequenceState> sequence_states(Connection& connection,
                                                           const Schema& schema) const override {
    return mysql::read_sequences(connection, schema);
  }

  void set_sequence(Connection& connection, const SequenceState& state) const override {
    const TableName& table = state.sequence.owner.value_or(state.sequence.name);
    connection.execute(fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}", quote(table), state.next));
  }

  [[nodiscard]] std::vector<std::int64_t> reserve_keys(Connection& /*connection*/,
                                                       const Schema& /*schema*/,
                                                       const Table& /*table*/,
                                                       std::size_t /*count*/) const override {
    return {};
  }

  [[nodiscard]] std::int64_t last_inserted_key(Connection& connection) const override {
    return connection.query_value("SELECT LAST_INSERT_ID()").as<std::int64_t>();
  }

  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    return mysql::backticked(identifier);
  }
  [[nodiscard]] std::string quote(const TableName& table) const override {
    return mysql::backticked(table);
  }
  [[nodiscard]] std::string placeholder(std::size_t /*number*/) const override { return "?"; }
  [[nodiscard]] std::string load_sql(Connection& connection,
                                     const BulkTarget& target) const override {
    const bool inserts = capabilities(connection).load_method == "INSERT";
    return inserts ? Engine::load_sql(connection, target)
                   : mysql::load_sql(mysql::LoadColumns{target});
  }
  [[nodiscard]] std::string literal(const Value& value) const override {
    return mysql::literal(value);
  }
  [[nodiscard]] std::string begin_sql() const override { return "START TRANSACTION"; }
  [[nodiscard]] std::string limit_waiting_sql(int seconds) const override {
    return fmt::format("SET SESSION lock_wait_timeout = {0}, innodb_lock_wait_timeout = {0}",
                       seconds);
  }
  [[nodiscard]] std::vector<std::string> begin_snapshot_sql() const override {
    return {"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"};
  }
  [[nodiscard]] std::string overriding_clause(const Table& /*table*/) const override { return {}; }
  [[nodiscard]] bool undoes_all() const noexcept override { return false; }
  [[nodiscard]] std::string read_expression(const Column& column) const override {
    return mysql::read_expression(column);
  }
  [[nodiscard]] std::string write_expression(const Column& column,
                                             const std::string& placeholder) const override {
    return mysql::write_expression(column, placeholder);
  }
  [[nodiscard]] std::string order_expression(const Column& column) const override {
    return mysql::order_expression(column);
  }
  [[nodiscard]] std::vector<std::string> truncate_sql(
      const Schema& schema, std::span<const TableName> tables) const override {
    return mysql::truncate_statements(schema, tables);
  }
  [[nodiscard]] std::string lock_table_sql(const TableName& /*table*/) const override { return {}; }

  [[nodiscard]] bool try_lock(Connection& connection, std::string_view lock,
                              int milliseconds) const override {
    return mysql::take_lock(connection, lock_name(connection, lock), milliseconds);
  }

  void unlock(Connection& connection, std::string_view lock) const override {
    mysql::release_lock(connection, lock_name(connection, lock));
  }

  [[nodiscard]] std::unique_ptr<LoadGuard> guard_load(
      Connection& connection, const Schema& schema,
      std::span<const TableName> tables) const override {
    return mysql::guard_load(connection, schema, tables);
  }

  [[nodiscard]] std::unique_ptr<LoadGuard> defer_constraints(
      Connection& connection, const Schema& schema, const DeferredTables& deferred) const override {
    return mysql::defer_constraints(connection, schema, deferred);
  }

  [[nodiscard]] SurroundingSql deferred_sql(Connection& connection, const Schema& schema,
                                            const DeferredTables& deferred) const override {
    return mysql::deferred_sql(connection, schema, deferred);
  }

  [[nodiscard]] const UndoLog& undo_log() const noexcept override { return mysql::undo_log(); }
  [[nodiscard]] const EmptyBaseline& empty_baseline() const noexcept override {
    return mysql::empty_baseline();
  }

  void prepare_own_tables(Connection& /*connection*/) const override {}

  [[nodiscard]] std::string own_table(std::string_view name) const override {
    return mysql::backticked(fmt::format("seedbed_{}", name));
  }

  [[nodiscard]] bool own_table_exists(Connection& connection,
                                      std::string_view name) const override {
    return mysql::table_exists(connection, connection.database_name(),
                               fmt::format("seedbed_{}", name));
  }

  [[nodiscard]] std::string database_binding(Connection& connection) const override {
    return connection.database_name();
  }
  [[nodiscard]] std::optional<MarkRecord> read_mark(Connection& connection) const override {
    return mysql::load_mark(connection);
  }
  void write_mark(Connection& connection, const MarkRecord& mark) const override {
    mysql::save_mark(connection, mark);
  }

 private:
  [[nodiscard]] std::unique_ptr<Connection> connect_to_server(const DatabaseUrl& url) const {
    return connect(url.with_database({}));
  }
};

}  // namespace

std::unique_ptr<Engine> make_mysql_engine() {
  return std::make_unique<MysqlEngine>();
}

const Engine& mysql::shared_engine() {
  static const MysqlEngine kEngine;
  return kEngine;
}

}  // namespace seedbed
