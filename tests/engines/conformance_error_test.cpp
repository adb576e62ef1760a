#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

class Errors : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute_script(
        "CREATE TABLE parent (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE child (id INT NOT NULL PRIMARY KEY, code VARCHAR(50) NOT NULL UNIQUE,"
        " size INT, parent_id INT,"
        " CONSTRAINT size_is_positive CHECK (size > 0),"
        " CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id));"
        "INSERT INTO parent VALUES (1);"
        "INSERT INTO child VALUES (1, 'hidden-value', 1, 1);");
  }

  // Runs a statement that the database must refuse.
  void expect_violation(const std::string& sql, const std::string& sqlstate) {
    try {
      connection().execute(sql);
      FAIL() << "accepted: " << sql;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::constraint_violation) << error.what();
      EXPECT_EQ(error.details().engine, GetParam());
      EXPECT_EQ(error.details().sqlstate, sqlstate) << error.what();
      EXPECT_EQ(error.details().statement, sql);
      EXPECT_THAT(error.what(), Not(HasSubstr("hidden-value")));
    }
  }
};
SEEDBED_ON_ALL_ENGINES(Errors);

TEST_P(Errors, NameAUniqueViolation) {
  expect_violation("INSERT INTO child VALUES (1, 'other', 1, 1)", pick("23505", "23505", "23000"));
  expect_violation("INSERT INTO child VALUES (2, 'hidden-value', 1, 1)",
                   pick("23505", "23505", "23000"));
}

TEST_P(Errors, NameAForeignKeyViolation) {
  expect_violation("INSERT INTO child VALUES (2, 'b', 1, 99)", pick("23503", "23503", "23000"));
  expect_violation("DELETE FROM parent WHERE id = 1", pick("23503", "23503", "23000"));
}

TEST_P(Errors, NameANullViolation) {
  expect_violation("INSERT INTO child VALUES (2, NULL, 1, 1)", pick("23502", "23502", "23000"));
}

TEST_P(Errors, NameACheckViolation) {
  expect_violation("INSERT INTO child VALUES (2, 'b', -1, 1)", pick("23514", "23514", "23000"));
}

TEST_P(Errors, SayUnavailableForALockThatIsNotGiven) {
  DatabaseUrl impatient = url();
  if (is("sqlite")) impatient.parameters["busy_timeout"] = "1";
  const auto other = engine().connect(impatient);
  if (is("postgres")) other->execute("SET lock_timeout = '10ms'");
  if (is("mysql")) other->execute("SET innodb_lock_wait_timeout = 1");
  connection().execute(engine().begin_sql());
  connection().execute("UPDATE parent SET id = 2 WHERE id = 99 OR id = 1 AND 1 = 0");
  connection().execute("INSERT INTO parent VALUES (5)");

  EXPECT_THAT([&] { other->execute("INSERT INTO parent VALUES (5)"); },
              ThrowsError(ErrorCode::unavailable, ""));

  connection().execute("ROLLBACK");
}

class Script : public testing::ConformanceTest {};
SEEDBED_ON_ALL_ENGINES(Script);

TEST_P(Script, RunsEveryStatement) {
  connection().execute_script(
      "-- first; not a statement\n"
      "CREATE TABLE t (a VARCHAR(40));\n"
      "INSERT INTO t VALUES ('one; two');\n"
      "SELECT * FROM t;\n"
      "/* a ; comment */ INSERT INTO t VALUES ('--');\n"
      "UPDATE t SET a = 'three' WHERE a = '--';\n"
      "SELECT 1;\n"
      "INSERT INTO t VALUES ('last')\n");

  EXPECT_THAT(connection().query("SELECT a FROM t ORDER BY a").rows,
              ::testing::ElementsAre(Row{"last"}, Row{"one; two"}, Row{"three"}));
}

TEST_P(Script, ThrowsAnErrorInItsMiddle) {
  EXPECT_THAT(
      [&] {
        connection().execute_script(
            "CREATE TABLE t (a INT);\nSELECT 1;\nINSERT INTO missing_table VALUES (1);\n"
            "CREATE TABLE u (a INT);");
      },
      ThrowsError(ErrorCode::invalid_input, "missing_table"));

  EXPECT_EQ(connection().query_value("SELECT 5"), Value{5});
  EXPECT_EQ(engine().introspect(connection()).find("u"), nullptr);
}

TEST_P(Script, ThrowsAnErrorOfItsLastStatement) {
  EXPECT_THAT(
      [&] { connection().execute_script("SELECT 1; SELECT 2; SELECT * FROM missing_table"); },
      ThrowsError(ErrorCode::invalid_input, "missing_table"));
}

TEST_P(Script, MayBeEmpty) {
  connection().execute_script("");
  connection().execute_script("  \n-- nothing\n;\n");

  EXPECT_EQ(connection().query_value("SELECT 5"), Value{5});
}

TEST_P(Script, DefinesTriggersWithBodies) {
  const std::string trigger = pick(
      "CREATE TRIGGER copy AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.a);"
      " INSERT INTO u VALUES (-new.a); END;",
      "CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " INSERT INTO u VALUES (new.a); INSERT INTO u VALUES (-new.a); RETURN new; END $$;"
      "CREATE TRIGGER copy AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION copy();",
      "DELIMITER //\nCREATE TRIGGER copy AFTER INSERT ON t FOR EACH ROW BEGIN"
      " INSERT INTO u VALUES (new.a); INSERT INTO u VALUES (-new.a); END //\nDELIMITER ;\n");
  connection().execute_script("CREATE TABLE t (a INT); CREATE TABLE u (a INT);\n" + trigger +
                              "INSERT INTO t VALUES (7);");

  EXPECT_EQ(count("u"), 2);
}

}  // namespace

}  // namespace seedbed
