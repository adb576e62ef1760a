#include "seedbed/engines/sqlite/sqlite_undo_log.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_file_state.hpp"
#include "seedbed/engines/sqlite/sqlite_quiet.hpp"
#include "seedbed/engines/sqlite/sqlite_undo_sql.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kState = "seedbed_undo";

// A column may have one of its names.
std::string rowid_of(Connection& connection, const std::string& table) {
  for (const auto* name : {"rowid", "_rowid_", "oid"}) {
    const std::vector<Value> arguments{table, name};
    if (connection.query("SELECT 1 FROM pragma_table_xinfo(?) WHERE lower(name) = ?", arguments)
            .rows.empty()) {
      return name;
    }
  }
  throw Error{ErrorCode::unsupported,
              fmt::format("table '{}' has columns named rowid, _rowid_ and oid, so that its rows "
                          "cannot be told apart",
                          table),
              {.engine = "sqlite"}};
}

void read_unique_keys(Connection& connection, NotedTable& table) {
  const std::vector<Value> name{table.name};
  const auto members = connection.query(
      R"(SELECT i.name, m.name FROM pragma_index_list(?) i, pragma_index_xinfo(i.name) m
         WHERE i."unique" = 1 AND m.key = 1 ORDER BY i.name, m.seqno)",
      name);
  std::string last;
  for (const auto& row : members.rows) {
    if (table.unique.empty() || row[0].text() != last) table.unique.emplace_back();
    last = row[0].text();
    if (row[1].is_null()) {
      throw Error{ErrorCode::unsupported,
                  fmt::format("table '{}' has a unique index on an expression ('{}'), so that rows "
                              "which REPLACE removes cannot be noted",
                              table.name, last),
                  {.engine = "sqlite"}};
    }
    table.unique.back().push_back(row[1].text());
  }
}

NotedTable read_table(Connection& connection, const std::string& name, bool without_rowid) {
  NotedTable table{.name = name};
  std::string key_type;
  for (const auto& row : connection
                             .query("SELECT name, pk, type FROM pragma_table_xinfo(?) WHERE hidden "
                                    "= 0 ORDER BY pk, cid",
                                    std::vector<Value>{name})
                             .rows) {
    table.columns.push_back(row[0].text());
    if (row[1].integer() == 0) continue;
    table.key.push_back(row[0].text());
    key_type = row[2].text();
  }
  read_unique_keys(connection, table);
  if (without_rowid) return table;
  table.rowid = rowid_of(connection, name);
  // It alone has no index of its own.
  const bool indexed = !connection
                            .query("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'",
                                   std::vector<Value>{name})
                            .rows.empty();
  table.key_is_rowid =
      table.key.size() == 1 && !indexed && equal_ignoring_case(key_type, "integer");
  return table;
}

// Numbered by name, so that the same schema gives the same numbers.
std::vector<NotedTable> noted_tables(Connection& connection,
                                     std::span<const std::string> own_tables) {
  std::vector<NotedTable> tables;
  const auto rows = connection.query(
      R"(SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main'
         AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name)");
  for (const auto& row : rows.rows) {
    const std::string& name = row[0].text();
    const bool own = name.starts_with("seedbed_");
    if (own && std::ranges::find(own_tables, quote_identifier(name)) == own_tables.end()) continue;
    if (row[1].text() == "virtual") {
      throw Error{ErrorCode::unsupported,
                  fmt::format("'{}' is a virtual table, whose changes no trigger sees", name),
                  {.engine = "sqlite"}};
    }
    tables.push_back(read_table(connection, name, row[2].integer() != 0));
    tables.back().number = tables.size();
  }
  return tables;
}

std::vector<NotedTable> touched_tables(Connection& connection) {
  std::vector<NotedTable> tables;
  const auto rows = connection.query(
      "SELECT rel, name, wr FROM seedbed_undo_tables WHERE rel IN (SELECT rel FROM seedbed_undo) "
      "ORDER BY name");
  for (const auto& row : rows.rows) {
    tables.push_back(read_table(connection, row[1].text(), row[2].integer() != 0));
    tables.back().number = static_cast<std::size_t>(row[0].integer());
  }
  return tables;
}

