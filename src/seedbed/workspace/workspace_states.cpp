#include <fmt/format.h>

#include "seedbed/factories/own_tables.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

namespace {

// A restore brings back row numbers and named records too, which need their tables.
void prepare_restore(Database& database) {
  require_mark(database.connection(), database.url());
  prepare_factory_tables(database.connection());
}

}  // namespace

SnapshotSummary Workspace::save_snapshot(std::string_view database, std::string_view name,
                                         const SaveOptions& options) {
  const Scope scope{*this, database};
  scope->engine().undo_broken_loads(scope->connection());
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

}  // namespace seedbed
