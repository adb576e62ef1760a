#include "seedbed/engines/sqlite/sqlite_empty_baseline.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_file_state.hpp"
#include "seedbed/engines/sqlite/sqlite_quiet.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kEmptyState = "seedbed_empty";
constexpr std::size_t kTermsPerQuery = 500;  // as many as a compound SELECT may have

std::string copy_of_own(std::size_t number) {
  return fmt::format("seedbed_empty_own_{}", number);
}

std::vector<std::string> names_in(Connection& connection, std::string_view table) {
  std::vector<std::string> names;
  for (const auto& row :
       connection.query(fmt::format("SELECT name FROM {} ORDER BY rowid", table)).rows) {
    names.push_back(row[0].text());
  }
  return names;
}

/// Those that hold rows; names as they are or quoted.
std::vector<std::string> with_rows(Connection& connection, const std::vector<std::string>& tables) {
  std::vector<std::string> touched;
  for (std::size_t from = 0; from < tables.size(); from += kTermsPerQuery) {
    std::vector<std::string> parts;
    for (std::size_t i = from; i < std::min(tables.size(), from + kTermsPerQuery); ++i) {
      parts.push_back(
          fmt::format("SELECT {} WHERE EXISTS (SELECT 1 FROM {})", i, quote_identifier(tables[i])));
    }
    for (const auto& row : connection.query(join(parts, " UNION ALL ")).rows) {
      touched.push_back(tables[static_cast<std::size_t>(row[0].integer())]);
    }
  }
  return touched;
}

/// Rows that would go; none when the schema is another one.
Changes read_additions(Connection& connection, const FileState& before) {
  auto schema = schema_changes(connection, before);
  Changes changes{.schema = std::move(schema.changed)};
  for (const auto& fresh : schema.fresh) changes.schema.push_back(fresh + " is new");
  if (!changes.schema.empty()) return changes;
  for (const auto& name : with_rows(connection, names_in(connection, "seedbed_empty_tables"))) {
    const auto rows = connection.query_value("SELECT count(*) FROM " + quote_identifier(name));
    changes.tables.push_back(
        {.table = {{}, name}, .inserted = static_cast<std::uint64_t>(rows.integer())});
  }
  std::ranges::sort(changes.tables, {}, &TableChanges::table);
  changes.counters = moved_counters(connection, before);
  return changes;
}

void put_own_tables_right(Connection& connection) {
  const auto own = names_in(connection, "seedbed_empty_own");
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (with_rows(connection, {own[i], copy_of_own(i)}).empty()) continue;
    const std::string name = quote_identifier(own[i]);
    connection.execute("DELETE FROM " + name);
    connection.execute(fmt::format("INSERT INTO {} SELECT * FROM {}", name, copy_of_own(i)));
  }
}

class SqliteEmptyBaseline final : public EmptyBaseline {
 public:
  void begin(Connection& connection, std::span<const EmptyTable> tables,
             std::span<const std::string> own_tables) const override {
    refuse_open_transaction(connection, "the state cannot be taken for the baseline");
    end(connection);
    Transaction transaction{connection};
    connection.execute("CREATE TABLE seedbed_empty_tables (name)");
    for (const auto& table : tables) {
      connection.execute("INSERT INTO seedbed_empty_tables VALUES (?)",
                         std::vector<Value>{table.name.name});
    }
    connection.execute("CREATE TABLE seedbed_empty_own (name)");
    for (std::size_t i = 0; i < own_tables.size(); ++i) {
      connection.execute(
          fmt::format("CREATE TABLE {} AS SELECT * FROM {}", copy_of_own(i), own_tables[i]));
      connection.execute("INSERT INTO seedbed_empty_own VALUES (?)",
                         std::vector<Value>{join(split(own_tables[i], '"'), "")});
    }
    store_file_state(connection, kEmptyState);
    store_schema_version(connection, kEmptyState);
    transaction.commit();
  }

  void end(Connection& connection) const override {
    Transaction transaction{connection};
    const auto found = connection.query(
        R"(SELECT name FROM sqlite_schema WHERE type = 'table'
           AND name LIKE 'seedbed\_empty\_%' ESCAPE '\')");
    for (const auto& row : found.rows) {
      connection.execute("DROP TABLE " + quote_identifier(row[0].text()));
    }
    transaction.commit();
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return connection.engine().own_table_exists(connection, "empty_state");
  }

  [[nodiscard]] Changes changes(Connection& connection) const override {
    return read_additions(connection, read_file_state(connection, kEmptyState));
  }

  [[nodiscard]] Changes bring_back(Connection& connection, EmptyBy /*how*/) const override {
    refuse_open_transaction(connection, "what others changed cannot be put right");
    const SqliteQuiet quiet{connection};
    Transaction transaction{connection};
    const FileState before = read_file_state(connection, kEmptyState);
    Changes changes = read_additions(connection, before);
    if (!changes.schema.empty()) return changes;
    for (const auto& table : changes.tables) {
      connection.execute("DELETE FROM " + quote_identifier(table.table.name));
    }
    if (!changes.counters.empty()) put_counters_back(connection, before);
    put_own_tables_right(connection);
    put_header_back(connection, before, changes);
    transaction.commit();
    return changes;
  }
};

}  // namespace

const EmptyBaseline& sqlite_empty_baseline() {
  static const SqliteEmptyBaseline kEmptyBaseline;
  return kEmptyBaseline;
}

}  // namespace seedbed::detail
