#include "seedbed/cleanup/reset.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 3> kNames{"auto", "rewind", "restore"};

/// Undoes what was noted; why not, when it did not.
std::string rewind(Connection& connection, ResetReport& report) {
  const UndoLog& log = connection.engine().undo_log();
  if (!report.baseline.noted) return "the baseline was marked without notes of changes";
  if (!log.begun(connection)) return "changes were not noted since the last restore or migration";
  try {
    report.changes = log.undo(connection);
  } catch (const Error& error) {
    // Rows that do not fit back; a connection that is lost, or a transaction, is no reason.
    if (error.code() != ErrorCode::constraint_violation &&
        error.code() != ErrorCode::invalid_input) {
      throw;
    }
    return error.what();
  }
  return join(report.changes.obstacles, "; ");
}

// Rows come back by a restore, the schema does not. A rewind has dropped what was only new.
void refuse_changed_schema(Connection& connection) {
  const UndoLog& log = connection.engine().undo_log();
  if (!log.begun(connection)) return;
  const auto changes = log.changes(connection, 0);
  if (changes.schema.empty()) return;
  throw Error{
      ErrorCode::conflict,
      fmt::format("the schema of database '{}' is no longer that of the baseline ({}), and a "
                  "restore brings back rows only: undo the change, or build the database anew and "
                  "run 'seedbed baseline mark'; where something is only new, 'seedbed reset' drops "
                  "it by itself",
                  connection.database_name(), join(changes.schema, "; ")),
      {.engine = std::string{connection.engine().name()}}};
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

void begin_notes(Connection& connection) {
  const Engine& engine = connection.engine();
  std::vector<std::string> own;
  for (const std::string_view name : {"rows", "records"}) {
    if (engine.own_table_exists(connection, name)) own.push_back(engine.own_table(name));
  }
  engine.undo_log().begin(connection, own);
}

ResetReport reset_to_baseline(Connection& connection, ResetStrategy strategy,
                              const Rebuild& rebuild) {
  ResetReport report{.baseline = require_baseline(connection)};
  if (strategy != ResetStrategy::restore) {
    report.reason = rewind(connection, report);
    if (report.reason.empty() && report.changes.schema.empty()) return report;
    refuse_changed_schema(connection);
    if (strategy == ResetStrategy::rewind) {
      throw Error{ErrorCode::conflict,
                  fmt::format("the baseline cannot be rewound to: {}; 'seedbed reset' restores it",
                              report.reason),
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
