#include "seedbed/engines/mysql/drift.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/definitions.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/products.hpp"

namespace seedbed::mysql {

namespace {

// InnoDB's names are written as those of files are: "shop/order@002dline".
constexpr std::string_view kPrefix =
    "CONCAT(CAST(CONVERT(DATABASE() USING filename) AS BINARY), _binary '/')";

/// What holds for the names of the database's tables but Seedbed's.
std::string is_of_database() {
  return fmt::format(
      "LEFT(CAST(name AS BINARY), LENGTH({0})) = {0} AND SUBSTRING_INDEX(name, '/', -1) NOT LIKE "
      "'seedbed\\_%'",
      kPrefix);
}

/// (name, id, columns) by InnoDB's names.
std::string innodb_tables(Product product) {
  return fmt::format(
      "SELECT SUBSTRING(CAST(name AS BINARY), LENGTH({}) + 1) AS name, table_id AS id, n_cols AS "
      "columns FROM information_schema.{} WHERE {}",
      kPrefix, innodb_views(product).tables, is_of_database());
}

/// (id, counter); 0 for tables without one, and for those that nobody has opened since they were
/// last closed.
std::string innodb_counters(Product product) {
  return fmt::format(
      "SELECT table_id AS id, coalesce(autoinc, 0) AS counter FROM information_schema.{}",
      innodb_views(product).statistics);
}

/// Of tables and views, which takes no look into them; and how the database encodes texts.
constexpr std::string_view kNames =
    "SELECT CONVERT(table_name USING utf8mb4) AS name FROM information_schema.tables WHERE "
    "table_schema = DATABASE() AND table_name NOT LIKE 'seedbed\\_%' UNION ALL SELECT "
    "CONVERT(CONCAT('collation ', @@collation_database) USING utf8mb4)";

/// Somebody else may close a table that was just opened.
constexpr int kLooks = 5;

void open_table(Connection& connection, const std::string& table) {
  connection.execute(fmt::format("SELECT 1 FROM {} LIMIT 0", backticked(table)));
}

/// Compares, since the server would take long to join most of its views.
class DriftReader {
 public:
  DriftReader(Connection& connection, std::string_view prefix)
      : connection_{connection}, prefix_{prefix}, product_{version_of(connection).product} {}

  Drift read() {
    const DdlTally tally = read_ddl_tally(connection_, product_);
    if (tally == stored_tally(connection_, prefix_)) {
      drift_.seen = tally;
    } else {
      if (!ddl_may_be_running(connection_)) drift_.seen = tally;
      find_schema();
    }
    find_moved();
    return std::move(drift_);
  }

 private:
  void find_schema() {
    find_altered();
    find_replaced();
    find_names();
    find_code();
    std::ranges::sort(drift_.truncated);
    std::ranges::sort(drift_.schema);
    // Views first, which may stand on new tables.
    std::ranges::sort(drift_.fresh, std::greater{});
    std::ranges::sort(drift_.drops, std::greater{});
  }

  void find_altered() {
    const auto suspects = connection_.query(fmt::format(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_type = 'BASE TABLE' AND table_name NOT LIKE 'seedbed\\_%' AND {}",
        defined_after(product_, fmt::format("{}_tables", prefix_))));
    for (const auto& row : suspects.rows) {
      const std::string name = text_of(row[0]);
      const auto before = connection_.query(
          fmt::format("SELECT definition FROM {}_tables WHERE name = ?", prefix_), Row{name});
      if (before.rows.empty()) continue;  // new
      if (definition_of(connection_, name) == text_of(before.rows.front()[0])) continue;
      altered_.insert(name);
      drift_.schema.push_back(fmt::format("table '{}' was altered", name));
    }
  }

