#include "seedbed/engines/postgres/noted_tables.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/schema/graph.hpp"

namespace seedbed::postgres {

namespace {

// Leaf partitions and not their roots hold rows. {}: Seedbed's own tables that belong to the state.
constexpr std::string_view kNoted = R"sql(
WITH noted AS (
  SELECT c.oid, n.nspname, c.relname,
         EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
                 AND t.tgenabled IN ('O', 'A')) AS loud,
         (SELECT i.indkey::int2[] FROM pg_index i
          WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
            AND i.indpred IS NULL AND i.indexprs IS NULL
            AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
                            AND a.attnum = ANY (i.indkey[:i.indnkeyatts - 1]) AND NOT a.attnotnull)
          ORDER BY NOT i.indisprimary, i.indnkeyatts, i.indexrelid LIMIT 1) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_%'
    AND n.nspname <> 'information_schema'
    AND (n.nspname NOT LIKE 'seedbed%' OR format('%I.%I', n.nspname, c.relname) IN ({})))
SELECT r.oid, r.nspname::text, r.relname::text, r.loud, a.attname::text,
       format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', a.attidentity <> '',
       t.typtype = 'e' OR coalesce(nullif(t.typbasetype, 0), t.oid) = ANY ('{{bool, "char", name,
         int2, int4, int8, text, varchar, bpchar, numeric, uuid, json, jsonb, inet, cidr, macaddr,
         oid, bit, varbit, bytea}}'::regtype[]),
       coalesce(a.attnum = ANY (r.key), false)
FROM noted r LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid ORDER BY r.nspname, r.relname, a.attnum)sql";

void set_places(Connection& connection, std::vector<NotedTable>& tables) {
  std::map<std::string, std::vector<ForeignKey>> keys;
  constexpr std::string_view kReferences =
      "SELECT conrelid::oid, confrelid::oid FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2";
  for (const auto& row : connection.query(kReferences).rows) {
    keys[row[0].as<std::string>()].push_back({.parent = {{}, row[1].as<std::string>()}});
  }
  std::vector<Table> nodes;
  nodes.reserve(tables.size());
  for (const auto& table : tables) {
    nodes.push_back({.name = {{}, table.number}, .foreign_keys = keys[table.number]});
  }
  std::map<std::string, std::size_t> places;
  for (const auto& name : insert_order(Schema{std::move(nodes)}).tables) {
    places.emplace(name.name, places.size());
  }
  for (auto& table : tables) table.place = places.at(table.number);
}

}  // namespace

std::vector<const NotedColumn*> NotedTable::key() const {
  std::vector<const NotedColumn*> found;
  for (const auto& column : columns) {
    if (column.in_key) found.push_back(&column);
  }
  return found;
}

std::vector<NotedTable> read_noted_tables(Connection& connection,
                                          std::span<const std::string> own_tables) {
  std::string own = "NULL";
  for (const auto& table : own_tables) {
    own += ", ";
    // As format() of the server spells the name.
    append_quoted(own, join(split(table, '"'), ""));
  }
  std::vector<NotedTable> tables;
  for (const auto& row : connection.query(fmt::format(fmt::runtime(kNoted), own)).rows) {
    const std::string number = row[0].as<std::string>();
    if (tables.empty() || tables.back().number != number) {
      tables.push_back(
          {.number = number, .name = {row[1].text(), row[2].text()}, .loud = row[3].boolean()});
    }
    if (row[4].is_null()) continue;
    tables.back().columns.push_back({.name = row[4].text(),
                                     .type = row[5].text(),
                                     .generated = row[6].boolean(),
                                     .identity = row[7].boolean(),
                                     .plain_text = row[8].boolean(),
                                     .in_key = row[9].boolean()});
  }
  std::erase_if(tables, [](const NotedTable& table) { return table.columns.empty(); });
  set_places(connection, tables);
  return tables;
}

}  // namespace seedbed::postgres
