#include "seedbed/cleanup/strategies.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/cleanup/cleaned_schema.hpp"
#include "seedbed/cleanup/deletion.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/graph.hpp"

namespace seedbed {

namespace {

using detail::Names;

constexpr std::size_t kTablesPerQuery = 100;  // SQLite allows 500 terms in a compound SELECT
const std::array<std::string, 3> kStrategies{"auto", "truncate", "delete"};
// So many deletions that each looks at as many rows are still a matter of a second or two.
constexpr std::uint64_t kManyRows = 5'000;

std::vector<TableName> children_first(const Schema& schema) {
  auto tables = insert_order(schema).tables;
  std::reverse(tables.begin(), tables.end());
  return tables;
}

/// The statements that empty `part`, a part of the cleaned schema.
struct Emptying {
  std::vector<std::string> statements;
  std::vector<TableName> guarded;
};

Emptying plan_emptying(const Engine& engine, const Schema& part, CleanStrategy strategy,
                       const Capabilities& capabilities) {
  if (strategy == CleanStrategy::delete_) {
    auto deletion = detail::plan_deletion(engine, part, capabilities);
    throw_if_any(std::move(deletion.findings));
    return {std::move(deletion.statements), std::move(deletion.guarded)};
  }
  Emptying emptying;
  if (part.tables().empty()) return emptying;
  emptying.statements = engine.truncate_sql(part, children_first(part));
  // PostgreSQL has triggers on TRUNCATE, and SQLite's truncation is DELETE. MySQL's fires none.
  for (const auto& table : part.tables()) {
    if (!table.triggers.empty() && capabilities.transactional_ddl)
      emptying.guarded.push_back(table.name);
  }
  return emptying;
}

/// What `automatic` stands for where the largest table has so many rows.
CleanStrategy resolved(CleanStrategy strategy, const Engine& engine, const Schema& cleaned,
                       const Capabilities& capabilities, std::uint64_t most_rows) {
  if (strategy != CleanStrategy::automatic) return strategy;
  if (!capabilities.transactional_ddl) return CleanStrategy::delete_;
  const bool deletable = detail::plan_deletion(engine, cleaned, capabilities).findings.empty();
  return most_rows > kManyRows || !deletable ? CleanStrategy::truncate : CleanStrategy::delete_;
}

using RowsByTable = std::map<TableName, std::uint64_t>;

RowsByTable count_rows(Connection& connection, const Schema& schema) {
  RowsByTable rows;
  const auto tables = schema.tables();
  for (std::size_t begin = 0; begin < tables.size(); begin += kTablesPerQuery) {
    std::vector<std::string> counts;
    const std::size_t end = std::min(begin + kTablesPerQuery, tables.size());
    for (std::size_t i = begin; i < end; ++i) {
      counts.push_back(
          fmt::format("SELECT {}, COUNT(*) FROM {}", i, connection.engine().quote(tables[i].name)));
    }
    for (const auto& row : connection.query(join(counts, " UNION ALL ")).rows) {
      const auto& table = tables[static_cast<std::size_t>(row[0].as<std::int64_t>())];
      rows[table.name] = static_cast<std::uint64_t>(row[1].as<std::int64_t>());
    }
  }
  return rows;
}

std::uint64_t most_rows(const RowsByTable& tables) {
  std::uint64_t most = 0;
  for (const auto& [table, rows] : tables) most = std::max(most, rows);
  return most;
}

/// Cleans one database once.
class Cleaner {
 public:
  Cleaner(Connection& connection, const Schema& schema, const CleanOptions& options,
          Progress& progress)
      : connection_{connection},
        engine_{connection.engine()},
        capabilities_{engine_.capabilities(connection)},
        cleaned_{detail::cleaned_schema(schema, options.keep)},
        strategy_{resolved(options.strategy, engine_, cleaned_, capabilities_, 0)},
        asked_{options.strategy},
        progress_{progress} {}

  std::vector<CleanedTable> run() {
    if (!capabilities_.transactional_ddl && connection_.in_transaction()) {
      throw Error{ErrorCode::conflict,
                  fmt::format("cleaning would commit the open transaction on {}: end it first",
                              capabilities_.product)};
    }
    // Whether it is possible depends on the schema, not on which tables hold rows today.
    static_cast<void>(plan_emptying(engine_, cleaned_, strategy_, capabilities_));
    if (capabilities_.transactional_ddl || strategy_ == CleanStrategy::delete_) {
      Transaction transaction{connection_};
      empty_tables();
      if (capabilities_.transactional_ddl) reset_counters();
      transaction.commit();
    } else {
      empty_tables();
    }
    if (!capabilities_.transactional_ddl) reset_counters();
    return result();
  }

