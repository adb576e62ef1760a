#include "seedbed/engines/sqlite/sqlite_catalog.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/sqlite/sqlite_ddl.hpp"
#include "seedbed/engines/sqlite/sqlite_types.hpp"

namespace seedbed::detail {

namespace {

std::string text_or_empty(const Value& value) {
  return value.is_null() ? "" : value.text();
}

/// What `sqlite_schema` says of all tables: it has no index, so a look for each would be quadratic.
struct SchemaObjects {
  std::map<std::string, std::string> index_texts;            // by name
  std::map<std::string, std::vector<std::string>> triggers;  // names by table, in lower case
};

SchemaObjects read_objects(Connection& connection) {
  const RowSet rows = connection.query(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' "
      "OR (type = 'trigger' AND name NOT LIKE 'seedbed\\_%' ESCAPE '\\') ORDER BY name");
  SchemaObjects objects;
  for (const auto& row : rows.rows) {
    if (row[0].text() == "index") {
      objects.index_texts[row[1].text()] = text_or_empty(row[3]);
    } else {
      objects.triggers[to_lower(row[2].text())].push_back(row[1].text());
    }
  }
  return objects;
}

// A generated column's kind (https://www.sqlite.org/pragma.html#pragma_table_xinfo).
Generated generated_of(std::int64_t hidden) {
  if (hidden == 2) return Generated::virtual_;
  return hidden == 3 ? Generated::stored : Generated::no;
}

ReferentialAction action_of(const Value& text) {
  for (const auto action : {ReferentialAction::restrict, ReferentialAction::cascade,
                            ReferentialAction::set_null, ReferentialAction::set_default}) {
    if (equal_ignoring_case(text.text(), to_string(action))) return action;
  }
  return ReferentialAction::no_action;
}

void read_columns(Connection& connection, Table& table) {
  const RowSet rows = connection.query(
      R"(SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, 'main')
         WHERE hidden <> 1 ORDER BY cid)",
      std::vector<Value>{table.name.name});
  std::map<std::int64_t, std::string> key;
  for (const auto& row : rows.rows) {
    Column column;
    column.name = row[0].text();
    column.type = parse_declared_type(text_or_empty(row[1]));
    column.generated = generated_of(row[5].integer());
    // SQLite lets NULL into most primary keys, which nobody means.
    column.nullable = row[2].integer() == 0 && row[4].integer() == 0;
    if (column.generated == Generated::no && !row[3].is_null()) column.default_sql = row[3].text();
    if (row[4].integer() > 0) key[row[4].integer()] = column.name;
    table.columns.push_back(std::move(column));
  }
  for (auto& [position, name] : key) table.primary_key.push_back(std::move(name));
}

UniqueKey read_unique_key(Connection& connection, const Row& index, const SchemaObjects& objects) {
  UniqueKey key;
  key.name = index[0].text();
  key.partial = index[2].integer() != 0;
  const RowSet members = connection.query(
      "SELECT name, cid FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno",
      std::vector<Value>{key.name});
  for (const auto& member : members.rows) {
    key.expression = key.expression || member[1].integer() < 0;
    key.columns.push_back(text_or_empty(member[0]));
  }
  const auto text = objects.index_texts.find(key.name);
  if (!key.plain() && text != objects.index_texts.end()) key.definition = text->second;
  return key;
}

// Also tells an INTEGER PRIMARY KEY that is the rowid: it alone has no index of its own.
void read_indexes(Connection& connection, Table& table, bool without_rowid,
                  const SchemaObjects& objects) {
  const RowSet indexes = connection.query(
      R"(SELECT name, origin, partial FROM pragma_index_list(?, 'main')
         WHERE "unique" = 1 ORDER BY name)",
      std::vector<Value>{table.name.name});
  bool key_has_index = without_rowid;
  for (const auto& index : indexes.rows) {
    if (index[1].text() == "pk") {
      key_has_index = true;
    } else {
      table.unique_keys.push_back(read_unique_key(connection, index, objects));
    }
  }
  if (key_has_index || table.primary_key.size() != 1) return;
  auto& column = table.columns[table.column_index(table.primary_key.front())];
  if (equal_ignoring_case(column.type.declared, "integer")) {
    column.identity = Identity::by_default;
    column.default_sql.reset();
  }
}

