#include <filesystem>
#include <utility>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/files/schema_file.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

namespace {

FactoryLibrary library_at(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return FactoryLibrary::load(path);
  return FactoryLibrary::parse(read_file(path, kMaximumDocumentBytes), path);
}

}  // namespace

std::filesystem::path Workspace::save_schema(std::string_view database) {
  const Scope scope{*this, database};
  auto file = project_.factories / kSchemaFile;
  write_file_atomically(file, write_schema(scope->schema()));
  return file;
}

std::vector<InsightRow> Workspace::rows(std::string_view database, const InsightTarget& target,
                                        RowRange range) {
  const Scope scope{*this, open_for_build(database)};
  return FactoryInsight{scope->schema(), scope->library(), session_options()}.rows(target, range);
}

CellExplanation Workspace::explain(std::string_view database, const InsightTarget& target,
                                   std::string_view column, std::uint64_t row) {
  const Scope scope{*this, open_for_build(database)};
  return FactoryInsight{scope->schema(), scope->library(), session_options()}.explain(target,
                                                                                      column, row);
}

std::vector<FoundRow> Workspace::find(std::string_view database, const InsightTarget& target,
                                      const FindRequest& request) {
  const Scope scope{*this, open_for_build(database)};
  FactoryInsight insight{scope->schema(), scope->library(), session_options()};
  if (!request.range) return insight.find(target, request.column, request.value);
  return insight.scan(target, request.column, request.value, *request.range, progress_);
}

CreatePlan Workspace::explain_create(std::string_view database, const CreateRequest& request) {
  const Scope scope{*this, database};
  return scope->factories().plan_graph(request.factory, request.count, request.arguments);
}

LintReport Workspace::lint(std::string_view database, const LintOptions& options) {
  const Scope scope{*this, database};
  require_mark(scope->connection(), scope->url());
  return seedbed::lint({scope->connection(), scope->schema(), scope->library(), session_options()},
                       options, progress_);
}

FactoriesDiff Workspace::diff_factories(std::string_view database,
                                        const std::filesystem::path& before,
                                        const std::filesystem::path& after, std::uint64_t rows) {
  const auto old_library = library_at(before);
  const auto new_library = library_at(after);
  const Scope scope{*this, open_for_build(database)};
  return seedbed::diff_factories(scope->schema(), old_library, new_library, session_options(),
                                 rows);
}

std::unique_ptr<Database> Workspace::open_for_build(std::string_view database) {
  try {
    auto opened = open(database);
    if (!opened->schema().tables().empty()) return opened;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::not_found) throw;
  }
  const DatabaseUrl url = DatabaseUrl::parse("sqlite::memory:");
  auto memory = std::make_unique<Database>(engines_.of(url), url, project_);
  const auto file = project_.factories / kSchemaFile;
  if (std::filesystem::exists(file)) {
    memory->assume_schema(read_schema(read_file(file, kMaximumDocumentBytes), file));
    return memory;
  }
  const MigrationSet set = migrations_for(memory->engine());
  Migrator{memory->connection(), set}.up({}, progress_);
  return memory;
}

}  // namespace seedbed
