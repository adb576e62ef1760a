#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/session.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// A database with tables and factories of the test's own.
class RelationTest : public EngineTest {
 protected:
  /// Makes tables: `{id}` stands for a column's counted primary key, `{moment}` for a timestamp.
  void make_tables(std::string_view sql);
  /// Begins a session with these factories.
  void define(const std::string& factories);
  [[nodiscard]] FactorySession& db() { return *session_; }
  [[nodiscard]] const Schema& schema() const { return schema_; }
  std::vector<LoadedTable> load_scenario(const std::string& name);
  [[nodiscard]] LoadPreview plan_scenario(const std::string& name);
  std::vector<LoadedTable> load_rows(std::vector<LoadEntry> entries);
  /// What loading scenario `name`, or planning it, throws; it must be the same.
  void refuses_scenario(const std::string& name, const std::string& text);
  [[nodiscard]] std::int64_t count(std::string_view table, std::string_view where = "1 = 1");
  [[nodiscard]] std::int64_t number(const std::string& sql);
  /// The first column of the result, NULL as "-", joined by blanks.
  [[nodiscard]] std::string values(const std::string& sql);

 private:
  Schema schema_;
  std::unique_ptr<FactoryLibrary> library_;
  std::unique_ptr<FactorySession> session_;
};

/// For suites about what no engine does differently.
#define SEEDBED_ON_SQLITE(Suite)                                 \
  INSTANTIATE_TEST_SUITE_P(, Suite, ::testing::Values("sqlite"), \
                           [](const auto& instance) { return std::string{instance.param}; })

}  // namespace seedbed::testing
