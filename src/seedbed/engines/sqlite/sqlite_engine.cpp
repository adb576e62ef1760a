#include "seedbed/engines/sqlite/sqlite_engine.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sqlite/sqlite_catalog.hpp"
#include "seedbed/engines/sqlite/sqlite_connection.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_empty_baseline.hpp"
#include "seedbed/engines/sqlite/sqlite_files.hpp"
#include "seedbed/engines/sqlite/sqlite_load_guard.hpp"
#include "seedbed/engines/sqlite/sqlite_server.hpp"
#include "seedbed/engines/sqlite/sqlite_undo_log.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/graph.hpp"

namespace seedbed {

namespace {

[[noreturn]] void throw_bad_parameter(std::string_view name, std::string_view wanted) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("database URL: parameter '{}' must be {}", name, wanted),
              {.engine = "sqlite"}};
}

detail::SqliteSettings settings_of(const DatabaseUrl& url) {
  detail::SqliteSettings settings;
  if (const auto found = url.parameters.find("busy_timeout"); found != url.parameters.end()) {
    const std::string& text = found->second;
    const char* end = text.data() + text.size();
    const auto [read, problem] = std::from_chars(text.data(), end, settings.busy_timeout_ms);
    if (problem != std::errc{} || read != end || settings.busy_timeout_ms < 0) {
      throw_bad_parameter("busy_timeout", "a number of milliseconds");
    }
  }
  if (const auto found = url.parameters.find("foreign_keys"); found != url.parameters.end()) {
    if (found->second != "on" && found->second != "off") {
      throw_bad_parameter("foreign_keys", "on or off");
    }
    settings.foreign_keys = found->second == "on";
  }
  return settings;
}

// RESTRICT refuses at once, also when keys are deferred, so a key that no order of deleting
// satisfies is emptied first.
std::vector<std::string> unlink_sql(const Schema& schema, const Table& table,
                                    std::span<const TableName> emptied_before) {
  std::vector<std::string> statements;
  for (const auto& key : table.foreign_keys) {
    const bool late =
        key.parent == table.name ||
        std::find(emptied_before.begin(), emptied_before.end(), key.parent) != emptied_before.end();
    if (!late || key.on_delete != ReferentialAction::restrict ||
        schema.find(key.parent) == nullptr) {
      continue;
    }
    for (const auto& column : key.columns) {
      if (!table.column(column).nullable) continue;
      statements.push_back(fmt::format("UPDATE {} SET {} = NULL",
                                       detail::quote_identifier(table.name.name),
                                       detail::quote_identifier(column)));
    }
  }
  return statements;
}

class SqliteEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "sqlite"; }

  [[nodiscard]] std::unique_ptr<Connection> connect(const DatabaseUrl& url) const override {
    const auto settings = settings_of(url);
    if (!detail::sqlite_file_exists(url)) {
      throw Error{ErrorCode::not_found,
                  fmt::format("there is no database file '{}'", url.database),
                  {.engine = "sqlite"}};
    }
    return std::make_unique<detail::SqliteConnection>(
        *this, std::make_unique<detail::SqliteSession>(url.database), settings);
  }
  [[nodiscard]] bool database_exists(const DatabaseUrl& url) const override {
    return detail::sqlite_file_exists(url);
  }
  void create_database(const DatabaseUrl& url) const override { detail::create_sqlite_file(url); }
  void drop_database(const DatabaseUrl& url) const override { detail::remove_sqlite_file(url); }
  [[nodiscard]] std::unique_ptr<DatabaseServer> connect_server(
      const DatabaseUrl& url) const override {
    return detail::connect_sqlite_directory(*this, url);
  }

  [[nodiscard]] Capabilities capabilities(Connection& connection) const override {
    return {.product = "SQLite",
            .version = connection.query_value("SELECT sqlite_version()").text(),
            .transactional_ddl = true,
            .insert_returning = true,
            .deferrable_keys = true,
            .load_method = "INSERT",
            .clone_database = false,
            .clustered_rows = true};
  }
  [[nodiscard]] Schema introspect(Connection& connection) const override {
    return detail::introspect_sqlite(connection);
  }
  [[nodiscard]] std::vector<SequenceState> sequence_states(Connection& connection,
                                                           const Schema& schema) const override {
    return detail::sqlite_sequence_states(connection, schema);
  }
  void set_sequence(Connection& connection, const SequenceState& state) const override {
    detail::set_sqlite_sequence(connection, state);
  }
  [[nodiscard]] std::vector<std::int64_t> reserve_keys(Connection& connection, const Schema& schema,
                                                       const Table& table,
                                                       std::size_t count) const override {
    return detail::reserve_sqlite_keys(connection, schema, table, count);
  }
  [[nodiscard]] std::int64_t last_inserted_key(Connection& connection) const override {
    return connection.query_value("SELECT last_insert_rowid()").integer();
  }

  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    return detail::quote_identifier(identifier);
  }
  [[nodiscard]] std::string quote(const TableName& table) const override {
    const std::string name = detail::quote_identifier(table.name);
    return table.schema.empty() ? name : detail::quote_identifier(table.schema) + "." + name;
  }
  [[nodiscard]] std::string placeholder(std::size_t number) const override {
    return fmt::format("?{}", number);
  }
  [[nodiscard]] std::string literal(const Value& value) const override {
    return detail::sqlite_literal(value);
  }
  [[nodiscard]] std::string begin_sql() const override { return "BEGIN IMMEDIATE"; }
  // Reads begin at the first SELECT and never wait for a writer's statements, only for its commit.
  [[nodiscard]] std::vector<std::string> begin_snapshot_sql() const override { return {"BEGIN"}; }
  [[nodiscard]] bool mixes_kinds() const noexcept override { return true; }
  [[nodiscard]] std::string overriding_clause(const Table& /*table*/) const override { return ""; }
  [[nodiscard]] std::string read_expression(const Column& column) const override {
    return detail::quote_identifier(column.name);
  }
  [[nodiscard]] std::string order_expression(const Column& column) const override;
  [[nodiscard]] std::vector<std::string> truncate_sql(
      const Schema& schema, std::span<const TableName> tables) const override;
  [[nodiscard]] std::string lock_table_sql(const TableName& /*table*/) const override { return ""; }

  [[nodiscard]] bool try_lock(Connection& /*connection*/, std::string_view /*lock*/,
                              int /*milliseconds*/) const override {
    return true;
  }
  void unlock(Connection& /*connection*/, std::string_view /*lock*/) const override {}
  [[nodiscard]] std::unique_ptr<LoadGuard> guard_load(
      Connection& connection, const Schema& schema,
      std::span<const TableName> tables) const override {
    return detail::guard_sqlite_load(connection, schema, tables);
  }
  [[nodiscard]] std::unique_ptr<LoadGuard> defer_constraints(
      Connection& connection, const Schema& /*schema*/,
      const DeferredTables& deferred) const override {
    return detail::defer_sqlite_indexes(connection, deferred);
  }
  [[nodiscard]] SurroundingSql deferred_sql(Connection& connection, const Schema& /*schema*/,
                                            const DeferredTables& deferred) const override {
    return detail::deferred_indexes_sql(connection, deferred);
  }
  [[nodiscard]] const UndoLog& undo_log() const noexcept override {
    return detail::sqlite_undo_log();
  }
  [[nodiscard]] const EmptyBaseline& empty_baseline() const noexcept override {
    return detail::sqlite_empty_baseline();
  }
  void prepare_own_tables(Connection& /*connection*/) const override {}
  [[nodiscard]] std::string own_table(std::string_view name) const override {
    return detail::quote_identifier(fmt::format("seedbed_{}", name));
  }
  [[nodiscard]] bool own_table_exists(Connection& connection, std::string_view name) const override;

  [[nodiscard]] std::string database_binding(Connection& /*connection*/) const override {
    return "file";
  }
  [[nodiscard]] std::optional<MarkRecord> read_mark(Connection& connection) const override;
  void write_mark(Connection& connection, const MarkRecord& mark) const override;
};

