#include "seedbed/guard/mark.hpp"

#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/guard/adopt.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;
using ::testing::HasSubstr;
using testing::ThrowsError;

class Mark : public EngineTest {};
SEEDBED_ON_ALL_ENGINES(Mark);

TEST_P(Mark, IsMissingFromANewDatabase) {
  EXPECT_EQ(mark_state(connection()), MarkState::unmarked);
}

TEST_P(Mark, RefusalNamesDatabaseEngineAndTheCommandThatAdopts) {
  const auto refused = [&](const std::string& text) {
    EXPECT_THAT([&] { require_mark(connection(), url()); }, ThrowsError(ErrorCode::refused, text));
  };
  refused("'" + connection().database_name() + "' (" + GetParam() + ") is not marked");
  refused("seedbed adopt --database " + url().redacted());
  EXPECT_THAT([&] { require_mark(connection()); },
              ThrowsError(ErrorCode::refused, "seedbed adopt --database URL"));
}

TEST_P(Mark, RefusalHidesThePassword) {
  DatabaseUrl secret = url();
  secret.user = "ada";
  secret.password = "hunter2";
  try {
    require_mark(connection(), secret);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("hunter2")));
  }
}

TEST_P(Mark, PassesAfterMarkingOnEveryConnection) {
  mark_database(connection());

  EXPECT_EQ(mark_state(connection()), MarkState::marked);
  EXPECT_NO_THROW(require_mark(connection(), url()));
  EXPECT_NO_THROW(require_mark(*connect()));
}

TEST_P(Mark, StaysTheSameWhenMarkedAgain) {
  mark_database(connection());
  const auto first = engine().read_mark(connection());
  mark_database(connection());

  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->id.size(), 36U);
  EXPECT_EQ(engine().read_mark(connection()), first);
}

TEST_P(Mark, IsNoTableOfTheUsers) {
  mark_database(connection());
  EXPECT_TRUE(engine().introspect(connection()).tables().empty());
}

TEST_P(Mark, IsForeignWithTheBindingOfAnotherDatabase) {
  engine().prepare_own_tables(connection());
  engine().write_mark(connection(), {.id = "x", .binding = "somewhere else"});

  // MySQL binds by the second half of the mark instead, which a copy has not.
  EXPECT_NE(mark_state(connection()), MarkState::marked);
}

class Adopt : public EngineTest {};
SEEDBED_ON_ALL_ENGINES(Adopt);

TEST_P(Adopt, ShowsWhatWouldBeLost) {
  connection().execute("CREATE TABLE a (id INTEGER PRIMARY KEY)");
  connection().execute("CREATE TABLE " + engine().quote("we\"ird na'me") +
                       " (id INTEGER PRIMARY KEY)");
  connection().execute("INSERT INTO a VALUES (1), (2), (3)");

  const auto report = inspect_for_adoption(connection(), url());

  EXPECT_EQ(report.name, url().display_name());
  EXPECT_EQ(report.address, url().redacted());
  EXPECT_THAT(report.product, HasSubstr(pick("SQLite 3", "PostgreSQL 1", "M")));
  EXPECT_EQ(report.tables, 2U);
  EXPECT_EQ(report.rows, 3U);
  EXPECT_EQ(report.state, MarkState::unmarked);
  EXPECT_EQ(mark_state(connection()), MarkState::unmarked);
}

TEST_P(Adopt, RefusesEveryNameButTheExactOne) {
  const std::string name = url().display_name();
  for (const auto& typed : {std::string{}, name + " ", "x" + name, url().redacted()}) {
    EXPECT_THAT([&] { adopt_database(connection(), url(), typed); },
                ThrowsError(ErrorCode::refused, "type '" + name + "'"));
  }
  EXPECT_EQ(mark_state(connection()), MarkState::unmarked);
}

TEST_P(Adopt, MarksWhenTheNameIsTyped) {
  adopt_database(connection(), url(), url().display_name());

  EXPECT_NO_THROW(require_mark(connection(), url()));
  EXPECT_EQ(inspect_for_adoption(connection(), url()).state, MarkState::marked);
}

}  // namespace
}  // namespace seedbed
