#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// A database and a connection on PostgreSQL only.
class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!engine_available("postgres")) {
      GTEST_SKIP() << "no server for postgres: run tools/test, or set its URL";
    }
    database_ = std::make_unique<TestDatabase>("postgres");
    connection_ = database_->connect();
  }
  void TearDown() override {
    connection_.reset();
    database_.reset();
  }

  [[nodiscard]] const Engine& engine() const { return database_->engine(); }
  [[nodiscard]] const DatabaseUrl& url() const { return database_->url(); }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return database_->connect(); }
  [[nodiscard]] Connection& db() { return *connection_; }
  [[nodiscard]] Schema schema() { return engine().introspect(db()); }
  [[nodiscard]] std::int64_t number(const std::string& sql) {
    return db().query_value(sql).integer();
  }

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace seedbed::testing