  void find_replaced() {
    std::map<std::string, std::string> now;  // id and columns, by name
    for (const auto& row : connection_.query(innodb_tables(product_)).rows) {
      now.emplace(text_of(row[0]), same(row));
    }
    const auto before =
        connection_.query(fmt::format("SELECT name, id, columns, table_name FROM {}_state WHERE "
                                      "table_name IS NOT NULL",
                                      prefix_));
    for (const auto& row : before.rows) {
      const auto found = now.find(text_of(row[0]));
      if (found == now.end() || found->second == same(row)) continue;
      // TRUNCATE gives a table another number, and so do some ALTERs.
      const std::string table = text_of(row[3]);
      if (altered_.contains(table)) continue;
      drift_.truncated.push_back(fmt::format("TRUNCATE of table '{}'", table));
    }
  }

  static std::string same(const Row& row) {
    return row[1].as<std::string>() + ' ' + row[2].as<std::string>();
  }

  // Views that came or went are told by their names.
  void find_code() {
    const CodeDefinitions before = stored_code(connection_, prefix_);
    const CodeDefinitions now = read_code(connection_);
    for (const auto& [object, definition] : before) {
      const auto found = now.find(object);
      const auto& [kind, name] = object;
      if (found == now.end()) {
        if (kind != "view") drift_.schema.push_back(fmt::format("{} '{}' is gone", kind, name));
      } else if (found->second != definition) {
        drift_.schema.push_back(fmt::format("{} '{}' was changed", kind, name));
      }
    }
    for (const auto& [object, definition] : now) {
      if (object.first != "view" && !before.contains(object)) tell_new(object.first, object.second);
    }
  }

  void find_moved() {
    auto moved = read_moved();
    for (int look = 1; look < kLooks && any_closed(moved); ++look) {
      for (const auto& row : moved.rows) {
        if (is_closed(row)) open_table(connection_, text_of(row[0]));
      }
      moved = read_moved();
    }
    for (const auto& row : moved.rows) {
      if (!is_closed(row)) drift_.moved.push_back({text_of(row[0]), row[1].as<std::string>()});
    }
    std::ranges::sort(drift_.moved, {}, &MovedCounter::table);
  }

  static bool is_closed(const Row& row) { return row[2].as<std::string>() == "0"; }
  static bool any_closed(const RowSet& moved) { return std::ranges::any_of(moved.rows, is_closed); }

  /// (table, counter at the beginning, counter) where they differ.
  RowSet read_moved() {
    return connection_.query(fmt::format(
        "SELECT s.table_name, s.counter, c.counter FROM ({}) c STRAIGHT_JOIN {}_state s FORCE "
        "INDEX (PRIMARY) ON s.id = c.id WHERE s.counter <> c.counter AND s.counter <> 0 AND "
        "s.table_name IS NOT NULL",
        innodb_counters(product_), prefix_));
  }

  std::set<std::string> read_names(std::string_view sql) {
    std::set<std::string> names;
    for (const auto& row : connection_.query(sql).rows) names.insert(text_of(row[0]));
    return names;
  }

  void find_names() {
    const auto now = read_names(kNames);
    const auto before = read_names(fmt::format("SELECT name FROM {}_names", prefix_));
    for (const auto& name : before) {
      if (!now.contains(name)) drift_.schema.push_back(fmt::format("'{}' is gone", name));
    }
    for (const auto& name : now) {
      if (before.contains(name) || tell_fresh(name)) continue;
      drift_.schema.push_back(fmt::format("the database has {}", name));
    }
  }

  bool tell_fresh(const std::string& name) {
    const auto type = connection_.query(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_name = ?",
        Row{name});
    if (type.rows.empty()) return false;
    const auto* kind = text_of(type.rows.front()[0]) == "VIEW" ? "view" : "table";
    tell_new(kind, name);
    return true;
  }

  void tell_new(std::string_view kind, const std::string& name) {
    drift_.fresh.push_back(fmt::format("{} {}", kind, name));
    drift_.drops.push_back(fmt::format("DROP {} {}", kind, backticked(name)));
  }