// A key of one row per column; `number` counts the table's keys in written order.
ForeignKey begin_foreign_key(const Row& row, const TableText& text, std::size_t number) {
  ForeignKey key;
  key.parent.name = row[1].text();
  key.on_delete = action_of(row[4]);
  key.on_update = action_of(row[5]);
  if (number < text.references.size()) {
    key.name = text.references[number].constraint;
    key.deferrable = text.references[number].deferrable;
    key.initially_deferred = text.references[number].initially_deferred;
  }
  return key;
}

// Keys arrive in the reverse of the written order.
void read_foreign_keys(Connection& connection, Table& table, const TableText& text) {
  const RowSet rows = connection.query(
      R"(SELECT id, "table", "from", "to", on_delete, on_update
         FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq)",
      std::vector<Value>{table.name.name});
  auto& keys = table.foreign_keys;
  std::int64_t last = -1;
  for (const auto& row : rows.rows) {
    if (row[0].integer() != last) keys.push_back(begin_foreign_key(row, text, keys.size()));
    last = row[0].integer();
    keys.back().columns.push_back(row[2].text());
    if (!row[3].is_null()) keys.back().parent_columns.push_back(row[3].text());
  }
}

// Names are compared without case, so a key may spell its columns and its parent otherwise than
// they do.
void use_spelling(std::string& name, const std::vector<std::string>& spellings) {
  const auto found = std::find_if(spellings.begin(), spellings.end(), [&](const auto& spelling) {
    return equal_ignoring_case(spelling, name);
  });
  if (found != spellings.end()) name = *found;
}

void complete_foreign_key(ForeignKey& key, const Table& table, const std::vector<Table>& tables) {
  for (auto& column : key.columns) use_spelling(column, table.column_names());
  const auto parent = std::find_if(tables.begin(), tables.end(), [&](const Table& other) {
    return equal_ignoring_case(other.name.name, key.parent.name);
  });
  if (parent == tables.end()) return;
  key.parent = parent->name;
  if (key.parent_columns.empty()) key.parent_columns = parent->primary_key;
  for (auto& column : key.parent_columns) use_spelling(column, parent->column_names());
}

void complete_foreign_keys(std::vector<Table>& tables) {
  for (auto& table : tables) {
    for (auto& key : table.foreign_keys) complete_foreign_key(key, table, tables);
    std::sort(table.foreign_keys.begin(), table.foreign_keys.end(),
              [](const auto& a, const auto& b) { return a.columns < b.columns; });
  }
}

Table read_table(Connection& connection, const Row& row, const TableText& text,
                 const SchemaObjects& objects) {
  Table table;
  table.name.name = row[0].text();
  read_columns(connection, table);
  read_indexes(connection, table, row[2].integer() != 0, objects);
  read_foreign_keys(connection, table, text);
  table.checks = text.checks;
  std::sort(table.checks.begin(), table.checks.end(),
            [](const Check& a, const Check& b) { return a.name < b.name; });
  const auto triggers = objects.triggers.find(to_lower(table.name.name));
  if (triggers != objects.triggers.end()) table.triggers = triggers->second;
  return table;
}

}  // namespace

Schema introspect_sqlite(Connection& connection) {
  const RowSet rows = connection.query(
      R"(SELECT l.name, l.type, l.wr, s.sql
         FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
         WHERE l.schema = 'main' AND l.type IN ('table', 'virtual', 'view')
           AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY l.name)");
  const SchemaObjects objects = read_objects(connection);
  std::vector<Table> tables;
  std::vector<TableName> views;
  std::vector<Sequence> sequences;
  for (const auto& row : rows.rows) {
    if (row[1].text() == "view") {
      views.push_back({"", row[0].text()});
      continue;
    }
    const bool is_virtual = row[1].text() == "virtual";
    const TableText text = is_virtual ? TableText{} : parse_table_text(row[3].text());
    tables.push_back(read_table(connection, row, text, objects));
    const Table& table = tables.back();
    if (text.autoincrement) {
      sequences.push_back({table.name, table.name, table.primary_key.front(), 1, 1});
    }
  }
  complete_foreign_keys(tables);
  return Schema{std::move(tables), std::move(views), std::move(sequences)};
}

}  // namespace seedbed::detail
