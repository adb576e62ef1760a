#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/column_batch.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// One test on MySQL or MariaDB, with a database of its own.
class MysqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!engine_available("mysql")) GTEST_SKIP() << "no server: run tools/test, or set its URL";
    database_.emplace("mysql");
    connection_ = database_->connect();
  }

  [[nodiscard]] const Engine& engine() const { return database_->engine(); }
  [[nodiscard]] const DatabaseUrl& url() const { return database_->url(); }
  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] std::unique_ptr<Connection> connect() const { return database_->connect(); }
  [[nodiscard]] Value value(std::string_view sql) { return connection_->query_value(sql); }
  void execute(std::string_view sql) { connection_->execute(sql); }
  [[nodiscard]] Schema introspect() { return engine().introspect(*connection_); }

  /// A connection that bulk loads by INSERT.
  [[nodiscard]] std::unique_ptr<Connection> connect_without_local_files() const {
    DatabaseUrl url = database_->url();
    url.parameters["local_infile"] = "false";
    return engine().connect(url);
  }

 private:
  std::optional<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

/// Gives `rows` as one batch, once.
inline BatchSource source_of(std::vector<Row> rows) {
  return [rows = std::move(rows), given = false](ColumnBatch& batch) mutable {
    if (given || rows.empty()) return false;
    for (const auto& row : rows) batch.append(row);
    return given = true;
  };
}

}  // namespace seedbed::testing
