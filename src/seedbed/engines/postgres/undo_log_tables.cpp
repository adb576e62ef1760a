#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/undo_log.hpp"
#include "seedbed/engines/postgres/undo_log_sql.hpp"

namespace seedbed::postgres {

namespace {

// Sorts before any name that a person would choose.
constexpr std::string_view kTriggerName = "\1seedbed";

// seedbed.undoing is the number of the table whose rows are put back. A foreign key that changes
// another one's by itself changes rows that belong to the beginning.
constexpr std::string_view kSilent =
    "IF pg_catalog.current_setting('seedbed.undoing', true) <> '' THEN IF TG_OP <> 'INSERT' AND "
    "pg_catalog.current_setting('seedbed.undoing') <> '{}' THEN RAISE restrict_violation USING "
    "MESSAGE = 'putting rows back would change others'; END IF; RETURN NULL; END IF;";

// Settings that the text of dates, intervals, amounts and so on depends on.
constexpr std::string_view kFixedText =
    R"(SET "DateStyle" = 'ISO, MDY' SET "IntervalStyle" = postgres SET extra_float_digits = 1 )"
    "SET lc_monetary = 'C' SET xmloption = content";

// The planner takes notes to be many and would read the whole table.
constexpr std::string_view kByKey =
    " SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off";

std::string list_of(const std::vector<const NotedColumn*>& columns,
                    const std::function<std::string(const NotedColumn&)>& shown) {
  std::vector<std::string> parts;
  parts.reserve(columns.size());
  for (const auto* column : columns) parts.push_back(shown(*column));
  return join(parts, ", ");
}

/// Writes the statements of one table.
class TableNotes {
 public:
  TableNotes(const Engine& engine, const NotedTable& table)
      : engine_{engine}, table_{table}, key_{table.key()}, name_{engine.quote(table.name)} {}

  [[nodiscard]] std::string sql() const {
    return insert_function() + change_function() + triggers() + back_function() + line();
  }

 private:
  [[nodiscard]] std::string key_of(std::string_view row) const {
    if (key_.empty()) return "NULL";
    return fmt::format("ARRAY[{}]", list_of(key_, [&](const NotedColumn& column) {
                         return fmt::format("{}.{}::text", row, engine_.quote(column.name));
                       }));
  }

  /// A note of one row; `image` is empty for none.
  [[nodiscard]] std::string note(char op, std::string_view row, std::string_view image) const {
    return fmt::format(
        "INSERT INTO seedbed.seedbed_undo (rel, op, key, old) VALUES ({}, '{}', {}, {});",
        table_.number, op, key_of(row),
        image.empty() ? std::string{"NULL"} : fmt::format("{}::text", image));
  }

  [[nodiscard]] std::string function(std::string_view kind, bool fixed,
                                     std::string_view body) const {
    return fmt::format(
        "CREATE FUNCTION seedbed.seedbed_undo_{}_{}() RETURNS trigger LANGUAGE plpgsql "
        "SECURITY DEFINER {} AS $note$ BEGIN {} {} RETURN NULL; END $note$;\n",
        kind, table_.number, fixed ? kFixedText : "",
        fmt::format(fmt::runtime(kSilent), table_.number), body);
  }

  [[nodiscard]] std::string insert_function() const {
    const bool plain = key_.empty()
                           ? all_plain()
                           : std::ranges::all_of(key_, [](const auto* c) { return c->plain_text; });
    return function("insert", !plain, note('I', "NEW", key_.empty() ? "NEW" : ""));
  }

  [[nodiscard]] std::string change_function() const {
    const std::string vanished = note('D', "OLD", "OLD");
    const std::string appeared = note('I', "NEW", key_.empty() ? "NEW" : "");
    std::string update = vanished + ' ' + appeared;
    if (!key_.empty()) {
      update = fmt::format("IF {} THEN {} ELSE {} END IF;", "NOT (" + same_key() + ")", update,
                           note('U', "OLD", "OLD"));
    }
    return function("change", !all_plain(),
                    fmt::format("IF TG_OP = 'UPDATE' THEN {} ELSIF TG_OP = 'DELETE' THEN {} ELSE "
                                "INSERT INTO seedbed.seedbed_undo (rel, op, key, old) "
                                "SELECT {}, 'D', {}, seedbed_row::text FROM ONLY {} seedbed_row; "
                                "END IF;",
                                update, vanished, table_.number, key_of("seedbed_row"), name_));
  }

