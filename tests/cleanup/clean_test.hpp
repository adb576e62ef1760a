#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/cleanup/strategies.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// Base of suites that clean a database on every engine by every strategy.
class CleanTest : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  void SetUp() override;

  [[nodiscard]] const std::string& engine_name() const { return std::get<0>(GetParam()); }
  [[nodiscard]] CleanStrategy strategy() const {
    return parse_clean_strategy(std::get<1>(GetParam()));
  }
  [[nodiscard]] const Engine& engine() const { return database_->engine(); }
  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return database_->connect(); }
  [[nodiscard]] std::string pick(const std::string& sqlite, const std::string& postgres,
                                 const std::string& mysql) const;

  void run(const std::string& sql) { connection().execute(sql); }
  void interrupt() { progress_.interrupt(); }
  /// Names of the tables and the rows removed, in the order of the result.
  std::vector<std::pair<std::string, int>> clean(const std::vector<std::string>& keep = {});
  [[nodiscard]] CleanPlan plan();
  [[nodiscard]] int count(const std::string& table);
  /// In all tables.
  [[nodiscard]] int rows_left();

  /// Tables a and b that refer to each other; a's key to b is of type `a_key`, both do `action`.
  void make_cycle(const std::string& a_key, const std::string& action = "");
  /// One row each, that refer to each other.
  void fill_not_null_cycle();
  /// Table t with two rows, whose trigger on DELETE writes into the table audit.
  void make_audited_table();

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
  Progress progress_;
};

inline auto strategies_on_all_engines() {
  return ::testing::Combine(::testing::Values("sqlite", "postgres", "mysql"),
                            ::testing::Values("auto", "delete", "truncate"));
}

inline std::string strategy_name(
    const ::testing::TestParamInfo<std::tuple<std::string, std::string>>& info) {
  return std::get<0>(info.param) + "_" + std::get<1>(info.param);
}

}  // namespace seedbed::testing
