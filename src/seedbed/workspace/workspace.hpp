#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/cleanup/database_pool.hpp"
#include "seedbed/cleanup/reset.hpp"
#include "seedbed/cleanup/strategies.hpp"
#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/insight/diff.hpp"
#include "seedbed/factories/insight/insight.hpp"
#include "seedbed/factories/insight/lint.hpp"
#include "seedbed/factories/insight/plan_report.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/factories/row_files.hpp"
#include "seedbed/guard/adopt.hpp"
#include "seedbed/migrations/migrator.hpp"
#include "seedbed/snapshots/reader.hpp"
#include "seedbed/snapshots/store.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "seedbed/workspace/config.hpp"
#include "seedbed/workspace/database.hpp"
#include "seedbed/workspace/requests.hpp"
#include "seedbed/workspace/test_run.hpp"

namespace seedbed {

/// A project's use cases, one function each: the only door to the rooms below for the tool and for
/// programs. `database` is a name of the project file, empty for "default", or a URL. Every
/// function opens a connection of its own; what destroys rows first requires the database's mark
/// (refused). Not thread-safe, `cancel()` apart.
class Workspace {
 public:
  /// `engines` and `progress` outlive the workspace.
  Workspace(const EngineRegistry& engines, ProjectConfig project, Progress& progress);

  [[nodiscard]] const ProjectConfig& project() const noexcept { return project_; }
  [[nodiscard]] DatabaseUrl url_of(std::string_view database) const;
  /// Throws not_found, naming `seedbed migrate up`, when the database does not exist.
  [[nodiscard]] std::unique_ptr<Database> open(std::string_view database) const;

  /// What there is, before `adopt` marks it as disposable.
  [[nodiscard]] AdoptionReport inspect(std::string_view database);
  void adopt(std::string_view database, const std::string& typed_name);

  [[nodiscard]] Schema schema(std::string_view database);
  /// Exact numbers, in the schema's order.
  [[nodiscard]] std::vector<TableCount> count_rows(std::string_view database);

  [[nodiscard]] std::vector<MigrationStatus> migration_status(std::string_view database);
  MigrationRun migrate_up(std::string_view database, const MigrateOptions& options);
  std::vector<Migration> migrate_down(std::string_view database, const MigrateOptions& options);
  [[nodiscard]] std::vector<std::filesystem::path> new_migration(std::string_view name) const;

  std::vector<Record> create(std::string_view database, const CreateRequest& request);
  [[nodiscard]] std::vector<PlannedStatement> plan_create(std::string_view database,
                                                          const CreateRequest& request);
  [[nodiscard]] CreatePlan explain_create(std::string_view database, const CreateRequest& request);
  /// Writes nothing. The schema is the database's when it answers and has tables, else the one in
  /// `factories/schema.json`, else the one that the project's migrations give on SQLite. The same
  /// holds for `rows`, `explain`, `find`, `diff_factories` and `check`.
  [[nodiscard]] std::vector<Record> build(std::string_view database, const CreateRequest& request);
  /// Keeps the database's schema in `factories/schema.json`; returns the file.
  std::filesystem::path save_schema(std::string_view database);

  [[nodiscard]] std::vector<InsightRow> rows(std::string_view database, const InsightTarget& target,
                                             RowRange range);
  [[nodiscard]] CellExplanation explain(std::string_view database, const InsightTarget& target,
                                        std::string_view column, std::uint64_t row);
  [[nodiscard]] std::vector<FoundRow> find(std::string_view database, const InsightTarget& target,
                                           const FindRequest& request);
  /// Creates rows of every factory and rolls them back.
  LintReport lint(std::string_view database, const LintOptions& options);
  /// `before` and `after` are files or directories of factories.
  [[nodiscard]] FactoriesDiff diff_factories(std::string_view database,
                                             const std::filesystem::path& before,
                                             const std::filesystem::path& after,
                                             std::uint64_t rows);

