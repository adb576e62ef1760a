#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"
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

// A restore brings back row numbers and named records too, which need their tables.
void prepare_restore(Database& database) {
  require_mark(database.connection(), database.url());
  prepare_factory_tables(database.connection());
}

bool is_empty(Database& database) {
  return std::ranges::all_of(database.schema().tables(), [&](const Table& table) {
    const auto sql = fmt::format("SELECT 1 FROM {} LIMIT 1", database.engine().quote(table.name));
    return database.connection().query(sql).rows.empty();
  });
}

}  // namespace

SnapshotSummary Workspace::save_snapshot(std::string_view database, std::string_view name,
                                         const SaveOptions& options) {
  const Scope scope{*this, database};
  return seedbed::save_snapshot(snapshots(), name, scope->connection(), scope->schema(), options,
                                progress_);
}

SnapshotSummary Workspace::restore_snapshot(std::string_view database, std::string_view name,
                                            const RestoreOptions& options) {
  const Scope scope{*this, database};
  if (!options.dry_run) prepare_restore(*scope);
  return seedbed::restore_snapshot(snapshots(), name, scope->connection(), scope->schema(), options,
                                   progress_);
}

CleanPlan Workspace::plan_clean(std::string_view database, const CleanOptions& options) {
  const Scope scope{*this, database};
  return seedbed::plan_clean(scope->connection(), scope->schema(), options);
}

std::vector<CleanedTable> Workspace::clean(std::string_view database, const CleanOptions& options) {
  const Scope scope{*this, database};
  require_mark(scope->connection(), scope->url());
  return seedbed::clean(scope->connection(), scope->schema(), options, progress_);
}

BaselineRun Workspace::mark_baseline(std::string_view database) {
  const Scope scope{*this, database};
  Connection& connection = scope->connection();
  require_mark(connection, scope->url());

  BaselineRun run;
  const auto& source = project_.baseline;
  if (is_empty(*scope)) {
    if (!source.scenario.empty()) {
      seedbed::load({connection, scope->schema(), scope->library(), session_options()},
                    {.scenario = source.scenario}, progress_);
      run.filled_from = fmt::format("scenario '{}'", source.scenario);
    } else if (!source.snapshot.empty()) {
      prepare_restore(*scope);
      seedbed::restore_snapshot(snapshots(), source.snapshot, connection, scope->schema(), {},
                                progress_);
      run.filled_from = fmt::format("snapshot '{}'", source.snapshot);
    }
  }
  const std::string name = baseline_snapshot_name(scope->url());
  const auto saved = seedbed::save_snapshot(snapshots(), name, connection, scope->schema(),
                                            {.replace = true}, progress_);
  run.baseline = {name, saved.digest, format_rfc3339(system_now_micros())};
  write_baseline(connection, run.baseline);
  return run;
}

BaselineStatus Workspace::baseline_status(std::string_view database) {
  const Scope scope{*this, database};
  BaselineStatus status{.baseline = read_baseline(scope->connection())};
  if (status.baseline) {
    const auto state = measure_state(scope->connection(), scope->schema(), progress_);
    status.unchanged = state.digest == status.baseline->digest;
  }
  return status;
}

void Workspace::remove_baseline(std::string_view database) {
  const Scope scope{*this, database};
  require_mark(scope->connection(), scope->url());
  seedbed::remove_baseline(scope->connection());
}

SnapshotSummary Workspace::reset(std::string_view database, const RestoreOptions& options) {
  const Scope scope{*this, database};
  if (!options.dry_run) prepare_restore(*scope);
  SnapshotSummary restored;
  reset_to_baseline(scope->connection(), [&](const Baseline& baseline) {
    const auto stored = snapshots().at(baseline.snapshot);
    if (stored.digest != baseline.digest) {
      throw Error{ErrorCode::conflict,
                  fmt::format("snapshot '{}' is no longer the baseline that was marked; run "
                              "'seedbed baseline mark' again",
                              baseline.snapshot)};
    }
    restored = seedbed::restore_snapshot(snapshots(), baseline.snapshot, scope->connection(),
                                         scope->schema(), options, progress_);
  });
  return restored;
}

}  // namespace seedbed
