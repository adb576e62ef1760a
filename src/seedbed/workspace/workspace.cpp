#include "seedbed/workspace/workspace.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"

namespace seedbed {

namespace {

bool within(const Migration& migration, const MigrateOptions& options) {
  return !options.to || migration.version <= *options.to;
}

Diagnostics findings_of(const Error& error) {
  if (!error.findings().empty()) return error.findings();
  return {{error.code(), error.what(), {}}};
}

// Another schema is another baseline, and the triggers of the notes could be in the way.
void stop_notes(Connection& connection) {
  const UndoLog& log = connection.engine().undo_log();
  if (log.begun(connection)) log.end(connection);
  const EmptyBaseline& tables = connection.engine().empty_baseline();
  if (tables.begun(connection)) tables.end(connection);
}

bool is_pending(const MigrationStatus& status) {
  return status.state == MigrationState::pending;
}

}  // namespace

Workspace::Workspace(const EngineRegistry& engines, ProjectConfig project, Progress& progress)
    : engines_{engines}, project_{std::move(project)}, progress_{progress} {}

DatabaseUrl Workspace::url_of(std::string_view database) const {
  return resolve_database(project_, database);
}

std::unique_ptr<Database> Workspace::open(std::string_view database) const {
  const DatabaseUrl url = url_of(database);
  try {
    return std::make_unique<Database>(engines_.of(url), url, project_);
  } catch (Error& error) {
    if (error.code() == ErrorCode::not_found) error.add_context("'seedbed migrate up' creates it");
    throw;
  }
}

AdoptionReport Workspace::inspect(std::string_view database) {
  const Scope scope{*this, database};
  return inspect_for_adoption(scope->connection(), scope->url());
}

void Workspace::adopt(std::string_view database, const std::string& typed_name) {
  const Scope scope{*this, database};
  adopt_database(scope->connection(), scope->url(), typed_name);
}

Schema Workspace::schema(std::string_view database) {
  const Scope scope{*this, database};
  return scope->schema();
}

std::vector<TableCount> Workspace::count_rows(std::string_view database) {
  const Scope scope{*this, database};
  std::vector<TableCount> counts;
  for (const auto& table : scope->schema().tables()) {
    const auto sql = fmt::format("SELECT count(*) FROM {}", scope->engine().quote(table.name));
    const auto rows = scope->connection().query_value(sql).as<std::int64_t>();
    counts.push_back({table.name, static_cast<std::uint64_t>(rows)});
  }
  return counts;
}

std::vector<MigrationStatus> Workspace::migration_status(std::string_view database) {
  const Scope scope{*this, database};
  const MigrationSet set = migrations_for(scope->engine());
  return Migrator{scope->connection(), set}.status();
}

MigrationRun Workspace::migrate_up(std::string_view database, const MigrateOptions& options) {
  const DatabaseUrl url = url_of(database);
  const Engine& engine = engines_.of(url);
  if (!options.dry_run) return migrate(url, create_if_missing(url), options);
  if (engine.database_exists(url)) return migrate(url, false, options);

  MigrationRun run{.created = true};
  const MigrationSet set = migrations_for(engine);
  std::copy_if(set.all().begin(), set.all().end(), std::back_inserter(run.migrations),
               [&](const Migration& migration) { return within(migration, options); });
  return run;
}

MigrationRun Workspace::migrate(const DatabaseUrl& url, bool created,
                                const MigrateOptions& options) {
  const MigrationSet set = migrations_for(engines_.of(url));
  const Scope scope{*this, std::make_unique<Database>(engines_.of(url), url, project_)};
  Migrator migrator{scope->connection(), set};
  if (!options.dry_run && std::ranges::any_of(migrator.status(), is_pending)) {
    stop_notes(scope->connection());
  }
  return {created, migrator.up(options, progress_)};
}

std::vector<Migration> Workspace::migrate_down(std::string_view database,
                                               const MigrateOptions& options) {
  const Scope scope{*this, database};
  const MigrationSet set = migrations_for(scope->engine());
  if (!options.dry_run) {
    require_mark(scope->connection(), scope->url());
    stop_notes(scope->connection());
  }
  return Migrator{scope->connection(), set}.down(options, progress_);
}

std::vector<std::filesystem::path> Workspace::new_migration(std::string_view name) const {
  return create_migration(project_.migrations, name);
}

// What is wrong in the files themselves is told also where there is no schema to look at.
Diagnostics Workspace::check_factories(std::string_view database) {
  Diagnostics findings;
  std::optional<Schema> schema;
  try {
    const Scope scope{*this, open_for_build(database)};
    schema = scope->schema();
  } catch (const Error& error) {
    findings = findings_of(error);
  }
  if (!std::filesystem::exists(project_.factories)) return findings;
  try {
    if (schema) return FactoryLibrary::mistakes_in_files(project_.factories, *schema);
    static_cast<void>(project_library(project_));
  } catch (const Error& error) {
    std::ranges::copy(findings_of(error), std::back_inserter(findings));
  }
  return findings;
}

Diagnostics Workspace::check(std::string_view database) {
  Diagnostics findings = check_factories(database);
  try {
    for (const auto& status : migration_status(database)) {
      if (status.note.empty()) continue;
      findings.push_back({ErrorCode::conflict,
                          fmt::format("migration '{}' is {}: {}", status.label,
                                      to_string(status.state), status.note),
                          {}});
    }
  } catch (const Error& error) {
    // A database that is not there yet is no fault of the project's files.
    const bool absent =
        error.code() == ErrorCode::unavailable || error.code() == ErrorCode::not_found;
    if (!absent) std::ranges::copy(findings_of(error), std::back_inserter(findings));
  }
  return findings;
}

void Workspace::cancel() noexcept {
  const std::lock_guard lock{mutex_};
  if (active_ != nullptr) active_->cancel();
  if (active_ == nullptr && active_server_ != nullptr) active_server_->cancel();
}

MigrationSet Workspace::migrations_for(const Engine& engine) const {
  return MigrationSet::load(project_.migrations, engine.name());
}

// The mark comes before anything else is in the database: what fails later leaves a database that
// Seedbed may still use.
bool Workspace::create_if_missing(const DatabaseUrl& url) {
  const Engine& engine = engines_.of(url);
  if (engine.database_exists(url)) return false;
  try {
    engine.create_database(url);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::conflict) return false;  // another process was faster
    throw;
  }
  mark_database(*engine.connect(url));
  return true;
}

SessionOptions Workspace::session_options() const {
  return {.seed = project_.seed, .now_micros = project_.now_micros};
}

}  // namespace seedbed
