#pragma once

#include <exception>
#include <iostream>
#include <string>

#include <catch2/catch.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/testing/suite.hpp"

namespace seedbed::testing {

/// Base of Catch2's (version 2) fixtures that work on a database of their own:
///
///   class OrderTest : public seedbed::testing::DatabaseFixture {};
///   TEST_CASE_METHOD(OrderTest, "an order has items") {
///     auto order = db().create("order", {.has = {{"items", 2}}});
///   }
///
/// Each way through the sections of a case finds the baseline. A case that fails says how to make
/// its rows again and, where it is rewound, what it changed. Failed is one that ends by an
/// exception, as that of `REQUIRE`, or whose last assertion does not hold.
class DatabaseFixture {
 public:
  explicit DatabaseFixture(TestIsolation isolation = TestIsolation::automatic)
      : exceptions_{std::uncaught_exceptions()} {
    suite_database().begin_test(Catch::getResultCapture().getCurrentTestName(), isolation);
  }
  ~DatabaseFixture() {
    const bool failed = std::uncaught_exceptions() > exceptions_ ||
                        !Catch::getResultCapture().lastAssertionPassed();
    try {
      for (const auto& line : suite_database().end_test(failed)) {
        std::cerr << "seedbed: " << line << '\n';
      }
    } catch (const Error& error) {
      // FAIL_CHECK, whatever its prefix is; it throws nothing, as a destructor must.
      INTERNAL_CATCH_MSG("FAIL_CHECK", Catch::ResultWas::ExplicitFailure,
                         Catch::ResultDisposition::ContinueOnFailure, error.what());
    }
  }
  DatabaseFixture(const DatabaseFixture&) = delete;
  DatabaseFixture& operator=(const DatabaseFixture&) = delete;

 protected:
  [[nodiscard]] Database& db() { return suite_database().database(); }
  [[nodiscard]] Connection& connection() { return db().connection(); }

 private:
  int exceptions_;
};

}  // namespace seedbed::testing
