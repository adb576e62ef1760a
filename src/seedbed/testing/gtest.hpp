#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
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

/// Base of tests that work on a database of their own:
///
///   class OrderTest : public seedbed::testing::DatabaseTest {};
///   TEST_F(OrderTest, HasItems) { auto order = db().create("order", {.has = {{"items", 2}}}); }
///
/// A test that fails says how to make its rows again and, under `rewind`, what it changed.
class DatabaseTest : public ::testing::Test {
 protected:
  /// For another suite, override it; for one test, derive a fixture from the suite's.
  [[nodiscard]] virtual TestIsolation isolation() const { return TestIsolation::rollback; }

  [[nodiscard]] Database& db() { return suite_database().database(); }
  [[nodiscard]] Connection& connection() { return db().connection(); }

  void SetUp() override {
    const auto& test = *::testing::UnitTest::GetInstance()->current_test_info();
    try {
      suite_database().begin_test(std::string{test.test_suite_name()} + '.' + test.name(),
                                  isolation());
    } catch (const Error& error) {
      GTEST_FAIL() << error.what();
    }
  }

  void TearDown() override {
    try {
      for (const auto& line : suite_database().end_test(HasFailure())) {
        std::cerr << "seedbed: " << line << '\n';
      }
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
};

}  // namespace seedbed::testing
