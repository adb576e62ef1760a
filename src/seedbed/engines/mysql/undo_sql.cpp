#include "seedbed/engines/mysql/undo_sql.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

struct Place {
  std::string name;  // quoted
  std::string note;  // of the table of notes
};

std::vector<Place> places(const NotedTable& table, bool only_key) {
  std::vector<Place> found;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (only_key && !table.columns[i].in_key) continue;
    found.push_back({backticked(table.columns[i].name), fmt::format("v{}", i + 1)});
  }
  return found;
}

template <typename Shown>
std::string list(const std::vector<Place>& columns, std::string_view separator,
                 const Shown& shown) {
  std::vector<std::string> parts;
  parts.reserve(columns.size());
  for (const auto& column : columns) parts.push_back(shown(column));
  return join(parts, separator);
}

std::string touch(const NotedTable& table, char op) {
  return fmt::format("INSERT INTO seedbed_undo_touched (rel, op) VALUES ({}, '{}');", table.number,
                     op);
}

/// A note of the trigger's own row.
std::string note(const NotedTable& table, char op, std::string_view row) {
  if (!table.has_key()) return touch(table, 'X');
  const auto columns = places(table, op == 'I');
  return fmt::format(
      "INSERT INTO {} (op, {}) VALUES ('{}', {}); {}", table.log(),
      list(columns, ", ", [](const Place& c) { return c.note; }), op,
      list(columns, ", ", [&](const Place& c) { return fmt::format("{}.{}", row, c.name); }),
      touch(table, op));
}

std::string same_key(const NotedTable& table) {
  return list(places(table, true), " AND ", [](const Place& c) {
    return fmt::format("BINARY OLD.{0} <=> BINARY NEW.{0}", c.name);
  });
}

bool changes_rows(ReferentialAction action) {
  return action == ReferentialAction::cascade || action == ReferentialAction::set_null;
}

/// Notes what InnoDB does to other tables' rows when rows of a table go or change their key.
class CascadeNotes {
 public:
  explicit CascadeNotes(const std::vector<NotedTable>& tables) : tables_{tables} {}

  [[nodiscard]] std::string of_delete(std::size_t position) {
    path_ = {position};
    for (const auto& cascade : tables_[position].cascades) {
      if (changes_rows(cascade.on_delete)) follow(cascade, "", matches(cascade, "OLD"));
    }
    return std::move(sql_);
  }

  [[nodiscard]] std::string of_update(std::size_t position) {
    for (const auto& cascade : tables_[position].cascades) {
      if (!changes_rows(cascade.on_update)) continue;
      std::vector<std::string> same;
      for (const auto& column : cascade.parent_columns) {
        same.push_back(fmt::format("OLD.{0} <=> NEW.{0}", backticked(column)));
      }
      const NotedTable& child = tables_[cascade.child];
      sql_ += fmt::format("IF NOT ({}) THEN ", join(same, " AND "));
      select(child, reaches_further(cascade) ? 'X' : 'U', "", matches(cascade, "OLD"));
      sql_ += "END IF; ";
    }
    return std::move(sql_);
  }

 private:
  // Each table of a path is named by its place on it.
  [[nodiscard]] std::string matches(const Cascade& cascade, const std::string& parent) const {
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < cascade.columns.size(); ++i) {
      equal.push_back(fmt::format("c{}.{} = {}.{}", path_.size(), backticked(cascade.columns[i]),
                                  parent, backticked(cascade.parent_columns[i])));
    }
    return join(equal, " AND ");
  }

  void follow(const Cascade& cascade, const std::string& joined, const std::string& condition) {
    const NotedTable& child = tables_[cascade.child];
    const bool deletes = cascade.on_delete == ReferentialAction::cascade;
    const bool cycle = std::ranges::find(path_, cascade.child) != path_.end();
    select(child, deletes && cycle ? 'X' : deletes ? 'D' : 'U', joined, condition);
    if (!deletes || cycle) return;
    const std::string self = fmt::format("c{}", path_.size());
    path_.push_back(cascade.child);
    for (const auto& next : child.cascades) {
      if (!changes_rows(next.on_delete)) continue;
      follow(next,
             fmt::format("{} JOIN {} {} ON {}", joined, backticked(child.name), self, condition),
             matches(next, self));
    }
    path_.pop_back();
  }

  /// Notes the child's rows that fulfil the condition; `joined` are the tables between.
  void select(const NotedTable& child, char op, const std::string& joined,
              const std::string& condition) {
    const std::string self = fmt::format("c{}", path_.size());
    std::string from = fmt::format("FROM {} {}", backticked(child.name), self);
    std::string where = condition;
    if (!joined.empty()) {
      from = fmt::format("FROM (SELECT 1) one {} JOIN {} {} ON {}", joined, backticked(child.name),
                         self, condition);
      where = "TRUE";
    }
    if (child.has_key() && op != 'X') {
      const auto columns = places(child, false);
      sql_ += fmt::format(
          "INSERT INTO {} (op, {}) SELECT '{}', {} {} WHERE {}; ", child.log(),
          list(columns, ", ", [](const Place& c) { return c.note; }), op,
          list(columns, ", ", [&](const Place& c) { return fmt::format("{}.{}", self, c.name); }),
          from, where);
    } else {
      op = 'X';
    }
    sql_ += fmt::format(
        "INSERT INTO seedbed_undo_touched (rel, op) SELECT {}, '{}' {} WHERE {} "
        "LIMIT 1; ",
        child.number, op, from, where);
  }

  // The columns that change are part of the child's own key, or others refer to them.
  [[nodiscard]] bool reaches_further(const Cascade& cascade) const {
    const NotedTable& child = tables_[cascade.child];
    const auto changes = [&](const std::string& column) {
      return std::ranges::find(cascade.columns, column) != cascade.columns.end();
    };
    return std::ranges::any_of(child.columns,
                               [&](const NotedColumn& c) { return c.in_key && changes(c.name); }) ||
           std::ranges::any_of(child.cascades, [&](const Cascade& next) {
             return std::ranges::any_of(next.parent_columns, changes);
           });
  }

  const std::vector<NotedTable>& tables_;
  std::vector<std::size_t> path_{0};
  std::string sql_;
};

