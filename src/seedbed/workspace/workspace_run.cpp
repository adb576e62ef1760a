#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/private_directory.hpp"
#include "seedbed/workspace/scope.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

namespace {

// A change in what Seedbed makes of equal files makes other templates.
constexpr std::string_view kContentsVersion = "contents 1, seedbed " SEEDBED_VERSION;

void check_request(const RunRequest& request) {
  const int sources = static_cast<int>(!request.scenario.empty()) +
                      static_cast<int>(!request.snapshot.empty()) +
                      static_cast<int>(request.only_migrated);
  if (sources > 1) {
    throw Error{ErrorCode::invalid_input,
                "--scenario, --snapshot and --empty say different things: give one of them"};
  }
  constexpr unsigned kMostWorkers = 1000;
  if (request.workers == 0 || request.workers > kMostWorkers) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("--workers {}: from 1 to {} databases are made", request.workers,
                            kMostWorkers)};
  }
}

// Told before a server is started for it.
void require_scenario(const FactoryLibrary& library, const std::string& name) {
  const auto names = library.scenario_names();
  if (std::ranges::find(names, name) != names.end()) return;
  throw Error{ErrorCode::not_found,
              fmt::format("there is no scenario '{}'{}", name, did_you_mean(name, names))};
}

// Nobody has it, so somebody else's changes may not be left either.
bool is_rewound(Connection& connection) {
  const UndoLog& log = connection.engine().undo_log();
  if (!log.begun(connection)) return false;
  const auto undone = log.undo(connection);
  return undone.undoable() && undone.left.empty();
}

}  // namespace

struct Workspace::RunSource {
  const Engine& engine;
  bool private_server = false;  // to be started
  DatabaseUrl url{};            // of a database on the server otherwise
  BaselineSource fill{};
};

Workspace::RunSource Workspace::source_of(const RunRequest& request) const {
  check_request(request);
  const bool named = !request.database.empty() || request.engine.empty();
  RunSource source{.engine =
                       named ? engines_.of(url_of(request.database)) : engines_.at(request.engine)};
  if (named) source.url = url_of(request.database);
  if (named && !request.engine.empty() && source.engine.name() != request.engine) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("--engine {} and --database {} name different engines", request.engine,
                            source.url.redacted())};
  }
  // Of SQLite the engine is all that counts: the files lie where no project sees them.
  if (source.engine.name() == "sqlite") {
    source.url = {.engine = "sqlite", .database = (private_directory() / "seedbed.db").string()};
  } else {
    source.private_server = !named;
  }
  if (source.private_server && request.keep) {
    throw Error{ErrorCode::invalid_input,
                "--keep needs a server that stays: give --database the URL of one"};
  }
  source.fill = {request.scenario, request.snapshot};
  const bool stated = !request.scenario.empty() || !request.snapshot.empty();
  if (!stated && !request.only_migrated) source.fill = project_.baseline;
  return source;
}

TemplateOrder Workspace::contents_of(const RunSource& source) {
  const bool migrated = std::filesystem::exists(project_.migrations);
  auto key =
      fmt::format("{}\nseed {}\nnow {}\n", kContentsVersion, project_.seed, project_.now_micros);
  if (migrated) {
    const MigrationSet set = migrations_for(source.engine);
    for (const auto& migration : set.all()) {
      key += fmt::format("migration {} {} {}\n", migration.label(), migration.checksum.to_string(),
                         migration.in_transaction ? "transaction" : "statements");
    }
  }
  if (!source.fill.scenario.empty()) {
    const auto library = project_library(project_);
    require_scenario(library, source.fill.scenario);
    key += fmt::format("scenario {} of {}\n", source.fill.scenario,
                       sha256(library.to_yaml()).to_string());
  }
  if (!source.fill.snapshot.empty()) {
    key += fmt::format("snapshot {}\n", snapshots().at(source.fill.snapshot).manifest.to_string());
  }
  return {.key = std::move(key),
          .fill =
              [this, migrated, fill = source.fill](const DatabaseUrl& url) {
                if (migrated) migrate(url, true, {});
                const std::string address = url.to_string();
                if (!fill.scenario.empty()) load(address, {.scenario = fill.scenario});
                if (!fill.snapshot.empty()) restore_snapshot(address, fill.snapshot, {});
              },
          .measure = !source.private_server};
}

std::unique_ptr<TestRun> Workspace::begin_run(const RunRequest& request) {
  auto source = source_of(request);
  auto contents = contents_of(source);
  auto own_server =
      source.private_server ? PrivateServer::start(source.engine, progress_) : nullptr;
  if (own_server) source.url = own_server->url();
  const std::shared_ptr<DatabaseServer> server = source.engine.connect_server(source.url);
  const ServerScope scope{*this, server};
  const AtEnd at_end = own_server != nullptr ? AtEnd::forget
                       : request.keep        ? AtEnd::keep
                                             : AtEnd::drop;
  const ReadyOrder order{
      .workers = request.workers, .contents = std::move(contents), .at_end = at_end};
  auto databases = std::make_unique<ReadyDatabases>(server, order, progress_);
  return std::make_unique<TestRun>(std::move(own_server), std::move(databases));
}

RunPlan Workspace::plan_run(const RunRequest& request) {
  const auto source = source_of(request);
  const auto contents = contents_of(source);
  RunPlan plan;
  if (!source.fill.scenario.empty()) {
    plan.filled_from = fmt::format("scenario '{}'", source.fill.scenario);
  } else if (!source.fill.snapshot.empty()) {
    plan.filled_from = fmt::format("snapshot '{}'", source.fill.snapshot);
  }
  if (source.private_server) {
    plan.server = fmt::format("private {} server", source.engine.name());
    return plan;
  }
  plan.server = source.url.redacted();
  const auto server = source.engine.connect_server(source.url);
  plan.template_name = template_name(*server, contents.key);
  plan.template_ready = is_ready_template(*server, plan.template_name);
  return plan;
}

std::unique_ptr<PooledDatabase> Workspace::take_from_pool(std::string_view database) {
  const auto source = source_of({.database = std::string{database}});
  const std::shared_ptr<DatabaseServer> server = source.engine.connect_server(source.url);
  const ServerScope scope{*this, server};
  reap_ready_databases(*server);
  const PoolOrder order{.contents = contents_of(source), .restore = is_rewound};
  return std::make_unique<PooledDatabase>(server, order, progress_);
}

}  // namespace seedbed
