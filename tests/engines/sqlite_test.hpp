#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// Base of tests of what only SQLite does: a fresh file in a folder of its own.
class SqliteTest : public ::testing::Test {
 protected:
  [[nodiscard]] const Engine& engine() const { return database_.engine(); }
  [[nodiscard]] const DatabaseUrl& url() const { return database_.url(); }
  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return database_.connect(); }
  [[nodiscard]] DatabaseUrl url_in_folder(const std::string& name) const {
    const auto folder = std::filesystem::path{url().database}.parent_path();
    return url().with_database((folder / name).string());
  }

 private:
  TestDatabase database_{"sqlite"};
  std::unique_ptr<Connection> connection_ = database_.connect();
};

}  // namespace seedbed::testing
