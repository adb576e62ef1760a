#include "seedbed/engines/sqlite/sqlite_noted_tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

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

}  // namespace

NotedTable read_noted_table(Connection& connection, const std::string& name, bool without_rowid) {
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

std::vector<NotedTable> read_noted_tables(Connection& connection,
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
    tables.push_back(read_noted_table(connection, name, row[2].integer() != 0));
    tables.back().number = tables.size();
  }
  return tables;
}

}  // namespace seedbed::detail