  [[nodiscard]] std::string same_key() const {
    std::vector<std::string> same;
    for (const auto* column : key_) {
      const std::string name = engine_.quote(column->name);
      same.push_back(fmt::format("OLD.{0}::text = NEW.{0}::text", name));
    }
    return join(same, " AND ");
  }

  // They fire in the order of their names, ours before any that changes the same row again.
  [[nodiscard]] std::string triggers() const {
    std::string sql;
    for (const auto& [name, event, kind, scope] : {
             std::tuple{"insert", "AFTER INSERT", "insert", "ROW"},
             std::tuple{"change", "AFTER UPDATE OR DELETE", "change", "ROW"},
             std::tuple{"truncate", "BEFORE TRUNCATE", "change", "STATEMENT"},
         }) {
      const std::string trigger = engine_.quote(fmt::format("{} {}", kTriggerName, name));
      sql += fmt::format(
          "CREATE TRIGGER {0} {1} ON {2} FOR EACH {3} EXECUTE FUNCTION "
          "seedbed.seedbed_undo_{4}_{5}();\nALTER TABLE {2} ENABLE ALWAYS TRIGGER {0};\n",
          trigger, event, name_, scope, kind, table_.number);
    }
    return sql;
  }

  [[nodiscard]] std::string line() const {
    std::string values = table_.number + ", ";
    append_quoted(values, table_.name.schema);
    values += ", ";
    append_quoted(values, table_.name.name);
    std::vector<std::string> names;
    for (const auto* column : key_) {
      names.emplace_back();
      append_quoted(names.back(), column->name);
    }
    values +=
        fmt::format(", {}, {}, ARRAY[{}]::text[], ", table_.loud, table_.place, join(names, ", "));
    append_quoted(values, key_.empty() ? undo_by_image() : undo_by_key());
    return fmt::format("INSERT INTO seedbed.seedbed_undo_tables VALUES ({});\n", values);
  }

  /// One step of seedbed_undo_orderly. The plans stay with the session.
  [[nodiscard]] std::string back_function() const {
    const std::string images = fmt::format(
        "SELECT seedbed_images[seedbed_at]::{} AS image FROM generate_subscripts(seedbed_images, "
        "1) seedbed_at{} "
        "OFFSET 0",
        name_, key_.empty() ? ", generate_series(1, seedbed_keys[seedbed_at][1]::int8)" : "");
    return fmt::format(
        "CREATE FUNCTION seedbed.seedbed_undo_back_{}(seedbed_change text, seedbed_keys text[], "
        "seedbed_images text[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = "
        "force_generic_plan{} AS $back$ BEGIN IF seedbed_change = 'D' THEN {} FROM ({}) back; "
        "ELSIF seedbed_change = 'U' THEN {} ELSE {} END IF; END $back$;\n",
        table_.number, key_.empty() ? "" : kByKey, put_back(), images, change_back(),
        key_.empty() ? remove_images() : remove_keys());
  }

  [[nodiscard]] std::string change_back() const {
    std::vector<const NotedColumn*> others;
    for (const auto& column : table_.columns) {
      if (!column.generated && !column.identity && !column.in_key) others.push_back(&column);
    }
    if (key_.empty() || others.empty()) return "NULL;";
    return fmt::format(
        "UPDATE ONLY {0} seedbed_row SET {1} FROM (SELECT seedbed_at, "
        "seedbed_images[seedbed_at]::{0} AS image FROM "
        "generate_subscripts(seedbed_images, 1) seedbed_at OFFSET 0) back WHERE {2};",
        name_,
        list_of(others,
                [&](const NotedColumn& column) {
                  return fmt::format("{0} = (back.image).{0}", engine_.quote(column.name));
                }),
        same_row("seedbed_keys[seedbed_at]"));
  }

