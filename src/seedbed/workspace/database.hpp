#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/workspace/config.hpp"

namespace seedbed {

/// The factories of a project; none when it has no such directory. Throws as
/// `FactoryLibrary::load`.
[[nodiscard]] FactoryLibrary project_library(const ProjectConfig& project);

/// One open database with its project's factories: what a suite in C++ works with.
///
///   auto db = workspace.open("default");
///   auto john = db->create("user", {.set = {{"name", "John"}}});
///
/// One thread at a time. Rows are only made in databases that carry the mark: `create` throws
/// refused otherwise.
class Database {
 public:
  /// `engine` outlives the database. Throws as `Engine::connect`.
  Database(const Engine& engine, DatabaseUrl url, ProjectConfig project);
  /// On a connection that is open.
  Database(std::unique_ptr<Connection> connection, DatabaseUrl url, ProjectConfig project);

  [[nodiscard]] Connection& connection() noexcept { return *connection_; }
  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const DatabaseUrl& url() const noexcept { return url_; }
  /// Read when first asked for; stays as it was then.
  [[nodiscard]] const Schema& schema();
  /// Takes `schema` for the database's, to build without one; before anything else is asked for.
  void assume_schema(Schema schema) { schema_ = std::move(schema); }
  /// Adds definitions of builders to the project's; before anything else is asked for. Throws as
  /// `FactoryLibrary::of`.
  void define(const std::vector<LibraryPart>& parts);
  /// As `project_library`, with what `define` added; read once.
  [[nodiscard]] const FactoryLibrary& library();
  [[nodiscard]] FactorySession& factories();

  /// Lets the rows of a test ("Suite.Name") have draws of their own, unique columns apart, unless
  /// SEEDBED_SEED forces the seed. `TestScope` does it too, and rolls back.
  void begin_test(const std::string& test);
  /// What to print when the test fails: how to make the same rows again.
  [[nodiscard]] std::string seed_note();
  /// After rows were put back behind its back: row numbers are read again.
  void start_over() { session_.reset(); }
  /// After its connection was ended from without: a new one, which reads all again. Throws as
  /// `Engine::connect`.
  void reconnect();

  Record create(std::string_view factory, const CallArguments& arguments = {});
  std::vector<Record> create_list(std::string_view factory, std::uint64_t count,
                                  const CallArguments& arguments = {},
                                  const RowChange& change = {});
  /// Needs no mark, and writes nothing.
  [[nodiscard]] Record build(std::string_view factory, const CallArguments& arguments = {});
  /// The same as plain structs: `auto ada = db->create<User>("user")`; see `Columns`.
  template <typename T>
  T create(std::string_view factory, const CallArguments& arguments = {}) {
    return create(factory, arguments).template as<T>();
  }
  template <typename T>
  std::vector<T> create_list(std::string_view factory, std::uint64_t count,
                             const CallArguments& arguments = {}) {
    return structs_of<T>(create_list(factory, count, arguments));
  }
  template <typename T>
  [[nodiscard]] T build(std::string_view factory, const CallArguments& arguments = {}) {
    return build(factory, arguments).template as<T>();
  }

 private:
  friend class TestScope;
  void require_mark_once();
  FactorySession& prepare_session();

  const Engine& engine_;
  ProjectConfig project_;
  DatabaseUrl url_;
  std::unique_ptr<Connection> connection_;
  std::optional<Schema> schema_;
  std::optional<FactoryLibrary> library_;
  std::unique_ptr<FactorySession> session_;  // refers to all of the above
  bool marked_ = false;
};

struct TestScopeOptions {
  unsigned worker = 0;  ///< tells apart processes that test in one database at the same time
  /// The test's name ("Suite.Name"), when its rows shall have draws of their own, unique columns
  /// apart. The environment variable SEEDBED_SEED then forces the seed.
  std::string test{};
};

/// The scope of one test: what happens on the database's connection is rolled back at its end, and
/// row numbers count from where they stood, so that a test's records do not depend on the tests
/// before it.
class TestScope {
 public:
  /// Throws invalid_input when SEEDBED_SEED is asked for and is no seed.
  explicit TestScope(Database& database, const TestScopeOptions& options = {});
  ~TestScope();
  TestScope(const TestScope&) = delete;
  TestScope& operator=(const TestScope&) = delete;

  /// Rolls back now; throws conflict when the code under test ended the transaction itself.
  void close() { sandbox_.close(); }
  /// What to print when the test fails: how to make the same rows again.
  [[nodiscard]] std::string seed_note() const;

 private:
  FactorySession& session_;
  std::uint64_t outer_seed_;
  Sandbox sandbox_;
};

}  // namespace seedbed
