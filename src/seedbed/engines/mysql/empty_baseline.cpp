#include "seedbed/engines/mysql/empty_baseline.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/drift.hpp"
#include "seedbed/engines/mysql/noted_tables.hpp"
#include "seedbed/engines/mysql/quiet_session.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::string_view kEmptyState = "seedbed_empty";
constexpr int kAttempts = 5;

void refuse(ErrorCode code, const RowSet& found, std::string_view why) {
  if (found.rows.empty()) return;
  std::vector<std::string> names;
  for (const auto& row : found.rows) names.push_back(text_of(row[0]));
  throw Error{code, fmt::format("{} ({})", why, join(names, ", ")), {.engine = "mysql"}};
}

void refuse_what_cannot_be_emptied(Connection& connection, std::span<const EmptyTable> tables) {
  refuse(ErrorCode::unsupported,
         connection.query("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                          "DATABASE() AND table_type = 'SYSTEM VERSIONED' ORDER BY 1"),
         "tables with system versioning keep the rows that are deleted from them");
  std::vector<std::string> names{"NULL"};
  for (const auto& table : tables) names.push_back(literal(table.name.name));
  refuse(ErrorCode::conflict,
         connection.query(fmt::format(
             "SELECT DISTINCT CONCAT(table_schema, '.', table_name, ' by ', constraint_name, ' to "
             "', referenced_table_name) FROM information_schema.key_column_usage WHERE "
             "referenced_table_schema = DATABASE() AND table_schema <> DATABASE() AND "
             "referenced_table_name IN ({}) ORDER BY 1",
             join(names, ", "))),
         "tables of other databases refer to those that would be emptied");
}

void store_plan(Connection& connection, std::span<const EmptyTable> tables) {
  connection.execute(
      "CREATE TABLE seedbed_empty_plan (place INT NOT NULL PRIMARY KEY, name VARCHAR(64) CHARACTER "
      "SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, unlink MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL, "
      "waits TINYINT NOT NULL) ENGINE = InnoDB");
  Transaction transaction{connection};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    connection.execute("INSERT INTO seedbed_empty_plan VALUES (?, ?, ?, ?)",
                       Row{i, tables[i].name.name, join(tables[i].unlink, ";\n"),
                           std::int64_t{tables[i].waits ? 1 : 0}});
  }
  transaction.commit();
}

// A server keeps the values of a sequence that it has taken and not handed out yet to itself; it
// gives them up when the sequence restarts, with the same value as it would have handed out next.
void store_sequences(Connection& connection) {
  connection.execute(
      "CREATE TABLE seedbed_empty_sequences (name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE "
      "utf8mb4_bin NOT NULL, next BIGINT NOT NULL) ENGINE = InnoDB");
  const auto found = connection.query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type = 'SEQUENCE' ORDER BY 1");
  for (const auto& row : found.rows) {
    const std::string name = backticked(text_of(row[0]));
    const auto next = connection.query_value(fmt::format("SELECT NEXTVAL({})", name));
    connection.execute(fmt::format("ALTER SEQUENCE {} RESTART {}", name, next.as<std::int64_t>()));
    connection.execute("INSERT INTO seedbed_empty_sequences VALUES (?, ?)", Row{row[0], next});
  }
}

std::string own_copy(std::size_t number) {
  return fmt::format("seedbed_empty_own_{}", number);
}

void store_own_tables(Connection& connection, std::span<const std::string> own_tables) {
  connection.execute(
      "CREATE TABLE seedbed_empty_own (number INT NOT NULL, name VARCHAR(80) NOT NULL) ENGINE = "
      "InnoDB");
  for (std::size_t i = 0; i < own_tables.size(); ++i) {
    connection.execute(
        fmt::format("CREATE TABLE {} AS SELECT * FROM {}", own_copy(i), own_tables[i]));
    connection.execute("INSERT INTO seedbed_empty_own VALUES (?, ?)", Row{i, own_tables[i]});
  }
}

struct PlannedTable {
  std::string name{};
  std::string unlink{};
  bool waits = false;
  bool touched = false;
  std::uint64_t rows = 0;
};

struct OwnTable {
  std::string name{};  ///< quoted
  std::string copy{};
  bool touched = false;
};

/// Empties one database once.
class Emptier {
 public:
  explicit Emptier(Connection& connection) : connection_{connection} {
    const auto planned =
        connection_.query("SELECT name, unlink, waits FROM seedbed_empty_plan ORDER BY place");
    for (const auto& row : planned.rows) {
      tables_.push_back({text_of(row[0]), text_of(row[1]), row[2].as<std::int64_t>() != 0});
    }
    for (const auto& row :
         connection_.query("SELECT number, name FROM seedbed_empty_own ORDER BY number").rows) {
      own_.push_back(
          {text_of(row[1]), own_copy(static_cast<std::size_t>(row[0].as<std::int64_t>()))});
    }
  }