  [[nodiscard]] std::string remove_keys() const {
    return fmt::format(
        "DELETE FROM ONLY {} seedbed_row USING generate_subscripts(seedbed_keys, 1) seedbed_at "
        "WHERE {};",
        name_, same_row("seedbed_keys[seedbed_at]"));
  }

  [[nodiscard]] std::string remove_images() const {
    return fmt::format(
        "DELETE FROM ONLY {0} WHERE ctid = ANY (ARRAY(SELECT place FROM (SELECT seedbed_row.ctid "
        "AS place, seedbed_row::text AS image, row_number() OVER (PARTITION BY seedbed_row::text) "
        "AS number FROM ONLY {0} seedbed_row) present JOIN generate_subscripts(seedbed_images, 1) "
        "seedbed_at ON image = seedbed_images[seedbed_at] WHERE number <= "
        "seedbed_keys[seedbed_at][1]::int8));",
        name_);
  }

  /// `key` is the start of "key[1]".
  [[nodiscard]] std::string same_row(std::string_view key) const {
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < key_.size(); ++i) {
      equal.push_back(fmt::format("seedbed_row.{} = ({}[{}])::{}", engine_.quote(key_[i]->name),
                                  key, i + 1, key_[i]->type));
    }
    return join(equal, " AND ");
  }

  // What was first noted of each key says whether the row was there at the beginning, and how. All
  // rows go before any comes back, so that no unique key is in the way.
  [[nodiscard]] std::string undo_by_key() const {
    return fmt::format(
        "WITH noted AS MATERIALIZED (SELECT DISTINCT ON (key) key, op, old "
        "FROM seedbed.seedbed_undo WHERE rel = {0} ORDER BY key, n), "
        "gone AS (DELETE FROM ONLY {1} seedbed_row USING noted WHERE {2} RETURNING 1) "
        "{3} FROM (SELECT old::{1} AS image FROM noted WHERE op <> 'I' OFFSET 0) back "
        "WHERE (SELECT count(*) FROM gone) >= 0",
        table_.number, name_, same_row("noted.key"), put_back());
  }

  [[nodiscard]] std::string undo_by_image() const {
    return fmt::format(
        "WITH noted AS MATERIALIZED (SELECT old, sum(CASE op WHEN 'I' THEN 1 ELSE -1 END) AS "
        "surplus FROM seedbed.seedbed_undo WHERE rel = {0} GROUP BY old), "
        "gone AS (DELETE FROM ONLY {1} WHERE ctid = ANY (ARRAY(SELECT place FROM (SELECT "
        "seedbed_row.ctid AS place, seedbed_row::text AS old, row_number() OVER (PARTITION BY "
        "seedbed_row::text) AS number FROM ONLY {1} seedbed_row) present JOIN noted USING (old) "
        "WHERE number <= surplus)) RETURNING 1) "
        "{2} FROM (SELECT old::{1} AS image FROM noted, generate_series(1, -surplus) OFFSET 0) "
        "back WHERE (SELECT count(*) FROM gone) >= 0",
        table_.number, name_, put_back());
  }

  [[nodiscard]] std::string put_back() const {
    std::vector<const NotedColumn*> stored;
    for (const auto& column : table_.columns) {
      if (!column.generated) stored.push_back(&column);
    }
    const auto quoted = [&](const NotedColumn& column) { return engine_.quote(column.name); };
    return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {}", name_,
                       list_of(stored, quoted), list_of(stored, [&](const NotedColumn& column) {
                         return "(back.image)." + quoted(column);
                       }));
  }

  [[nodiscard]] bool all_plain() const {
    return std::ranges::all_of(table_.columns, &NotedColumn::plain_text);
  }

  const Engine& engine_;
  const NotedTable& table_;
  std::vector<const NotedColumn*> key_;
  std::string name_;
};

}  // namespace

std::string noting_sql(const Engine& engine, const NotedTable& table) {
  return TableNotes{engine, table}.sql();
}

}  // namespace seedbed::postgres
