#include <utility>

#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/scope.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

std::vector<Record> Workspace::create(std::string_view database, const CreateRequest& request) {
  const Scope scope{*this, database};
  return scope->create_list(request.factory, request.count, request.arguments);
}

std::vector<PlannedStatement> Workspace::plan_create(std::string_view database,
                                                     const CreateRequest& request) {
  const Scope scope{*this, database};
  return scope->factories().plan(request.factory, request.count, request.arguments);
}

std::vector<Record> Workspace::build(std::string_view database, const CreateRequest& request) {
  const Scope scope{*this, open_for_build(database)};
  return scope->factories().build_list(request.factory, request.count, request.arguments);
}

LoadRun Workspace::load(std::string_view database, const LoadRequest& request) {
  const DatabaseUrl url = url_of(database);
  LoadRun run;
  if (create_if_missing(url)) run.prepared = migrate(url, true, {});

  const Scope scope{*this, database};
  require_mark(scope->connection(), scope->url());
  run.tables =
      seedbed::load({scope->connection(), scope->schema(), scope->library(), session_options()},
                    request, progress_);
  return run;
}

LoadPreview Workspace::plan_load(std::string_view database, const LoadRequest& request) {
  const Scope scope{*this, database};
  return seedbed::plan_load(
      {scope->connection(), scope->schema(), scope->library(), session_options()}, request);
}

std::vector<LoadedTable> Workspace::write_rows(std::string_view database,
                                               const LoadRequest& request,
                                               const RowOutput& output) {
  const auto& engine = engines_.of(url_of(database));
  const Scope scope{*this, open_for_build(database)};
  return seedbed::write_rows({engine, scope->schema(), scope->library(), session_options()},
                             request, output, progress_);
}

LoadPreview Workspace::plan_rows(std::string_view database, const LoadRequest& request,
                                 const RowOutput& output) {
  const auto& engine = engines_.of(url_of(database));
  const Scope scope{*this, open_for_build(database)};
  return seedbed::plan_rows({engine, scope->schema(), scope->library(), session_options()}, request,
                            output);
}

Certificate Workspace::certify(std::string_view database, const Certificate& wanted) {
  const Scope scope{*this, database};
  return seedbed::certify(scope->connection(), scope->schema(), wanted, progress_);
}

}  // namespace seedbed