Changes read_changes(Connection& connection, const std::vector<NotedTable>& tables,
                     std::size_t rows) {
  constexpr std::array kKinds{std::pair{'I', ChangeKind::inserted},
                              std::pair{'U', ChangeKind::updated},
                              std::pair{'D', ChangeKind::deleted}};
  Changes changes;
  for (const auto& table : tables) {
    const Row counts = connection.query(count_sql(table)).rows.front();
    const auto number = [&](std::size_t i) {
      return static_cast<std::uint64_t>(counts[i].integer());
    };
    if (number(0) + number(1) + number(2) == 0) continue;
    changes.tables.push_back(
        {{{}, table.name}, number(0), number(1), number(2), shown_key(table), {}});
    if (rows == 0) continue;
    for (const auto& row : connection.query(rows_sql(table, rows)).rows) {
      const auto* kind =
          std::ranges::find(kKinds, row[0].text().front(), &decltype(kKinds)::value_type::first);
      ChangedRow changed{kind->second, {}};
      for (std::size_t i = 1; i < row.size(); ++i) {
        changed.key.push_back(row[i].is_null() ? "NULL" : row[i].as<std::string>());
      }
      changes.tables.back().rows.push_back(std::move(changed));
    }
  }
  changes.counters = moved_counters(connection, kState);
  return changes;
}

class SqliteUndoLog final : public UndoLog {
 public:
  void begin(Connection& connection, std::span<const std::string> own_tables) const override {
    refuse_open_transaction(connection, "changes cannot begin to be noted");
    end(connection);
    Transaction transaction{connection};
    const auto tables = noted_tables(connection, own_tables);
    std::size_t widest = 0;
    for (const auto& table : tables) widest = std::max(widest, table.columns.size());
    connection.execute_script(undo_tables_sql(widest));
    connection.execute("CREATE TABLE seedbed_undo_tables (rel INTEGER PRIMARY KEY, name, wr)");
    for (const auto& table : tables) {
      for (const auto& sql : noting_sql(table)) connection.execute(sql);
      connection.execute("INSERT INTO seedbed_undo_tables VALUES (?, ?, ?)",
                         std::vector<Value>{table.number, table.name, table.rowid.empty()});
    }
    store_file_state(connection, kState);
    transaction.commit();
  }

  void end(Connection& connection) const override {
    Transaction transaction{connection};
    const auto found = connection.query(
        R"(SELECT type, name FROM sqlite_schema WHERE (type IN ('trigger', 'table'))
           AND (name LIKE 'seedbed\_undo\_%' ESCAPE '\' OR name = 'seedbed_undo')
           ORDER BY type DESC)");
    for (const auto& row : found.rows) {
      connection.execute(fmt::format("DROP {} {}", row[0].text(), quote_identifier(row[1].text())));
    }
    transaction.commit();
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return connection.engine().own_table_exists(connection, "undo_state");
  }

  [[nodiscard]] Changes changes(Connection& connection, std::size_t rows) const override {
    auto schema = schema_changes(connection, kState);
    std::ranges::move(schema.fresh, std::back_inserter(schema.changed));
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    return read_changes(connection, touched_tables(connection), rows);
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    refuse_open_transaction(connection, "what others changed cannot be undone");
    const SqliteQuiet quiet{connection};
    Transaction transaction{connection};
    auto schema = schema_changes(connection, kState);
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    for (const auto& drop : schema.drops) connection.execute(drop);
    const auto tables = touched_tables(connection);
    Changes changes = read_changes(connection, tables, 0);
    changes.dropped = std::move(schema.fresh);
    for (const auto& table : tables) {
      for (const auto& sql : undo_sql(table)) connection.execute(sql);
    }
    if (!changes.counters.empty()) put_counters_back(connection, kState);
    if (!tables.empty()) connection.execute("DELETE FROM seedbed_undo");
    put_header_back(connection, kState, changes);
    if (!changes.dropped.empty()) store_schema_version(connection, kState);
    transaction.commit();
    return changes;
  }
};

}  // namespace

const UndoLog& sqlite_undo_log() {
  static const SqliteUndoLog kLog;
  return kLog;
}

}  // namespace seedbed::detail
