#pragma once

#include <iostream>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/testing/suite.hpp"

namespace seedbed::testing {

/// Base of tests that work on a database of their own:
///
///   class OrderTest : public seedbed::testing::DatabaseTest {};
///   TEST_F(OrderTest, HasItems) { auto order = db().create("order", {.has = {{"items", 2}}}); }
///
/// A test that fails says how to make its rows again and, where it is rewound, what it changed.
class DatabaseTest : public ::testing::Test {
 protected:
  /// For another suite, override it; for one test, derive a fixture from the suite's.
  [[nodiscard]] virtual TestIsolation isolation() const { return TestIsolation::automatic; }

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
