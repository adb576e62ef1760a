// A suite of Catch2 as a user writes it; suites_test.py runs it. What is tagged [fails] is run
// alone.
#define CATCH_CONFIG_MAIN  // NOLINT(readability-identifier-naming): Catch says so
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/testing/catch2.hpp"

namespace {

const bool kSqlite = seedbed::testing::use_engine(seedbed::make_sqlite_engine());
const bool kPostgres = seedbed::testing::use_engine(seedbed::make_postgres_engine());
const bool kMysql = seedbed::testing::use_engine(seedbed::make_mysql_engine());

class Shop : public seedbed::testing::DatabaseFixture {
 protected:
  std::int64_t users() {
    return connection().query_value("SELECT count(*) FROM users").as<std::int64_t>();
  }
};

TEST_CASE_METHOD(Shop, "each way through the sections finds the baseline") {
  CHECK(users() == 21);
  db().create("user");
  SECTION("with one more") {
    db().create("user");
    CHECK(users() == 23);
  }
  SECTION("or with none, and a new table") {
    connection().execute("CREATE TABLE extra (id INT)");
    CHECK(users() == 22);
  }
}

TEST_CASE_METHOD(Shop, "a new table is gone again") {
  CHECK(users() == 21);
  connection().execute("CREATE TABLE extra (id INT)");
}

TEST_CASE_METHOD(Shop, "a failure", "[.][fails]") {
  db().create("user");
  REQUIRE(users() == 0);
}

}  // namespace