  /// A missing database is created, marked and migrated first.
  LoadRun load(std::string_view database, const LoadRequest& request);
  [[nodiscard]] LoadPreview plan_load(std::string_view database, const LoadRequest& request);
  /// Writes rows as `load` would give them to an empty database, in the dialect of this one, which
  /// need not be there; the schema is that of `build`.
  std::vector<LoadedTable> write_rows(std::string_view database, const LoadRequest& request,
                                      const RowOutput& output);
  [[nodiscard]] LoadPreview plan_rows(std::string_view database, const LoadRequest& request,
                                      const RowOutput& output);
  /// What the rows of the same tables add up to now.
  [[nodiscard]] Certificate certify(std::string_view database, const Certificate& wanted);

  SnapshotSummary save_snapshot(std::string_view database, std::string_view name,
                                const SaveOptions& options);
  SnapshotSummary restore_snapshot(std::string_view database, std::string_view name,
                                   const RestoreOptions& options);
  [[nodiscard]] SnapshotStore snapshots() const { return SnapshotStore{project_.snapshots}; }

  [[nodiscard]] CleanPlan plan_clean(std::string_view database, const CleanOptions& options);
  std::vector<CleanedTable> clean(std::string_view database, const CleanOptions& options);

  /// Seals the state as the baseline, by a snapshot, and notes changes from now on. A database
  /// without any row is first filled as the project's `baseline` states.
  BaselineRun mark_baseline(std::string_view database, const MarkOptions& options = {});
  /// What was changed, with up to `rows` rows of each table.
  [[nodiscard]] BaselineStatus baseline_status(std::string_view database, std::size_t rows = 0);
  /// With the copy of it, if one is kept: false where its server could not be asked for one.
  bool remove_baseline(std::string_view database);
  /// Brings the baseline back. Throws corrupt when `verify` finds another state; the next reset
  /// then restores.
  ResetReport reset(std::string_view database, const ResetOptions& options = {});

  /// Databases for a program, each a marked clone of one template that is migrated and filled; both
  /// are on the server of the request's database. Without migrations or rows they are empty.
  [[nodiscard]] std::unique_ptr<TestRun> begin_run(const RunRequest& request);
  [[nodiscard]] RunPlan plan_run(const RunRequest& request);
  /// One such database of the project's baseline, on the server of `database`: one that a process
  /// before has given back, rewound now and still noting its changes, or a new one.
  [[nodiscard]] std::unique_ptr<PooledDatabase> take_from_pool(std::string_view database);

  /// Looks at the targets again and again, at growing intervals, until each has answered. Throws
  /// unavailable, with the last reason, when one has not in time.
  [[nodiscard]] std::vector<WaitedFor> wait_for(const WaitRequest& request);

  /// What is wrong with the project's files, also against the schema that `build` would take.
  [[nodiscard]] Diagnostics check(std::string_view database);

  /// Interrupts the statement at hand; may be called from any thread.
  void cancel() noexcept;

 private:
  class Scope;
  class ServerScope;
  struct RunSource;

  [[nodiscard]] MigrationSet migrations_for(const Engine& engine) const;
  MigrationRun migrate(const DatabaseUrl& url, bool created, const MigrateOptions& options);
  bool create_if_missing(const DatabaseUrl& url);
  void fill_from_baseline_source(Database& database, BaselineRun& run);
  void require_baseline_snapshot(const Baseline& baseline) const;
  void restore_baseline(Database& database, const Baseline& baseline);
  BaselineRun seal_baseline(Scope& scope, const MarkOptions& options);
  bool has_copy(const DatabaseUrl& url, const Baseline& baseline);
  bool replace_by_copy(Scope& scope, const Baseline& baseline);
  void verify_reset(Database& database, const ResetReport& report, VerifyReset how);
  [[nodiscard]] Diagnostics check_factories(std::string_view database);
  [[nodiscard]] std::unique_ptr<Database> open_for_build(std::string_view database);
  [[nodiscard]] SessionOptions session_options() const;
  [[nodiscard]] RunSource source_of(const RunRequest& request) const;
  [[nodiscard]] TemplateOrder contents_of(const RunSource& source);

  const EngineRegistry& engines_;
  ProjectConfig project_;
  Progress& progress_;
  std::mutex mutex_;  // guards the next two
  Connection* active_ = nullptr;
  DatabaseServer* active_server_ = nullptr;
};

}  // namespace seedbed
