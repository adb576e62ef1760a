#pragma once

#include <cstdlib>
#include <memory>
#include <utility>

#include "seedbed/workspace/suite_database.hpp"

namespace seedbed::testing {

/// The engines that tests of this program may use; see `use_engine`.
inline EngineRegistry& suite_engines() {
  static EngineRegistry engines;
  return engines;
}

/// At namespace scope of one source: `const bool kEngine = use_engine(make_sqlite_engine());`
inline bool use_engine(std::unique_ptr<Engine> engine) {
  suite_engines().add(std::move(engine));
  return true;
}

/// The database of this process's tests. The project is that of the working directory, or of
/// SEEDBED_PROJECT; its database "default", or SEEDBED_DATABASE.
inline SuiteDatabase& suite_database() {
  static SuiteDatabase database = [] {
    // NOLINTBEGIN(concurrency-mt-unsafe): read only
    const char* project = std::getenv("SEEDBED_PROJECT");
    const char* name = std::getenv("SEEDBED_DATABASE");
    // NOLINTEND(concurrency-mt-unsafe)
    return SuiteDatabase{suite_engines(), load_project(project != nullptr ? project : "."),
                         name != nullptr ? name : ""};
  }();
  return database;
}

}  // namespace seedbed::testing
