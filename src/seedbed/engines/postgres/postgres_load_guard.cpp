#include "seedbed/engines/postgres/postgres_load_guard.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/catalog.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/undo_log.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/graph.hpp"

namespace seedbed::postgres {

namespace {

// The names as rows, for a join: ('public', 't'), ('other', 'u').
std::string name_rows(const Schema& schema, std::span<const TableName> tables) {
  std::string rows;
  const auto append = [&](const TableName& name) {
    rows += rows.empty() ? "(" : ", (";
    append_quoted(rows, name.schema.empty() ? "public" : name.schema);
    rows += ", ";
    append_quoted(rows, name.name);
    rows += ')';
  };
  for (const auto& name : tables) {
    append(name);
    const Table* table = schema.find(name);
    if (table == nullptr) continue;
    for (const auto& partition : table->partitions) append(partition);
  }
  return rows;
}

// Keys that no order of whole tables satisfies: those that close a cycle, and those to the row's
// own table.
bool is_needed(const InsertOrder& order, const TableName& table, const ForeignKey& key) {
  return key.parent == table ||
         std::any_of(order.late.begin(), order.late.end(),
                     [&](const LateKey& late) { return late.table == table && late.key == key; });
}

}  // namespace

PostgresLoadGuard::PostgresLoadGuard(Connection& connection, const Schema& schema,
                                     std::span<const TableName> tables)
    : connection_{connection} {
  if (tables.empty()) return;
  hide_schema_changes(connection, true);
  disable_triggers(schema, tables);
  defer_keys(schema, tables);
}

// One by one instead of TRIGGER USER, so that a trigger that was off stays off. A partition's clone
// comes after its parent, whose statement reaches it too since PostgreSQL 15.
void PostgresLoadGuard::disable_triggers(const Schema& schema, std::span<const TableName> tables) {
  const RowSet triggers = connection_.query(fmt::format(
      "SELECT n.nspname::text, c.relname::text, t.tgname::text, t.tgenabled = 'A' FROM pg_trigger "
      "t "
      "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
      "JOIN (VALUES {}) AS loaded(nspname, relname) USING (nspname, relname) "
      "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND strpos(t.tgname, 'seedbed ') <> "
      "2 "
      "ORDER BY t.tgparentid <> 0, t.oid",
      name_rows(schema, tables)));
  for (const auto& row : triggers.rows) {
    const Engine& engine = connection_.engine();
    const TableName table{schema_of(row[0].text()), row[1].text()};
    const std::string alter = "ALTER TABLE " + engine.quote(table);
    const std::string trigger = "TRIGGER " + engine.quote(row[2].text());
    disable(fmt::format("{} DISABLE {}", alter, trigger), table);
    put_back_.push_back(
        fmt::format("{} ENABLE {}{}", alter, row[3].boolean() ? "ALWAYS " : "", trigger));
  }
}

void PostgresLoadGuard::disable(const std::string& statement, const TableName& table) {
  try {
    connection_.execute(statement);
  } catch (const Error& error) {
    if (error.details().sqlstate != "42501") throw;
    throw Error{ErrorCode::refused,
                fmt::format("table '{}' has triggers, which only its owner can switch off while "
                            "rows are written: connect as the owner",
                            table.to_string()),
                error.details()};
  }
}

void PostgresLoadGuard::defer_keys(const Schema& schema, std::span<const TableName> tables) {
  const InsertOrder order = insert_order(schema);
  std::vector<LoadedKey> all;
  std::vector<LoadedKey> needed;
  for (const auto& name : tables) {
    for (const auto& key : schema.at(name).foreign_keys) {
      keys_.push_back({name, key});
      if (key.deferrable) continue;
      all.push_back({name, key});
      if (is_needed(order, name, key)) needed.push_back({name, key});
    }
  }
  // Only a table's owner may: others load parents first, which most schemas allow.
  if (!make_deferrable(all) && !make_deferrable(needed)) {
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("foreign key '{}' of table '{}' belongs to a cycle and cannot be deferred by "
                    "a role that does not own the table; connect as its owner",
                    needed.front().key.name, needed.front().table.to_string()),
        {.engine = "postgres"}};
  }
  connection_.execute("SET CONSTRAINTS ALL DEFERRED");
}

bool PostgresLoadGuard::make_deferrable(const std::vector<LoadedKey>& keys) {
  const Engine& engine = connection_.engine();
  std::string script;
  std::vector<std::string> undo;
  for (const auto& [table, key] : keys) {
    const std::string alter = fmt::format("ALTER TABLE {} ALTER CONSTRAINT {} ",
                                          engine.quote(table), engine.quote(key.name));
    script += alter + "DEFERRABLE;\n";
    undo.push_back(alter + "NOT DEFERRABLE");
  }
  try {
    Transaction savepoint{connection_};
    connection_.execute_script(script);
    savepoint.commit();
  } catch (const Error& error) {
    if (error.details().sqlstate == "42501") return false;
    throw;
  }
  put_back_.insert(put_back_.end(), undo.begin(), undo.end());
  return true;
}

void PostgresLoadGuard::finish() {
  verify_keys();
  connection_.execute_script(join(put_back_, ";\n"));
  put_back_.clear();
  hide_schema_changes(connection_, false);
}

void PostgresLoadGuard::verify_keys() {
  try {
    Transaction savepoint{connection_};
    connection_.execute("SET CONSTRAINTS ALL IMMEDIATE");
    savepoint.commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::constraint_violation) throw;
    // The server stops at the first orphan; all of that key's are counted.
    for (const auto& [table, key] : keys_) {
      if (std::string_view{error.what()}.find('"' + key.name + '"') == std::string_view::npos)
        continue;
      const auto orphans = count_orphans(table, key);
      if (orphans == 0) continue;
      throw Error{ErrorCode::constraint_violation,
                  fmt::format("foreign key '{}' of table '{}': {} row(s) have no parent in '{}'",
                              key.name, table.to_string(), orphans, key.parent.to_string()),
                  error.details()};
    }
    throw;
  }
}

std::uint64_t PostgresLoadGuard::count_orphans(const TableName& table, const ForeignKey& key) {
  const Engine& engine = connection_.engine();
  std::vector<std::string> present;
  std::vector<std::string> equal;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string child = "child." + engine.quote(key.columns[i]);
    present.push_back(child + " IS NOT NULL");
    equal.push_back(fmt::format("parent.{} = {}", engine.quote(key.parent_columns[i]), child));
  }
  const Value count = connection_.query_value(fmt::format(
      "SELECT count(*) FROM {} child WHERE {} AND NOT EXISTS (SELECT FROM {} parent WHERE {})",
      engine.quote(table), join(present, " AND "), engine.quote(key.parent), join(equal, " AND ")));
  return static_cast<std::uint64_t>(count.integer());
}

}  // namespace seedbed::postgres
