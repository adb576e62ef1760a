#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "seedbed/engines/engine.hpp"

namespace seedbed::testing {

/// All three engines, as the tool has them.
[[nodiscard]] const EngineRegistry& engines();

/// The server's URL for an engine, from SEEDBED_TEST_POSTGRES_URL or SEEDBED_TEST_MYSQL_URL (its
/// database is the maintenance database); empty when the variable is not set. SQLite needs none.
[[nodiscard]] std::string server_url(std::string_view engine);

/// Whether tests may use the engine: SQLite always, the others when their server's URL is set. When
/// SEEDBED_TEST_REQUIRE lists an engine whose URL is missing, the test fails instead of skipping.
[[nodiscard]] bool engine_available(std::string_view engine);

/// A fresh, empty database of its own for one test; dropped at the end. It carries no mark.
class TestDatabase {
 public:
  explicit TestDatabase(std::string_view engine);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] const Engine& engine() const { return engines().of(url_); }
  [[nodiscard]] const DatabaseUrl& url() const noexcept { return url_; }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return engine().connect(url_); }

 private:
  DatabaseUrl url_;
  std::string directory_;  // SQLite's, removed at the end
};

/// Base of suites that run on every engine:
///   class Values : public EngineTest {};
///   TEST_P(Values, KeepsTheLastDigit) { connection().execute("..."); }
///   SEEDBED_ON_ALL_ENGINES(Values);
class EngineTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] const Engine& engine() const { return database_->engine(); }
  [[nodiscard]] const DatabaseUrl& url() const { return database_->url(); }
  [[nodiscard]] Connection& connection() {
    if (!connection_) connection_ = connect();
    return *connection_;
  }
  /// Until `connection()` is asked for again.
  void disconnect() { connection_.reset(); }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return database_->connect(); }
  [[nodiscard]] bool is(std::string_view name) const { return GetParam() == name; }
  /// `text` for this engine.
  [[nodiscard]] std::string pick(std::string_view sqlite, std::string_view postgres,
                                 std::string_view mysql) const;

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

#define SEEDBED_ON_ALL_ENGINES(Suite)                                                 \
  INSTANTIATE_TEST_SUITE_P(, Suite, ::testing::Values("sqlite", "postgres", "mysql"), \
                           [](const auto& instance) { return std::string{instance.param}; })

}  // namespace seedbed::testing