 private:
  void empty_tables() {
    rows_ = count_rows(connection_, cleaned_);
    strategy_ = resolved(asked_, engine_, cleaned_, capabilities_, most_rows(rows_));
    moved_ = moved_counters();
    progress_.check();
    const Schema part = detail::restricted(cleaned_, touched());
    const Emptying emptying = plan_emptying(engine_, part, strategy_, capabilities_);
    std::unique_ptr<LoadGuard> guard;
    if (!emptying.guarded.empty()) guard = engine_.guard_load(connection_, part, emptying.guarded);
    if (!emptying.statements.empty()) connection_.execute_script(join(emptying.statements, ";\n"));
    if (guard) guard->finish();
    forget_rows();
    for (const auto& [table, rows] : rows_) {
      progress_.report(
          {.phase = "clean", .table = table.to_string(), .rows = rows, .total_rows = rows});
    }
  }

  [[nodiscard]] std::vector<Sequence> moved_counters() const {
    std::vector<Sequence> moved;
    for (auto& state : engine_.sequence_states(connection_, cleaned_)) {
      if (state.next != state.sequence.start) moved.push_back(std::move(state.sequence));
    }
    return moved;
  }

  /// Tables that hold rows. TRUNCATE resets identities too, and takes in all that refer to its
  /// tables.
  [[nodiscard]] Names touched() const {
    Names names;
    for (const auto& [table, rows] : rows_) {
      if (rows > 0) names.insert(table);
    }
    if (strategy_ == CleanStrategy::delete_) return names;
    std::vector<TableName> open{names.begin(), names.end()};
    for (const auto& counter : moved_) open.push_back(*counter.owner);
    while (!open.empty()) {
      const TableName table = open.back();
      open.pop_back();
      names.insert(table);
      for (const auto& child : children_of(cleaned_, table)) {
        if (!names.contains(child)) open.push_back(child);
      }
    }
    return names;
  }

  // Row numbers and named records of rows that are gone: the next row is the first again.
  void forget_rows() {
    std::vector<std::string> names;
    for (const auto& table : cleaned_.tables())
      names.push_back(engine_.literal(table.name.to_string()));
    if (names.empty()) return;
    for (const std::string_view own : {"rows", "records"}) {
      if (!engine_.own_table_exists(connection_, own)) continue;
      connection_.execute(fmt::format("DELETE FROM {} WHERE table_name IN ({})",
                                      engine_.own_table(own), join(names, ", ")));
    }
  }

  void reset_counters() {
    if (strategy_ == CleanStrategy::truncate) return;
    for (const auto& sequence : moved_) {
      engine_.set_sequence(connection_, {.sequence = sequence, .next = sequence.start});
    }
  }

  [[nodiscard]] std::vector<CleanedTable> result() const {
    std::vector<CleanedTable> tables;
    for (auto& table : children_first(cleaned_)) tables.push_back({table, rows_.at(table)});
    return tables;
  }

  Connection& connection_;
  const Engine& engine_;
  Capabilities capabilities_;
  Schema cleaned_;
  CleanStrategy strategy_;  // decided once rows are counted; until then as for none
  CleanStrategy asked_;
  Progress& progress_;
  RowsByTable rows_;
  std::vector<Sequence> moved_;
};

}  // namespace

CleanStrategy parse_clean_strategy(std::string_view name) {
  if (name == kStrategies[0]) return CleanStrategy::automatic;
  if (name == kStrategies[1]) return CleanStrategy::truncate;
  if (name == kStrategies[2]) return CleanStrategy::delete_;
  throw Error{ErrorCode::invalid_input,
              fmt::format("there is no cleaning strategy '{}'{} (known: {})", name,
                          did_you_mean(name, kStrategies), join(kStrategies, ", "))};
}

CleanPlan plan_clean(const Engine& engine, const Schema& schema, const CleanOptions& options,
                     const Capabilities& capabilities) {
  const Schema cleaned = detail::cleaned_schema(schema, options.keep);
  const auto strategy = resolved(options.strategy, engine, cleaned, capabilities, 0);
  CleanPlan plan;
  plan.statements = plan_emptying(engine, cleaned, strategy, capabilities).statements;
  plan.tables = children_first(cleaned);
  if (strategy == CleanStrategy::delete_) {
    plan.counters.assign(cleaned.sequences().begin(), cleaned.sequences().end());
  }
  return plan;
}

CleanPlan plan_clean(Connection& connection, const Schema& schema, const CleanOptions& options) {
  const auto& engine = connection.engine();
  const auto capabilities = engine.capabilities(connection);
  const Schema cleaned = detail::cleaned_schema(schema, options.keep);
  auto decided = options;
  decided.strategy = resolved(options.strategy, engine, cleaned, capabilities,
                              most_rows(count_rows(connection, cleaned)));
  return plan_clean(engine, schema, decided, capabilities);
}

std::vector<CleanedTable> clean(Connection& connection, const Schema& schema,
                                const CleanOptions& options, Progress& progress) {
  return Cleaner{connection, schema, options, progress}.run();
}

}  // namespace seedbed