  Connection& connection_;
  std::string_view prefix_;
  Product product_;
  Drift drift_;
  std::set<std::string> altered_;
};

/// Counters that `state` has none of, since their tables were closed when it was made.
void complete_counters(Connection& connection, const std::string& state, Product product) {
  const auto counting = connection.query(
      "SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE() AND extra "
      "LIKE '%auto\\_increment%' AND table_name NOT LIKE 'seedbed\\_%'");
  std::vector<std::string> names{"NULL"};
  for (const auto& row : counting.rows) names.push_back(literal(row[0]));
  const std::string missing =
      fmt::format("SELECT table_name FROM {} WHERE counter = 0 AND table_name IN ({})", state,
                  join(names, ", "));
  for (int look = 1;; ++look) {
    const auto closed = connection.query(missing);
    if (closed.rows.empty()) return;
    if (look == kLooks) {
      throw Error{ErrorCode::unavailable,
                  fmt::format("the server does not say what the counter of table '{}' is: others "
                              "close it all the time",
                              text_of(closed.rows.front()[0])),
                  {.engine = "mysql"}};
    }
    for (const auto& row : closed.rows) open_table(connection, text_of(row[0]));
    connection.execute(fmt::format(
        "UPDATE {} s JOIN ({}) c USING (id) SET s.counter = c.counter WHERE s.counter = 0", state,
        innodb_counters(product)));
  }
}

/// The tally counts what was altered since the definitions were read, so that nobody would look.
void refuse_changes_meanwhile(Connection& connection, std::string_view prefix) {
  const auto changed = DriftReader{connection, prefix}.read().schema;
  if (changed.empty()) return;
  throw Error{ErrorCode::conflict,
              fmt::format("the schema was changed while its state was taken for the baseline: {}",
                          changed.front()),
              {.engine = "mysql"}};
}

}  // namespace

void store_state(Connection& connection, std::string_view prefix) {
  const Product product = version_of(connection).product;
  create_tally_table(connection, prefix);
  Drift none;
  const DdlTally tally = read_ddl_tally(connection, product);
  if (!ddl_may_be_running(connection)) none.seen = tally;
  connection.execute(fmt::format("CREATE TABLE {}_names AS {}", prefix, kNames));
  store_code(connection, prefix);
  const std::string unfinished = fmt::format("{}_unfinished", prefix);
  connection.execute(fmt::format(
      "CREATE TABLE {0} (PRIMARY KEY (id)) AS SELECT s.*, c.counter, t.name AS table_name FROM "
      "({1}) s JOIN ({2}) c USING (id) LEFT JOIN {3}_tables t ON CAST(CONVERT(t.name USING "
      "filename) AS BINARY) = s.name",
      unfinished, innodb_tables(product), innodb_counters(product), prefix));
  complete_counters(connection, unfinished, product);
  // The last of all, since it says that all of them are there.
  connection.execute(fmt::format("RENAME TABLE {} TO {}_state", unfinished, prefix));
  refuse_changes_meanwhile(connection, prefix);
  keep_tally(connection, prefix, none, 4);
}

void store_numbers(Connection& connection, std::string_view prefix) {
  connection.execute(
      fmt::format("UPDATE {}_state s JOIN ({}) n USING (name) SET s.id = n.id WHERE s.id <> n.id",
                  prefix, innodb_tables(version_of(connection).product)));
}

void set_counters_back(Connection& connection, const std::vector<MovedCounter>& moved,
                       Changes& changes) {
  for (const auto& counter : moved) {
    try {
      connection.execute(fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}",
                                     backticked(counter.table), counter.next));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      changes.left.push_back(fmt::format(
          "the counter of table '{}', which an open transaction has used", counter.table));
    }
  }
}

void keep_tally(Connection& connection, std::string_view prefix, const Drift& drift,
                std::size_t own) {
  if (!drift.seen) return;
  store_tally(connection, prefix,
              {drift.seen->started, drift.seen->statements + static_cast<std::int64_t>(own)});
}

Drift read_drift(Connection& connection, std::string_view prefix) {
  return DriftReader{connection, prefix}.read();
}

}  // namespace seedbed::mysql
