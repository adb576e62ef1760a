#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

using testing::EngineTest;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

class Connect : public EngineTest {
 protected:
  // What connecting to `url` says.
  [[nodiscard]] std::string failure(const DatabaseUrl& url) const {
    try {
      static_cast<void>(engine().connect(url));
    } catch (const Error& error) {
      return error.what();
    }
    return "connected";
  }
};
SEEDBED_ON_ALL_ENGINES(Connect);

TEST_P(Connect, SaysNotFoundForAMissingDatabase) {
  const DatabaseUrl missing = url().with_database(url().database + "_missing");

  EXPECT_THAT([&] { static_cast<void>(engine().connect(missing)); },
              ThrowsError(ErrorCode::not_found, "_missing"));
  EXPECT_FALSE(engine().database_exists(missing));
}

TEST_P(Connect, SaysUnavailableWhenNoServerListens) {
  if (is("sqlite")) GTEST_SKIP() << "SQLite has no server";
  DatabaseUrl dead = url();
  dead.host = "127.0.0.1";
  dead.port = 1;
  dead.parameters.clear();

  EXPECT_THAT([&] { static_cast<void>(engine().connect(dead)); },
              ThrowsError(ErrorCode::unavailable, ""));
}

TEST_P(Connect, NeverRepeatsThePassword) {
  if (is("sqlite")) GTEST_SKIP() << "SQLite has no passwords";
  DatabaseUrl dead = url();
  dead.password = "s3cr3t-w0rd";
  dead.parameters.clear();
  dead.port = 1;
  const DatabaseUrl missing = [&] {
    DatabaseUrl changed = url();
    changed.password = "s3cr3t-w0rd";
    changed.user = "nobody_of_this_name";
    return changed;
  }();

  EXPECT_THAT(failure(dead), Not(HasSubstr("s3cr3t-w0rd")));
  EXPECT_THAT(failure(missing), Not(HasSubstr("s3cr3t-w0rd")));
  EXPECT_THAT(failure(missing), Not(HasSubstr("connected")));
}

TEST_P(Connect, SaysInvalidInputForAWrongPassword) {
  if (is("sqlite")) GTEST_SKIP() << "a file has no password";
  DatabaseUrl wrong = url();
  wrong.password = "s3cr3t-w0rd";

  EXPECT_THAT([&] { static_cast<void>(engine().connect(wrong)); },
              ThrowsError(ErrorCode::invalid_input, ""));
}

TEST_P(Connect, CreatesAndDropsDatabases) {
  const DatabaseUrl other = url().with_database(url().database + "_other");

  engine().create_database(other);

  EXPECT_TRUE(engine().database_exists(other));
  EXPECT_THAT([&] { engine().create_database(other); }, ThrowsError(ErrorCode::conflict, "_other"));
  engine().connect(other)->execute("CREATE TABLE t (a INT)");
  engine().drop_database(other);
  EXPECT_FALSE(engine().database_exists(other));
  EXPECT_THAT([&] { engine().drop_database(other); }, ThrowsError(ErrorCode::not_found, "_other"));
}

TEST_P(Connect, ServesDatabasesOfOddNames) {
  const DatabaseUrl odd = url().with_database(url().database + " we\"ird `sel'ect` =x 表");

  engine().create_database(odd);

  EXPECT_THAT(engine().connect(odd)->database_name(), HasSubstr("we\"ird `sel'ect` =x 表"));
  engine().drop_database(odd);
  EXPECT_FALSE(engine().database_exists(odd));
}

TEST_P(Connect, KnowsItsDatabaseAndItsEngine) {
  EXPECT_THAT(connection().database_name(), HasSubstr(url().display_name()));
  EXPECT_EQ(&connection().engine(), &engine());
  EXPECT_EQ(connection().engine().name(), GetParam());
  EXPECT_FALSE(connection().adopted());
}

TEST_P(Connect, ProbesCapabilities) {
  const Capabilities found = engine().capabilities(connection());

  EXPECT_FALSE(found.product.empty());
  EXPECT_FALSE(found.version.empty());
  EXPECT_EQ(found.load_method, pick("INSERT", "COPY", "LOAD DATA LOCAL"));
  EXPECT_EQ(found.transactional_ddl, !is("mysql"));
  EXPECT_EQ(found.clone_database, is("postgres"));
  EXPECT_EQ(found.deferrable_keys, !is("mysql"));
}

}  // namespace

}  // namespace seedbed