  Changes look() {
    Changes changes;
    Drift drift = read_changes(changes);
    if (!changes.schema.empty()) return changes;
    find_rows();
    count_rows();
    add_changes(changes, drift);
    return changes;
  }

  Changes run(EmptyBy how) {
    Changes changes;
    Drift drift = read_changes(changes);
    if (!changes.schema.empty()) return changes;
    find_rows();
    if (how == EmptyBy::truncate) {
      count_rows();
      truncate();
      // A counter begins at 1 then, which need not be that of the baseline.
      if (any_touched()) look_again(drift);
    } else {
      remove_rows();
    }
    add_changes(changes, drift);
    set_counters_back(connection_, drift.moved, changes);
    for (const auto& [name, next] : sequences_) {
      connection_.execute(fmt::format("ALTER SEQUENCE {} RESTART {}", backticked(name), next));
    }
    keep_tally(connection_, kEmptyState, drift, drift.moved.size() + sequences_.size());
    return changes;
  }

 private:
  /// What is not a change of rows. A table that was truncated is the same.
  Drift read_changes(Changes& changes) {
    Drift drift = read_drift(connection_, kEmptyState);
    if (!drift.truncated.empty()) {
      store_numbers(connection_, kEmptyState);
      drift = read_drift(connection_, kEmptyState);
    }
    changes.schema = drift.schema;
    for (const auto& fresh : drift.fresh) changes.schema.push_back(fresh + " is new");
    keep_planned(drift.moved);
    const auto moved = sequences_sql();
    if (!moved.empty() && changes.schema.empty()) {
      for (const auto& row : connection_.query(moved).rows) {
        sequences_.emplace(text_of(row[0]), row[1].as<std::int64_t>());
      }
    }
    return drift;
  }

  // After tables were truncated.
  void look_again(Drift& drift) {
    store_numbers(connection_, kEmptyState);
    Drift now = read_drift(connection_, kEmptyState);
    keep_planned(now.moved);
    for (auto& counter : drift.moved) {
      const auto same = std::ranges::find(now.moved, counter.table, &MovedCounter::table);
      if (same == now.moved.end()) now.moved.push_back(std::move(counter));
    }
    drift = std::move(now);
  }

  // Counters of tables that are left as they are, are left too.
  void keep_planned(std::vector<MovedCounter>& moved) const {
    std::erase_if(moved, [&](const MovedCounter& counter) {
      return std::ranges::find(tables_, counter.table, &PlannedTable::name) == tables_.end();
    });
  }

  std::string sequences_sql() {
    std::vector<std::string> parts;
    for (const auto& row :
         connection_.query("SELECT name, next FROM seedbed_empty_sequences").rows) {
      parts.push_back(
          fmt::format("SELECT {} AS name, {} AS next FROM {} WHERE next_not_cached_value <> {}",
                      literal(row[0]), row[1].as<std::int64_t>(), backticked(text_of(row[0])),
                      row[1].as<std::int64_t>()));
    }
    return join(parts, " UNION ALL ");
  }

