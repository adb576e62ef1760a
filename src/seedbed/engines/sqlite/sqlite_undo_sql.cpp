#include "seedbed/engines/sqlite/sqlite_undo_sql.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

std::vector<std::string> each(const std::vector<std::string>& columns, std::string_view row) {
  std::vector<std::string> parts;
  parts.reserve(columns.size());
  for (const auto& column : columns) {
    parts.push_back(fmt::format("{}{}", row, quote_identifier(column)));
  }
  return parts;
}

std::string value_column(const NotedTable& table, const std::string& column) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), column);
  return fmt::format("v{}", found - table.columns.begin() + 1);
}

std::vector<std::string> value_columns(const NotedTable& table,
                                       const std::vector<std::string>& columns) {
  std::vector<std::string> parts;
  parts.reserve(columns.size());
  for (const auto& column : columns) parts.push_back(value_column(table, column));
  return parts;
}

/// What notes are told apart by: the rowid, or the columns of the key.
std::vector<std::string> identity_of(const NotedTable& table) {
  if (!table.rowid.empty()) return {"row"};
  return value_columns(table, table.key);
}

std::string identity_in(const NotedTable& table, std::string_view row) {
  if (!table.rowid.empty()) return fmt::format("{}{}", row, quote_identifier(table.rowid));
  return join(each(table.key, row), ", ");
}

// By bytes: a key that only changes its case is another one.
std::string same_identity(const NotedTable& table) {
  if (!table.rowid.empty()) {
    return fmt::format("NEW.{0} IS OLD.{0}", quote_identifier(table.rowid));
  }
  std::vector<std::string> same;
  same.reserve(table.key.size());
  for (const auto& column : table.key) {
    same.push_back(fmt::format("NEW.{0} IS OLD.{0} COLLATE BINARY", quote_identifier(column)));
  }
  return join(same, " AND ");
}

/// The columns of seedbed_undo that a whole row fills.
std::string whole_columns(const NotedTable& table) {
  return fmt::format("{}{}", table.rowid.empty() ? "" : "row, ",
                     join(value_columns(table, table.columns), ", "));
}

std::string whole_row(const NotedTable& table, std::string_view row) {
  auto values = join(each(table.columns, row), ", ");
  if (table.rowid.empty()) return values;
  return fmt::format("{}{}, {}", row, quote_identifier(table.rowid), values);
}

std::string appeared(const NotedTable& table, std::string_view condition) {
  std::vector<std::string> columns;
  std::vector<std::string> values;
  if (!table.rowid.empty()) {
    columns.emplace_back("row");
    values.push_back("NEW." + quote_identifier(table.rowid));
  }
  if (!table.key_is_rowid) {
    for (const auto& column : table.key) {
      columns.push_back(value_column(table, column));
      values.push_back("NEW." + quote_identifier(column));
    }
  }
  return fmt::format("INSERT INTO seedbed_undo (rel, op, {}) SELECT {}, 'I', {} {};",
                     join(columns, ", "), table.number, join(values, ", "), condition);
}

/// Rows that REPLACE would remove without firing a trigger for them.
std::string replaced(const NotedTable& table, std::string_view more) {
  std::vector<std::string> conflicts;
  if (!table.rowid.empty()) {
    conflicts.push_back(fmt::format("{0} = NEW.{0}", quote_identifier(table.rowid)));
  }
  for (const auto& key : table.unique) {
    std::vector<std::string> equal;
    equal.reserve(key.size());
    for (const auto& column : key) {
      equal.push_back(fmt::format("{0} = NEW.{0}", quote_identifier(column)));
    }
    conflicts.push_back(join(equal, " AND "));
  }
  return fmt::format(
      "INSERT INTO seedbed_undo (rel, op, {}) SELECT {}, 'R', {} FROM {} WHERE ({}){};",
      whole_columns(table), table.number, whole_row(table, ""), quote_identifier(table.name),
      join(conflicts, " OR "), more);
}

std::string trigger(const NotedTable& table, std::string_view kind, std::string_view event,
                    std::string_view body) {
  return fmt::format("CREATE TRIGGER seedbed_undo_{}_{} {} ON {} BEGIN {} END", table.number, kind,
                     event, quote_identifier(table.name), body);
}

/// The first note of each row, and how many there are. SQLite takes columns beside min() from the
/// row that has it.
std::string first_notes(const NotedTable& table, std::string_view more) {
  return fmt::format(
      "SELECT min(n) AS first, count(*) AS notes, op, {}{} FROM seedbed_undo AS noted WHERE rel = "
      "{} "
      "GROUP BY {}",
      whole_columns(table), more, table.number, join(identity_of(table), ", "));
}