std::string SqliteEngine::order_expression(const Column& column) const {
  std::string name = detail::quote_identifier(column.name);
  const TypeClass held = column.type.type_class;
  const bool as_stored = held == TypeClass::boolean || held == TypeClass::integer ||
                         held == TypeClass::real || held == TypeClass::bytes;
  return as_stored ? name : fmt::format("CAST({} AS TEXT) COLLATE BINARY", name);
}

std::vector<std::string> SqliteEngine::truncate_sql(const Schema& schema,
                                                    std::span<const TableName> tables) const {
  const auto wanted = [&](const TableName& name) {
    return std::find(tables.begin(), tables.end(), name) != tables.end();
  };
  const InsertOrder order = insert_order(schema);
  std::vector<std::string> statements{"PRAGMA defer_foreign_keys = ON"};
  std::vector<std::string> deletes;
  std::vector<TableName> emptied;
  const std::vector<TableName> children_first{order.tables.rbegin(), order.tables.rend()};
  for (const auto& name : children_first) {
    if (!wanted(name)) continue;
    for (auto& sql : unlink_sql(schema, schema.at(name), emptied)) {
      statements.push_back(std::move(sql));
    }
    deletes.push_back("DELETE FROM " + quote(name));
    emptied.push_back(name);
  }
  std::move(deletes.begin(), deletes.end(), std::back_inserter(statements));
  for (const auto& sequence : schema.sequences()) {
    if (!sequence.owner || !wanted(*sequence.owner)) continue;
    statements.push_back("DELETE FROM sqlite_sequence WHERE name = " +
                         detail::quote_text(sequence.owner->name));
  }
  return statements;
}

bool SqliteEngine::own_table_exists(Connection& connection, std::string_view name) const {
  return connection
             .query_value("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?",
                          std::vector<Value>{fmt::format("seedbed_{}", name)})
             .integer() > 0;
}

std::optional<MarkRecord> SqliteEngine::read_mark(Connection& connection) const {
  if (!own_table_exists(connection, "mark")) return std::nullopt;
  const RowSet rows = connection.query("SELECT id, binding FROM " + own_table("mark"));
  if (rows.rows.size() != 1) return std::nullopt;
  return MarkRecord{rows.rows.front()[0].text(), rows.rows.front()[1].text()};
}

void SqliteEngine::write_mark(Connection& connection, const MarkRecord& mark) const {
  Transaction transaction{connection};
  const std::string table = own_table("mark");
  connection.execute(fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (id TEXT NOT NULL PRIMARY KEY, binding TEXT NOT NULL)",
      table));
  connection.execute("DELETE FROM " + table);
  connection.execute(fmt::format("INSERT INTO {} (id, binding) VALUES (?, ?)", table),
                     std::vector<Value>{mark.id, mark.binding});
  transaction.commit();
}

}  // namespace

std::unique_ptr<Engine> make_sqlite_engine() {
  return std::make_unique<SqliteEngine>();
}

const Engine& detail::sqlite_engine() {
  static const SqliteEngine kEngine;
  return kEngine;
}

}  // namespace seedbed