  /// Which tables hold rows, in one statement.
  void find_rows() {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      parts.push_back(fmt::format("(SELECT {} FROM {} LIMIT 1)", i, backticked(tables_[i].name)));
      tables_[i].touched = false;
    }
    for (std::size_t i = 0; i < own_.size(); ++i) {
      for (const auto& name : {own_[i].name, own_[i].copy}) {
        parts.push_back(fmt::format("(SELECT {} FROM {} LIMIT 1)", tables_.size() + i, name));
      }
      own_[i].touched = false;
    }
    if (parts.empty()) return;
    for (const auto& row : connection_.query(join(parts, " UNION ALL ")).rows) {
      const auto number = static_cast<std::size_t>(row[0].as<std::int64_t>());
      (number < tables_.size() ? tables_[number].touched : own_[number - tables_.size()].touched) =
          true;
    }
  }

  [[nodiscard]] bool any_touched() const {
    return std::ranges::any_of(tables_, &PlannedTable::touched);
  }

  void count_rows() {
    for (auto& table : tables_) {
      if (!table.touched) continue;
      table.rows = static_cast<std::uint64_t>(
          connection_.query_value("SELECT COUNT(*) FROM " + backticked(table.name))
              .as<std::int64_t>());
    }
  }

  void truncate() {
    const QuietSession quiet{connection_};
    for (const auto& table : tables_) {
      if (table.touched) connection_.execute("TRUNCATE TABLE " + backticked(table.name));
    }
    Transaction transaction{connection_};
    put_own_right();
    transaction.commit();
  }

  // A row that refers to one which is deleted may have come since its table was looked at.
  void remove_rows() {
    for (int attempt = 1;; ++attempt) {
      try {
        return delete_rows();
      } catch (const Error& error) {
        const bool in_the_way =
            error.code() == ErrorCode::constraint_violation || error.details().sqlstate == "40001";
        if (attempt == kAttempts || !in_the_way) throw;
      }
      find_rows();
    }
  }

  void delete_rows() {
    refuse_triggers();
    const bool waits = std::ranges::any_of(
        tables_, [](const PlannedTable& table) { return table.touched && table.waits; });
    const QuietSession quiet{connection_, !waits};
    // Without locks on what statements only read.
    connection_.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    Transaction transaction{connection_};
    for (const auto& table : tables_) {
      if (table.touched && !table.unlink.empty()) connection_.execute_script(table.unlink);
    }
    for (auto& table : tables_) {
      if (table.touched) {
        table.rows = connection_.execute("DELETE FROM " + backticked(table.name));
      }
    }
    put_own_right();
    transaction.commit();
  }

  void put_own_right() {
    for (const auto& own : own_) {
      if (!own.touched) continue;
      connection_.execute("DELETE FROM " + own.name);
      connection_.execute(fmt::format("INSERT INTO {} SELECT * FROM {}", own.name, own.copy));
    }
  }

  void refuse_triggers() {
    std::vector<std::string> parts;
    for (const auto& table : tables_) {
      if (!table.touched) continue;
      parts.push_back(fmt::format(
          "SELECT CONCAT(event_object_table, ': ', trigger_name) FROM information_schema.triggers "
          "WHERE event_object_schema = DATABASE() AND event_object_table = {}",
          literal(table.name)));
    }
    if (parts.empty()) return;
    refuse(ErrorCode::unsupported, connection_.query(join(parts, " UNION ALL ")),
           "the server cannot switch off triggers, which may write into tables that are being "
           "emptied: use the strategy 'truncate', which fires none");
  }

  void add_changes(Changes& changes, const Drift& drift) {
    for (const auto& table : tables_) {
      if (!table.touched) continue;
      changes.tables.push_back({.table = {{}, table.name}, .inserted = table.rows});
    }
    std::ranges::sort(changes.tables, {}, &TableChanges::table);
    for (const auto& counter : drift.moved) changes.counters.push_back(counter.table);
    for (const auto& [name, next] : sequences_) changes.counters.push_back(name);
  }

  Connection& connection_;
  std::vector<PlannedTable> tables_;  // children first
  std::vector<OwnTable> own_;
  std::map<std::string, std::int64_t> sequences_;  // that have moved, with their next value
};

class MysqlEmptyBaseline final : public EmptyBaseline {
 public:
  void begin(Connection& connection, std::span<const EmptyTable> tables,
             std::span<const std::string> own_tables) const override {
    detail::refuse_open_transaction(connection, "the state cannot be taken for the baseline");
    end(connection);
    const LoadSettings settings{connection};
    refuse_what_cannot_be_emptied(connection, tables);
    const auto noted = read_noted_tables(connection, {});
    try {
      store_tables(connection, kEmptyState, noted);
      store_plan(connection, tables);
      store_own_tables(connection, own_tables);
      store_sequences(connection);
      store_state(connection, kEmptyState);
    } catch (const Error& error) {
      end(connection);
      if (error.code() != ErrorCode::invalid_input) throw;
      throw Error{ErrorCode::refused,
                  fmt::format("what InnoDB says of its tables takes the privilege PROCESS, and "
                              "sequences ALTER: {}",
                              error.what()),
                  error.details()};
    }
  }

  // What says that it has begun goes first.
  void end(Connection& connection) const override {
    connection.execute("DROP TABLE IF EXISTS seedbed_empty_state");
    const auto tables = connection.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_name LIKE 'seedbed\\_empty\\_%'");
    for (const auto& row : tables.rows) {
      connection.execute("DROP TABLE IF EXISTS " + backticked(text_of(row[0])));
    }
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return connection.engine().own_table_exists(connection, "empty_state");
  }

  [[nodiscard]] Changes changes(Connection& connection) const override {
    return Emptier{connection}.look();
  }

  [[nodiscard]] Changes bring_back(Connection& connection, EmptyBy how) const override {
    detail::refuse_open_transaction(connection, "what others changed cannot be put right");
    return Emptier{connection}.run(how);
  }
};

}  // namespace

const EmptyBaseline& empty_baseline() {
  static const MysqlEmptyBaseline kEmptyBaseline;
  return kEmptyBaseline;
}

}  // namespace seedbed::mysql
