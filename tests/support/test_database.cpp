#include "tests/support/test_database.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"

namespace seedbed::testing {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): tests set none
  return value != nullptr ? value : "";
}

bool required(std::string_view engine) {
  return std::ranges::any_of(split(environment("SEEDBED_TEST_REQUIRE"), ','),
                             [&](const auto& name) { return trimmed(name) == engine; });
}

std::string unique_name() {
  static std::atomic<unsigned> counter{0};
  return fmt::format("sbtest_{}_{}", ::getpid(), counter++);
}

}  // namespace

const EngineRegistry& engines() {
  static const EngineRegistry kRegistry = [] {
    EngineRegistry registry;
    registry.add(make_sqlite_engine());
    registry.add(make_postgres_engine());
    registry.add(make_mysql_engine());
    return registry;
  }();
  return kRegistry;
}

std::string server_url(std::string_view engine) {
  if (engine == "postgres") return environment("SEEDBED_TEST_POSTGRES_URL");
  if (engine == "mysql") return environment("SEEDBED_TEST_MYSQL_URL");
  return {};
}

bool engine_available(std::string_view engine) {
  if (engine == "sqlite" || !server_url(engine).empty()) return true;
  if (required(engine))
    ADD_FAILURE() << "SEEDBED_TEST_REQUIRE lists " << engine << ", but no URL is set";
  return false;
}

TestDatabase::TestDatabase(std::string_view engine) {
  if (engine == "sqlite") {
    directory_ = (std::filesystem::temp_directory_path() / unique_name()).string();
    std::filesystem::create_directories(directory_);
    url_ = DatabaseUrl::parse("sqlite:" + directory_ + "/test.db");
  } else {
    url_ = DatabaseUrl::parse(server_url(engine)).with_database(unique_name());
  }
  engines().of(url_).create_database(url_);
}

TestDatabase::~TestDatabase() {
  try {
    engines().of(url_).drop_database(url_);
  } catch (const Error& error) {
    std::cerr << "test database not dropped: " << error.what() << '\n';
  }
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

void EngineTest::SetUp() {
  if (!engine_available(GetParam())) {
    GTEST_SKIP() << "no server for " << GetParam() << ": run tools/test, or set its URL";
  }
  database_ = std::make_unique<TestDatabase>(GetParam());
  connection_ = database_->connect();
}

void EngineTest::TearDown() {
  connection_.reset();
  database_.reset();
}

std::string EngineTest::pick(std::string_view sqlite, std::string_view postgres,
                             std::string_view mysql) const {
  return std::string{is("sqlite") ? sqlite : is("postgres") ? postgres : mysql};
}

}  // namespace seedbed::testing