// A server that is killed at the wrong moment leaves a name without a trigger, which is in the way.
void add_trigger(std::vector<std::string>& statements, const NotedTable& table,
                 std::string_view event, std::string_view body) {
  const auto kind = event.substr(event.find(' ') + 1);
  const auto name = fmt::format("seedbed_undo_{}_{}", table.number, to_lower(kind));
  statements.push_back("DROP TRIGGER IF EXISTS " + name);
  statements.push_back(
      fmt::format("CREATE TRIGGER {} {} ON {} FOR EACH ROW BEGIN IF @seedbed_undoing IS NULL THEN "
                  "{} END IF; END",
                  name, event, backticked(table.name), body));
}

std::string log_table(const NotedTable& table) {
  std::string columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    columns += fmt::format(", v{} {} NULL", i + 1, table.columns[i].type);
  }
  return fmt::format(
      "CREATE TABLE {} (n BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, op "
      "CHAR(1) CHARACTER SET ascii NOT NULL{}) ENGINE = InnoDB",
      table.log(), columns);
}

std::string joined_by_key(const NotedTable& table) {
  return list(places(table, true), " AND ",
              [](const Place& c) { return fmt::format("t.{} = f.{}", c.name, c.note); });
}

// By bytes, so that case and trailing blanks count.
std::string equal_rows(const NotedTable& table) {
  return list(places(table, false), " AND ", [](const Place& c) {
    return fmt::format("BINARY t.{} <=> BINARY f.{}", c.name, c.note);
  });
}

std::string key_bytes(const NotedTable& table) {
  return fmt::format("CONCAT_WS(',', {})", list(places(table, true), ", ", [](const Place& c) {
                       return fmt::format("HEX(BINARY f.{})", c.note);
                     }));
}

}  // namespace

std::string NotedTable::log() const {
  return fmt::format("seedbed_undo_{}", number);
}

bool NotedTable::has_key() const {
  return std::ranges::any_of(columns, &NotedColumn::in_key);
}

std::string touched_table_sql() {
  return "CREATE TABLE seedbed_undo_touched (n BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY "
         "KEY, "
         "rel INT NOT NULL, op CHAR(1) CHARACTER SET ascii NOT NULL) ENGINE = InnoDB";
}

std::vector<std::string> noting_sql(const std::vector<NotedTable>& tables, std::size_t position) {
  const NotedTable& table = tables[position];
  std::string update = note(table, 'U', "OLD");
  if (table.has_key()) {
    update = fmt::format("IF {} THEN {} ELSE {} {} END IF;", same_key(table), update,
                         note(table, 'D', "OLD"), note(table, 'I', "NEW"));
  }
  std::vector<std::string> statements;
  if (table.has_key()) statements.push_back(log_table(table));
  add_trigger(statements, table, "AFTER INSERT", note(table, 'I', "NEW"));
  add_trigger(statements, table, "BEFORE UPDATE",
              update + ' ' + CascadeNotes{tables}.of_update(position));
  add_trigger(statements, table, "BEFORE DELETE",
              CascadeNotes{tables}.of_delete(position) + note(table, 'D', "OLD"));
  return statements;
}

std::string copy_sql(const NotedTable& table, const std::string& notes) {
  return fmt::format("CREATE TEMPORARY TABLE {} (PRIMARY KEY (n)) SELECT * FROM {} WHERE n IN ({})",
                     kCopiedNotes, table.log(), notes);
}

std::string remove_sql(const NotedTable& table, const std::string& from,
                       const std::string& firsts) {
  return fmt::format(
      "DELETE t FROM {} f FORCE INDEX (PRIMARY) STRAIGHT_JOIN {} t ON {} WHERE f.n IN "
      "({}) AND (f.op = 'I' OR NOT ({}))",
      from, backticked(table.name), joined_by_key(table), firsts, equal_rows(table));
}

std::string put_back_sql(const NotedTable& table, const std::string& from,
                         const std::string& firsts) {
  const auto columns = places(table, false);
  return fmt::format(
      "INSERT INTO {0} ({1}) SELECT {2} FROM {3} f FORCE INDEX (PRIMARY) LEFT JOIN {0} t ON {4} "
      "WHERE "
      "f.n IN ({5}) AND f.op <> 'I' AND t.{6} IS NULL",
      backticked(table.name), list(columns, ", ", [](const Place& c) { return c.name; }),
      list(columns, ", ", [](const Place& c) { return "f." + c.note; }), from, joined_by_key(table),
      firsts, places(table, true).front().name);
}

std::string notes_sql(const NotedTable& table, bool sorted) {
  const auto key = places(table, true);
  return fmt::format(
      "SELECT f.n, {0}, CASE WHEN f.op = 'I' THEN IF(t.{1} IS NULL, NULL, 'I') WHEN t.{1} IS NULL "
      "THEN 'D' WHEN {2} THEN NULL ELSE 'U' END AS op, {3} FROM {4} f LEFT JOIN {5} t ON {6}{7}",
      key_bytes(table), key.front().name, equal_rows(table),
      list(key, ", ", [](const Place& c) { return "f." + c.note; }), table.log(),
      backticked(table.name), joined_by_key(table), sorted ? " ORDER BY 3, 4" : "");
}

}  // namespace seedbed::mysql
