#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/session.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// The text of a file beside the tests.
[[nodiscard]] std::string test_data(const std::string& name);

/// A database with the schema of `schema_sql` and the factories of data/shop.yaml.
class FactoryTest : public EngineTest {
 protected:
  void SetUp() override;

  [[nodiscard]] std::string schema_sql() const;
  void introspect() { schema_ = engine().introspect(connection()); }
  [[nodiscard]] FactorySession& db() { return *session_; }
  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const FactoryLibrary& library() const { return library_; }
  /// Another session on the test's connection.
  [[nodiscard]] FactorySession session(const FactoryLibrary& library) {
    return FactorySession{connection(), schema_, library, options()};
  }
  [[nodiscard]] static SessionOptions options() { return {.seed = 42}; }
  std::vector<LoadedTable> load_scenario(const std::string& name);
  [[nodiscard]] std::int64_t count(std::string_view table, std::string_view where = "1 = 1");
  [[nodiscard]] std::int64_t number(const std::string& sql);
  /// Everything a table holds, in the order of `order`, as canonical text.
  [[nodiscard]] std::string dump(std::string_view table, std::string_view columns,
                                 std::string_view order);

 private:
  Schema schema_;
  FactoryLibrary library_;
  std::unique_ptr<FactorySession> session_;
};

}  // namespace seedbed::testing
