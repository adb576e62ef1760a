#include "seedbed/cleanup/reset.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "seedbed/cleanup/emptying.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 6> kNames{"auto",    "rewind",   "clone",
                                                 "restore", "truncate", "delete"};

// Rows that do not fit back; a connection that is lost, or a transaction, is no reason.
bool is_reason_to_restore(const Error& error) {
  return error.code() == ErrorCode::constraint_violation ||
         error.code() == ErrorCode::invalid_input;
}

/// Undoes what was noted; why not, when it did not.
std::string rewind(Connection& connection, ResetReport& report) {
  const UndoLog& log = connection.engine().undo_log();
  if (!report.baseline.noted) return "the baseline was marked without notes of changes";
  if (!log.begun(connection)) return "changes were not noted since the last restore or migration";
  report.changes = log.undo(connection);
  return join(report.changes.obstacles, "; ");
}

/// Empties what holds rows; why not, when it did not.
std::string empty(Connection& connection, EmptyBy how, ResetReport& report) {
  const EmptyBaseline& tables = connection.engine().empty_baseline();
  const auto& marked = report.baseline.emptied_by;
  if (!marked || (how == EmptyBy::delete_ && *marked == EmptyBy::truncate)) {
    return fmt::format("it was marked for '{}'", to_string(strategy_of(report.baseline)));
  }
  if (!tables.begun(connection)) {
    return "the schema was migrated, or found to be wrong, since it was marked: run 'seedbed "
           "baseline mark' again";
  }
  report.changes = tables.bring_back(connection, how);
  return {};
}

/// By any means but a restore; why not, when it did not.
std::string bring_back(Connection& connection, ResetReport& report) {
  try {
    const auto how = emptied_by(report.used);
    return how ? empty(connection, *how, report) : rewind(connection, report);
  } catch (const Error& error) {
    if (!is_reason_to_restore(error)) throw;
    return error.what();
  }
}

// What is known of the schema by the way in which the baseline comes back.
std::vector<std::string> schema_changes(Connection& connection) {
  const Engine& engine = connection.engine();
  if (engine.undo_log().begun(connection)) return engine.undo_log().changes(connection, 0).schema;
  const EmptyBaseline& tables = engine.empty_baseline();
  return tables.begun(connection) ? tables.changes(connection).schema : std::vector<std::string>{};
}

// Rows come back by a restore, the schema does not. A rewind has dropped what was only new.
void refuse_changed_schema(Connection& connection) {
  const auto changes = schema_changes(connection);
  if (changes.empty()) return;
  throw Error{
      ErrorCode::conflict,
      fmt::format(
          "the schema of database '{}' is no longer that of the baseline ({}), and a "
          "restore brings back rows only: undo the change, or build the database anew and "
          "run 'seedbed baseline mark'; with '--strategy clone' it makes a copy that brings "
          "back the schema too",
          connection.database_name(), join(changes, "; ")),
      {.engine = std::string{connection.engine().name()}}};
}

ResetStrategy first_way(const Baseline& baseline) {
  return baseline.emptied_by ? strategy_of(baseline) : ResetStrategy::rewind;
}

[[noreturn]] void throw_without_copy(Connection& connection) {
  throw Error{ErrorCode::not_found,
              fmt::format("there is no copy of the baseline of database '{}': 'seedbed baseline "
                          "mark --strategy clone' makes one",
                          connection.database_name()),
              {.engine = std::string{connection.engine().name()}}};
}

/// Takes the copy, if there is one, for what rows do not bring back.
bool is_replaced(Connection& connection, ResetReport& report, const Rebuild& rebuild) {
  const bool half = is_half_replaced(connection);
  if (report.changes.schema.empty() && !half) return false;
  const std::string reason =
      half ? "an earlier replacement was interrupted"
           : fmt::format("the schema was changed ({})", join(report.changes.schema, "; "));
  if (!rebuild.replace || !rebuild.replace(report.baseline)) return false;
  report.used = ResetStrategy::clone;
  report.reason = reason;
  return true;
}

}  // namespace

ResetStrategy parse_reset_strategy(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames.at(i)) return static_cast<ResetStrategy>(i);
  }
  const std::vector<std::string> known{kNames.begin(), kNames.end()};
  throw Error{ErrorCode::invalid_input,
              fmt::format("there is no reset strategy '{}'{} (known: {})", name,
                          did_you_mean(name, known), join(known, ", "))};
}

std::string_view to_string(ResetStrategy strategy) noexcept {
  return kNames.at(static_cast<std::size_t>(strategy));
}

std::optional<EmptyBy> emptied_by(ResetStrategy strategy) noexcept {
  if (strategy == ResetStrategy::delete_) return EmptyBy::delete_;
  if (strategy == ResetStrategy::truncate) return EmptyBy::truncate;
  return std::nullopt;
}

ResetStrategy strategy_of(const Baseline& baseline) noexcept {
  if (baseline.noted) return ResetStrategy::rewind;
  if (!baseline.emptied_by) return ResetStrategy::restore;
  return *baseline.emptied_by == EmptyBy::delete_ ? ResetStrategy::delete_
                                                  : ResetStrategy::truncate;
}

void begin_notes(Connection& connection) {
  connection.engine().undo_log().begin(connection, detail::own_tables_of_state(connection));
}

ResetReport reset_to_baseline(Connection& connection, ResetStrategy strategy,
                              const Rebuild& rebuild) {
  ResetReport report{.baseline = require_baseline(connection), .used = strategy};
  if (strategy == ResetStrategy::automatic) report.used = first_way(report.baseline);
  if (strategy == ResetStrategy::clone) {
    if (rebuild.replace && rebuild.replace(report.baseline)) return report;
    throw_without_copy(connection);
  }
  if (strategy != ResetStrategy::restore) {
    report.reason = bring_back(connection, report);
    if (report.reason.empty() && report.changes.schema.empty()) return report;
    if (strategy == ResetStrategy::automatic && is_replaced(connection, report, rebuild)) {
      return report;
    }
    refuse_changed_schema(connection);
    if (strategy != ResetStrategy::automatic) {
      throw Error{ErrorCode::conflict,
                  fmt::format("the baseline cannot be brought back by '{}': {}; 'seedbed reset' "
                              "without a strategy does what can be done",
                              to_string(strategy), report.reason),
                  {.engine = std::string{connection.engine().name()}}};
    }
  }
  if (strategy == ResetStrategy::restore) refuse_changed_schema(connection);
  rebuild.require(report.baseline);
  report.used = ResetStrategy::restore;
  // What a restore writes is not noted; notes begin when all of it is there.
  connection.engine().undo_log().end(connection);
  rebuild.run(report.baseline);
  if (report.baseline.noted) begin_notes(connection);
  return report;
}

}  // namespace seedbed
