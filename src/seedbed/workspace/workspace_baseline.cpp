#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "seedbed/cleanup/baseline_copy.hpp"
#include "seedbed/cleanup/emptying.hpp"
#include "seedbed/core/clock.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"
#include "seedbed/workspace/verification.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

namespace {

/// The name under which a database's baseline is stored: readable, and different for databases of
/// one name on different servers.
std::string baseline_snapshot_name(const DatabaseUrl& url) {
  std::string name = url.display_name().substr(0, 64);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '.');
      },
      '-');
  return fmt::format("baseline-{}-{}", name, sha256(url.redacted()).hex().substr(0, 8));
}

// Why changes cannot be noted; empty when they are.
std::string try_to_note(Connection& connection, ResetStrategy strategy) {
  try {
    begin_notes(connection);
    return {};
  } catch (const Error& error) {
    const bool cannot =
        error.code() == ErrorCode::refused || error.code() == ErrorCode::unsupported;
    if (!cannot || strategy == ResetStrategy::rewind) throw;
    return error.what();
  }
}

// What is known of another state than that of an older baseline must not be taken for its own, if
// it is still there because this mark fails or is killed.
void disown_notes(Connection& connection) {
  auto older = read_baseline(connection);
  if (!older || strategy_of(*older) == ResetStrategy::restore) return;
  older->noted = false;
  older->emptied_by.reset();
  write_baseline(connection, *older);
}

void stop_knowing_changes(Connection& connection) {
  connection.engine().undo_log().end(connection);
  connection.engine().empty_baseline().end(connection);
}

void refuse_kept(const MarkOptions& options) {
  if (emptied_by(options.strategy) || options.keep.empty()) return;
  throw Error{ErrorCode::invalid_input,
              fmt::format("tables are kept by the strategies 'truncate' and 'delete' only; '{}' "
                          "brings back all of them",
                          to_string(options.strategy))};
}

std::string named(const BaselineSource& source) {
  if (!source.scenario.empty()) return fmt::format("scenario '{}'", source.scenario);
  if (!source.snapshot.empty()) return fmt::format("snapshot '{}'", source.snapshot);
  return {};
}

// As far as it is known without reading the rows.
std::optional<Changes> known_changes(Connection& connection, const Baseline& baseline,
                                     std::size_t rows) {
  const Engine& engine = connection.engine();
  if (baseline.noted && engine.undo_log().begun(connection)) {
    return engine.undo_log().changes(connection, rows);
  }
  if (baseline.emptied_by && engine.empty_baseline().begun(connection)) {
    return engine.empty_baseline().changes(connection);
  }
  return std::nullopt;
}

bool is_empty(Database& database) {
  return std::ranges::all_of(database.schema().tables(), [&](const Table& table) {
    const auto sql = fmt::format("SELECT 1 FROM {} LIMIT 1", database.engine().quote(table.name));
    return database.connection().query(sql).rows.empty();
  });
}

// Rights may end at the database, and then nobody could make a copy of it.
std::shared_ptr<DatabaseServer> try_to_reach_server(const Engine& engine, const DatabaseUrl& url) {
  try {
    return engine.connect_server(url);
  } catch (const Error&) {
    return nullptr;
  }
}

/// Whether its server could be asked for one.
bool try_to_drop_copy(const Engine& engine, const DatabaseUrl& url) {
  const auto server = try_to_reach_server(engine, url);
  if (server != nullptr) drop_baseline_copy(*server, url);
  return server != nullptr;
}

}  // namespace

void Workspace::fill_from_baseline_source(Database& database, BaselineRun& run) {
  const auto& source = project_.baseline;
  Connection& connection = database.connection();
  if (!source.scenario.empty()) {
    seedbed::load({connection, database.schema(), database.library(), session_options()},
                  {.scenario = source.scenario}, progress_);
  } else if (!source.snapshot.empty()) {
    prepare_factory_tables(connection);
    seedbed::restore_snapshot(snapshots(), source.snapshot, connection, database.schema(), {},
                              progress_);
  }
  run.filled_from = named(source);
}

// Notes begin before the state is read, so that what others write meanwhile is noticed.
BaselineRun Workspace::seal_baseline(Scope& scope, const MarkOptions& options) {
  Connection& connection = scope->connection();
  require_mark(connection, scope->url());
  refuse_kept(options);
  connection.engine().undo_broken_loads(connection);

  BaselineRun run;
  const auto empties = emptied_by(options.strategy);
  disown_notes(connection);
  stop_knowing_changes(connection);
  if (!empties && is_empty(*scope)) fill_from_baseline_source(*scope, run);
  prepare_factory_tables(connection);
  if (empties) {
    run.not_filled_from = named(project_.baseline);
    begin_emptying(connection, scope->schema(), {*empties, options.keep});
  } else if (options.strategy != ResetStrategy::restore) {
    run.not_noted = try_to_note(connection, options.strategy);
  }
  const std::string name = baseline_snapshot_name(scope->url());
  const auto saved = seedbed::save_snapshot(snapshots(), name, connection, scope->schema(),
                                            {.replace = true}, progress_);
  const bool noted =
      !empties && options.strategy != ResetStrategy::restore && run.not_noted.empty();
  run.baseline = {name, saved.digest, format_rfc3339(system_now_micros()), noted, empties};
  const auto changes = known_changes(connection, run.baseline, 0);
  if (changes && !changes->none()) {
    throw Error{ErrorCode::conflict,
                fmt::format("database '{}' was written to while its baseline was sealed; stop what "
                            "uses it, then run 'seedbed baseline mark' again",
                            connection.database_name())};
  }
  write_baseline(connection, run.baseline);
  return run;
}