/// Whether the row of a note is there.
std::string is_present(const NotedTable& table) {
  std::vector<std::string> same;
  const auto noted = identity_of(table);
  for (std::size_t i = 0; i < noted.size(); ++i) {
    const auto column = quote_identifier(table.rowid.empty() ? table.key[i] : table.rowid);
    // The first finds it by the index, whatever its collation; the second goes by bytes.
    same.push_back(fmt::format("present.{0} = noted.{1} AND present.{0} = noted.{1} COLLATE BINARY",
                               column, noted[i]));
  }
  return fmt::format("EXISTS (SELECT 1 FROM {} AS present WHERE {})", quote_identifier(table.name),
                     join(same, " AND "));
}

/// (change, and the columns of the first note) of rows that are not as at the beginning. What was
/// perhaps replaced, and then never written to, is still there.
std::string changed_rows(const NotedTable& table) {
  return fmt::format(
      "SELECT CASE WHEN op = 'I' THEN 'I' WHEN NOT here THEN 'D' ELSE 'U' END AS change, * FROM "
      "({}) WHERE NOT (op = 'I' AND NOT here OR op = 'R' AND notes = 1 AND here)",
      first_notes(table, fmt::format(", {} AS here", is_present(table))));
}

}  // namespace

std::string undo_tables_sql(std::size_t widest) {
  std::string values;
  for (std::size_t i = 1; i <= widest; ++i) values += fmt::format(", v{}", i);
  return fmt::format("CREATE TABLE seedbed_undo (n INTEGER PRIMARY KEY, rel, op, row{});", values);
}

std::vector<std::string> noting_sql(const NotedTable& table) {
  const auto old_row = [&](std::string_view op) {
    return fmt::format("INSERT INTO seedbed_undo (rel, op, {}) VALUES ({}, {}, {});",
                       whole_columns(table), table.number, op, whole_row(table, "OLD."));
  };
  const std::string others =
      fmt::format(" AND ({}) IS NOT ({})", identity_in(table, ""), identity_in(table, "OLD."));
  const std::string changed =
      fmt::format("CASE WHEN {} THEN 'U' ELSE 'D' END", same_identity(table));
  return {trigger(table, "replace", "BEFORE INSERT", replaced(table, "")),
          trigger(table, "insert", "AFTER INSERT", appeared(table, "")),
          trigger(table, "update", "BEFORE UPDATE",
                  old_row(changed) + ' ' + replaced(table, others) + ' ' +
                      appeared(table, fmt::format("WHERE NOT ({})", same_identity(table)))),
          trigger(table, "delete", "BEFORE DELETE", old_row("'D'"))};
}

// What was first noted of each row says whether it was there at the beginning, and how. All rows go
// before any comes back, so that no unique key is in the way.
std::vector<std::string> undo_sql(const NotedTable& table) {
  const std::string name = quote_identifier(table.name);
  const std::string noted = join(identity_of(table), ", ");
  std::string into = join(each(table.columns, ""), ", ");
  std::string from = join(value_columns(table, table.columns), ", ");
  if (!table.rowid.empty() && !table.key_is_rowid) {
    into += ", " + quote_identifier(table.rowid);
    from += ", row";
  }
  return {fmt::format("DELETE FROM {} WHERE ({}) IN (SELECT {} FROM seedbed_undo WHERE rel = {})",
                      name, identity_in(table, ""), noted, table.number),
          fmt::format("INSERT INTO {} ({}) SELECT {} FROM ({}) WHERE op <> 'I'", name, into, from,
                      first_notes(table, ""))};
}

std::string count_sql(const NotedTable& table) {
  return fmt::format(
      "SELECT coalesce(sum(change = 'I'), 0), coalesce(sum(change = 'U'), 0), coalesce(sum(change "
      "= "
      "'D'), 0) FROM ({})",
      changed_rows(table));
}

std::vector<std::string> shown_key(const NotedTable& table) {
  if (table.key.empty()) return {table.rowid};
  return table.key;
}

std::string rows_sql(const NotedTable& table, std::size_t rows) {
  const bool by_rowid = table.key.empty() || table.key_is_rowid;
  const std::string key = by_rowid ? "row" : join(value_columns(table, table.key), ", ");
  return fmt::format("SELECT change, {} FROM ({}) ORDER BY 1, {} LIMIT {}", key,
                     changed_rows(table), key, rows);
}

}  // namespace seedbed::detail
