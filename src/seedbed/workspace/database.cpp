#include "seedbed/workspace/database.hpp"

#include <filesystem>
#include <utility>

#include "seedbed/factories/builder.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/factories/test_seed.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

Database::Database(const Engine& engine, DatabaseUrl url, ProjectConfig project)
    : engine_{engine},
      project_{std::move(project)},
      url_{std::move(url)},
      connection_{engine.connect(url_)} {}

Database::Database(std::unique_ptr<Connection> connection, DatabaseUrl url, ProjectConfig project)
    : engine_{connection->engine()},
      project_{std::move(project)},
      url_{std::move(url)},
      connection_{std::move(connection)} {}

void Database::reconnect() {
  session_.reset();
  schema_.reset();
  marked_ = false;
  connection_ = engine_.connect(url_);
}

const Schema& Database::schema() {
  if (!schema_) schema_ = engine_.introspect(*connection_);
  return *schema_;
}

const FactoryLibrary& Database::library() {
  if (!library_) library_ = project_library(project_);
  return *library_;
}

void Database::define(const std::vector<LibraryPart>& parts) {
  const bool files = std::filesystem::exists(project_.factories);
  library_ = FactoryLibrary::of(
      parts, {.directory = files ? project_.factories : std::filesystem::path{}});
}

FactoryLibrary project_library(const ProjectConfig& project) {
  if (!std::filesystem::exists(project.factories)) return {};
  return FactoryLibrary::load(project.factories);
}

FactorySession& Database::factories() {
  if (!session_) {
    const SessionOptions options{.seed = project_.seed, .now_micros = project_.now_micros};
    session_ = std::make_unique<FactorySession>(*connection_, schema(), library(), options);
  }
  return *session_;
}

Record Database::create(std::string_view factory, const CallArguments& arguments) {
  return prepare_session().create(factory, arguments);
}

std::vector<Record> Database::create_list(std::string_view factory, std::uint64_t count,
                                          const CallArguments& arguments, const RowChange& change) {
  return prepare_session().create_list(factory, count, arguments, change);
}

Record Database::build(std::string_view factory, const CallArguments& arguments) {
  return factories().build(factory, arguments);
}

void Database::begin_test(const std::string& test) {
  const auto forced = forced_seed();
  prepare_session().set_seed(forced.value_or(test_seed(project_.seed, test)));
}

std::string Database::seed_note() {
  return seedbed::seed_note(factories().seed());
}

void Database::require_mark_once() {
  if (marked_) return;
  require_mark(*connection_, url_);
  // Not later, since making a table ends the transaction of a test on some engines.
  if (!connection_->in_transaction()) prepare_factory_tables(*connection_);
  marked_ = true;
}

FactorySession& Database::prepare_session() {
  require_mark_once();
  return factories();
}

TestScope::TestScope(Database& database, const TestScopeOptions& options)
    : session_{database.prepare_session()},
      outer_seed_{session_.seed()},
      sandbox_{database.connection()} {
  if (!options.test.empty()) database.begin_test(options.test);
  session_.enter_sandbox(options.worker);
}

TestScope::~TestScope() {
  session_.set_seed(outer_seed_);
  session_.leave_sandbox();
}

std::string TestScope::seed_note() const {
  return seedbed::seed_note(session_.seed());
}

}  // namespace seedbed