// A copy is made last, when no connection of our own is in its way. One of an older baseline is of
// no use any more.
BaselineRun Workspace::mark_baseline(std::string_view database, const MarkOptions& options) {
  BaselineRun run;
  {
    Scope scope{*this, database};
    run = seal_baseline(scope, options);
  }
  const DatabaseUrl url = url_of(database);
  if (options.strategy != ResetStrategy::clone) {
    try_to_drop_copy(engines_.of(url), url);
    return run;
  }
  const ServerScope server{*this, engines_.of(url).connect_server(url)};
  try {
    make_baseline_copy(*server, url, run.baseline);
  } catch (Error& error) {
    error.add_context("the baseline is marked, but there is no copy of it");
    throw;
  }
  run.copied = true;
  return run;
}

bool Workspace::has_copy(const DatabaseUrl& url, const Baseline& baseline) {
  const auto connected = try_to_reach_server(engines_.of(url), url);
  if (!connected) return false;
  const ServerScope server{*this, connected};
  return has_baseline_copy(*server, url, baseline);
}

BaselineStatus Workspace::baseline_status(std::string_view database, std::size_t rows) {
  const Scope scope{*this, database};
  Connection& connection = scope->connection();
  BaselineStatus status{.baseline = read_baseline(connection)};
  if (!status.baseline) return status;
  status.changes = known_changes(connection, *status.baseline, rows);
  if (status.changes) {
    status.unchanged = status.changes->none();
    if (!status.changes->schema.empty()) status.copied = has_copy(scope->url(), *status.baseline);
  } else {
    const auto state = measure_state(connection, scope->schema(), progress_);
    status.unchanged = state.digest == status.baseline->digest;
  }
  return status;
}

bool Workspace::remove_baseline(std::string_view database) {
  const Scope scope{*this, database};
  require_mark(scope->connection(), scope->url());
  stop_knowing_changes(scope->connection());
  seedbed::remove_baseline(scope->connection());
  return try_to_drop_copy(scope->engine(), scope->url());
}

void Workspace::require_baseline_snapshot(const Baseline& baseline) const {
  const auto stored = snapshots().at(baseline.snapshot);
  if (stored.digest == baseline.digest) return;
  throw Error{ErrorCode::conflict,
              fmt::format("snapshot '{}' is no longer the baseline that was marked; run "
                          "'seedbed baseline mark' again",
                          baseline.snapshot)};
}

bool Workspace::replace_by_copy(Scope& scope, const Baseline& baseline) {
  const DatabaseUrl url = scope->url();
  const auto connected = try_to_reach_server(scope->engine(), url);
  if (!connected) return false;
  const ServerScope server{*this, connected};
  if (!has_baseline_copy(*server, url, baseline)) return false;
  replace_by_baseline_copy(*server, url);
  scope.reconnect();
  Connection& connection = scope->connection();
  if (baseline.noted && !connection.engine().undo_log().begun(connection)) begin_notes(connection);
  return true;
}

void Workspace::restore_baseline(Database& database, const Baseline& baseline) {
  prepare_factory_tables(database.connection());
  seedbed::restore_snapshot(snapshots(), baseline.snapshot, database.connection(),
                            database.schema(), {}, progress_);
}

// A transaction that somebody has left open must not make the reset wait for ever.
ResetReport Workspace::reset(std::string_view database, const ResetOptions& options) {
  constexpr int kPatienceSeconds = 10;
  Scope scope{*this, database};
  Connection& connection = scope->connection();
  require_mark(connection, scope->url());
  const auto patience = connection.engine().limit_waiting_sql(kPatienceSeconds);
  if (!patience.empty()) connection.execute(patience);
  const Rebuild rebuild{[&](const Baseline& baseline) { require_baseline_snapshot(baseline); },
                        [&](const Baseline& baseline) { restore_baseline(*scope, baseline); },
                        [&](const Baseline& baseline) { return replace_by_copy(scope, baseline); }};
  auto report = reset_to_baseline(connection, options.strategy, rebuild);
  verify_reset(*scope, report, options.verify);
  return report;
}

// A state that should not be is not built upon: without notes, the next reset restores all of it.
void Workspace::verify_reset(Database& database, const ResetReport& report, VerifyReset how) {
  if (how == VerifyReset::never) return;
  const bool rewritten =
      report.used == ResetStrategy::restore || report.used == ResetStrategy::clone;
  const Baseline& baseline = report.baseline;
  Connection& connection = database.connection();
  const auto differing =
      find_differing_tables(database, snapshots().at(baseline.snapshot),
                            rewritten ? VerifyReset::always : how, report.changes, progress_);
  if (!differing) return;
  const auto rows =
      find_differing_rows(snapshots(), baseline.snapshot, connection, differing->tables);
  stop_knowing_changes(connection);
  throw Error{ErrorCode::corrupt,
              fmt::format("database '{}' is not the baseline after its reset ({}); the next "
                          "'seedbed reset' restores it from snapshot '{}'",
                          connection.database_name(), describe_difference(*differing, rows),
                          baseline.snapshot)};
}

}  // namespace seedbed
