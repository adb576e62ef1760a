#include "seedbed/engines/statement_splitter.hpp"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

std::vector<std::string> texts(std::string_view script, SqlDialect dialect) {
  std::vector<std::string> result;
  for (const auto& statement : split_statements(script, dialect)) result.push_back(statement.text);
  return result;
}

struct Case {
  const char* name;
  SqlDialect dialect;
  std::string script;
  std::vector<std::string> expected;
};

void PrintTo(const Case& test, std::ostream* out) {
  *out << test.name;
}

constexpr auto kSqlite = SqlDialect::sqlite;
constexpr auto kPostgres = SqlDialect::postgres;
constexpr auto kMysql = SqlDialect::mysql;

class Split : public ::testing::TestWithParam<Case> {};

TEST_P(Split, FindsTheStatements) {
  EXPECT_EQ(texts(GetParam().script, GetParam().dialect), GetParam().expected);
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

const std::string kTrigger = R"(CREATE TRIGGER t AFTER INSERT ON a BEGIN
  UPDATE b SET x = CASE WHEN new.x = 'END' THEN 1 ELSE CASE WHEN 1 THEN 2 END END;
  INSERT INTO log VALUES (';');
END)";

INSTANTIATE_TEST_SUITE_P(
    Sqlite, Split,
    ::testing::Values(
        Case{"Nothing", kSqlite, "", {}},
        Case{
            "OnlyBlanksCommentsAndDelimiters", kSqlite, "\xEF\xBB\xBF ;; -- a;\n /* b; */ ;\n", {}},
        Case{"LastNeedsNoDelimiter", kSqlite, "a; b", {"a", "b"}},
        Case{"CommentsAroundAreCut", kSqlite, "/* x */ a -- y\n ; -- z", {"a"}},
        Case{"CommentsInsideStay", kSqlite, "a /* ; */ b -- ;\n c;", {"a /* ; */ b -- ;\n c"}},
        Case{"CommentsDoNotNest", kSqlite, "/* /* */ a; /* */ b;", {"a", "b"}},
        Case{"QuotesOfAllKinds",
             kSqlite,
             R"(s 'a;''b', "c;""d", `e;``f`, [g;'h]; t)",
             {R"(s 'a;''b', "c;""d", `e;``f`, [g;'h])", "t"}},
        Case{"BackslashIsNoEscape", kSqlite, R"(s '\'; t ';')", {R"(s '\')", "t ';'"}},
        Case{"DashesInsideQuotes", kSqlite, "s '--'; t '/*'; u", {"s '--'", "t '/*'", "u"}},
        Case{"Trigger", kSqlite, kTrigger + "; SELECT 1;", {kTrigger, "SELECT 1"}},
        Case{"TriggerAtTheEnd", kSqlite, kTrigger, {kTrigger}},
        Case{"TempTrigger",
             kSqlite,
             "create temp trigger t after delete on a begin x; end; y",
             {"create temp trigger t after delete on a begin x; end", "y"}},
        Case{"TransactionsAreNoBodies",
             kSqlite,
             "BEGIN; a; END; CREATE TABLE trigger (x); b",
             {"BEGIN", "a", "END", "CREATE TABLE trigger (x)", "b"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Postgres, Split,
    ::testing::Values(
        Case{"NestedComments", kPostgres, "/* /* ; */ ; */ a; b", {"a", "b"}},
        Case{"BackslashOnlyInEscapeStrings",
             kPostgres,
             R"(s '\'; t E'\';'; u e'\\'; v)",
             {R"(s '\')", R"(t E'\';')", R"(u e'\\')", "v"}},
        Case{"NameEndingInEIsNoEscapeString", kPostgres, R"(s typE'\'; t)", {R"(s typE'\')", "t"}},
        Case{"UnicodeStringsAndNames",
             kPostgres,
             R"(s U&'\0061;\', U&"\0062;"; t)",
             {R"(s U&'\0061;\', U&"\0062;")", "t"}},
        Case{"DollarQuotes",
             kPostgres,
             "do $$ a; ' $x$ $$; do $x$ b; $$ c; $X$ $x$; d",
             {"do $$ a; ' $x$ $$", "do $x$ b; $$ c; $X$ $x$", "d"}},
        Case{"DollarInNamesAndParameters",
             kPostgres,
             "s a$b$c; t $1; u $2$3; v",
             {"s a$b$c", "t $1", "u $2$3", "v"}},
        Case{"BacktickAndBracketAreNoQuotes",
             kPostgres,
             "s a[1]; t '`'; u",
             {"s a[1]", "t '`'", "u"}},
        Case{"RuleWithTwoActions",
             kPostgres,
             "create rule r as on insert to a do also (b; c); d",
             {"create rule r as on insert to a do also (b; c)", "d"}},
        Case{"StrayParenthesis", kPostgres, "a ); b", {"a )", "b"}},
        Case{"AtomicBody",
             kPostgres,
             "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 "
             "END; "
             "SELECT 2; END; SELECT 3",
             {"CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN "
              "1 END; "
              "SELECT 2; END",
              "SELECT 3"}},
        Case{"BeginOutsideRoutines",
             kPostgres,
             "BEGIN; a; CASE; END; b",
             {"BEGIN", "a", "CASE", "END", "b"}},
        Case{"CopyFromAFileOrToStdout",
             kPostgres,
             "COPY a FROM '/stdin'; COPY a TO STDOUT; b",
             {"COPY a FROM '/stdin'", "COPY a TO STDOUT", "b"}}),
    name_of);

const std::string kProcedure = R"(CREATE DEFINER=`a`@`b` PROCEDURE p(IN n INT)
l: BEGIN
  DECLARE done, i INT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN SET done = 1; END;
  IF (n > 0) AND NOT done THEN SET i = IF(n > 1, 2, 3); ELSE IF n THEN SET i = 1; END IF; END IF;
  CASE n WHEN 1 THEN SELECT REPEAT('a', 3); ELSE BEGIN END; END CASE;
  WHILE i < n DO SET i = i + CASE WHEN n THEN CASE WHEN 1 THEN 1 END END; END WHILE;
  REPEAT SET i = i - 1; UNTIL i = 0 END REPEAT;
  x: LOOP LEAVE x; END LOOP x;
  FOR r IN (SELECT t.end, t.begin FROM t) DO SELECT r.end; END FOR;
END l)";

INSTANTIATE_TEST_SUITE_P(
    Mysql, Split,
    ::testing::Values(
        Case{"BackslashEscapes",
             kMysql,
             R"(s 'a\';', "b\";", `c\`; t)",
             {R"(s 'a\';', "b\";", `c\`)", "t"}},
        Case{"HashComments", kMysql, "a # ; '\n; b", {"a", "b"}},
        Case{"DashesNeedABlank", kMysql, "s 5--3; t -- ;\n; u --", {"s 5--3", "t", "u"}},
        Case{"ExecutableComments",
             kMysql,
             "/*!40101 SET a = ';*/' */; /*M!100100 b; c */; d",
             {"/*!40101 SET a = ';*/' */", "/*M!100100 b; c */", "d"}},
        Case{"HintsAreComments", kMysql, "s /*+ ; */ 1; t", {"s /*+ ; */ 1", "t"}},
        Case{"DelimiterLines",
             kMysql,
             "a;\nDELIMITER //\nb; c//\nd;//\ndelimiter ;\ne; f",
             {"a", "b; c", "d;", "e", "f"}},
        Case{"DelimiterOfDollars",
             kMysql,
             "DELIMITER $$\r\nBEGIN a; END$$\r\nb $$\r\nDELIMITER ;\r\nc;",
             {"BEGIN a; END", "b", "c"}},
        Case{"QuotedDelimiter",
             kMysql,
             "DELIMITER '|'\na; b|\nDELIMITER \";\"\nc; d",
             {"a; b", "c", "d"}},
        Case{"DelimiterInsideQuotesAndComments",
             kMysql,
             "DELIMITER //\ns '//'; -- //\n /* // */ t //",
             {"s '//'; -- //\n /* // */ t"}},
        Case{"DelimiterAsAColumn",
             kMysql,
             "SELECT delimiter FROM t; a",
             {"SELECT delimiter FROM t", "a"}},
        Case{"ProcedureWithoutDelimiter",
             kMysql,
             kProcedure + "; SELECT 1;",
             {kProcedure, "SELECT 1"}},
        Case{"TriggerWithABareIf",
             kMysql,
             "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF (new.x) THEN SET new.x = 1; END "
             "IF; b",
             {"CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF (new.x) THEN SET new.x = 1; END "
              "IF",
              "b"}},
        Case{"TriggerWithOneStatement",
             kMysql,
             "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET new.x = IF(new.x, 1, 2); b",
             {"CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET new.x = IF(new.x, 1, 2)", "b"}},
        Case{"TriggerOfADump",
             kMysql,
             "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t BEFORE "
             "INSERT "
             "ON a FOR EACH ROW BEGIN SET new.x = 1; END */;;\nDELIMITER ;\nb;",
             {"/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t BEFORE INSERT "
              "ON a FOR EACH ROW BEGIN SET new.x = 1; END */",
              "b"}},
        Case{"ProcedureIfNotExists",
             kMysql,
             "CREATE PROCEDURE IF NOT EXISTS p() SELECT 1; b",
             {"CREATE PROCEDURE IF NOT EXISTS p() SELECT 1", "b"}},
        Case{"AnonymousBlock",
             kMysql,
             "BEGIN NOT ATOMIC a; b; END; BEGIN; c; END",
             {"BEGIN NOT ATOMIC a; b; END", "BEGIN", "c", "END"}},
        Case{"TablesAreNoBodies",
             kMysql,
             "CREATE TABLE event (begin INT, `if` INT); b",
             {"CREATE TABLE event (begin INT, `if` INT)", "b"}}),
    name_of);

struct Refusal {
  const char* name;
  SqlDialect dialect;
  std::string script;
  std::string message;
};

void PrintTo(const Refusal& test, std::ostream* out) {
  *out << test.name;
}

class SplitRefuses : public ::testing::TestWithParam<Refusal> {};

TEST_P(SplitRefuses, NamingTheLine) {
  EXPECT_THAT([] { (void)split_statements(GetParam().script, GetParam().dialect, "a.sql"); },
              ThrowsError(ErrorCode::invalid_input, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, SplitRefuses,
    ::testing::Values(
        Refusal{"UnclosedString", kSqlite, "a;\n\nb 'c;\n", "a.sql:3: the quote ' is not closed"},
        Refusal{"UnclosedName", kPostgres, "a;\nb \"c", "a.sql:2: the quote \" is not closed"},
        Refusal{"UnclosedBracket", kSqlite, "a [b", "a.sql:1: the quote [ is not closed"},
        Refusal{"UnclosedBacktick", kMysql, "a `b\\`` ;", "a.sql:1: the quote ` is not closed"},
        Refusal{"EscapedCloseAtTheEnd", kMysql, "a 'b\\", "a.sql:1: the quote ' is not closed"},
        Refusal{"UnclosedComment", kPostgres, "a;\n/* /* */",
                "a.sql:2: the comment '/*' is not closed"},
        Refusal{"UnclosedExecutableComment", kMysql, "/*!40101 a;",
                "the comment '/*!' is not closed"},
        Refusal{"UnclosedDollarQuote", kPostgres, "a;\ndo $x$ b; $$",
                "a.sql:2: the quote $x$ is not"},
        Refusal{"UnclosedTrigger", kSqlite, "a;\nCREATE TRIGGER t BEGIN\n b; END x;",
                "a.sql:2: CREATE TR"},
        Refusal{"UnclosedAtomicBody", kPostgres, "CREATE FUNCTION f() BEGIN ATOMIC a;",
                "BEGIN ATOMIC is"},
        Refusal{"UnclosedMysqlBody", kMysql, "\nCREATE PROCEDURE p() BEGIN a;",
                "a.sql:2: the body"},
        Refusal{"DelimiterWithoutOne", kMysql, "a;\nDELIMITER \n//", "a.sql:2: DELIMITER needs"},
        Refusal{"DelimiterWithABackslash", kMysql, "DELIMITER \\\\", "DELIMITER needs"},
        Refusal{"CopyFromStdin", kPostgres, "a;\nCOPY b (c) FROM stdin;\n1\n\\.\n",
                "a.sql:2: COPY ..."},
        Refusal{"PsqlCommand", kPostgres, "a;\n\\restrict x\n", "a.sql:2: a backslash command"}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST(SplitStatements, TellsTheLineWhereEachBegins) {
  const auto statements =
      split_statements("-- one\n\n a\n;\n'x\ny'; /* \n */ b", SqlDialect::sqlite);

  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0].line, 3U);
  EXPECT_EQ(statements[1].line, 5U);
  EXPECT_EQ(statements[2].line, 7U);
}

// A quadratic splitter needs minutes for these.
// In time that grows with the square of the script this would take hours.
TEST(SplitStatements, TakesTimeLinearInTheScript) {
  constexpr std::size_t kBytes = 1U << 18U;
  const auto repeated = [](std::string_view piece) {
    std::string script;
    while (script.size() < kBytes) script += piece;
    return script;
  };
  for (const auto dialect : {kSqlite, kPostgres, kMysql}) {
    EXPECT_GT(split_statements(repeated("a;\n"), dialect).size(), 1000U);
    EXPECT_EQ(split_statements("s " + repeated("(("), dialect).size(), 1U);
    EXPECT_EQ(split_statements("s " + repeated("$a "), dialect).size(), 1U);
    EXPECT_EQ(split_statements("s '" + repeated("''") + "'", dialect).size(), 1U);
    EXPECT_EQ(split_statements("s " + repeated("/**/\n"), dialect).size(), 1U);
    EXPECT_THROW((void)split_statements(repeated("$b$ ") + "'", dialect), Error);
    EXPECT_THROW((void)split_statements("/*" + repeated("/* "), dialect), Error);
  }
}

TEST(DialectOf, KnowsTheEngines) {
  EXPECT_EQ(dialect_of("postgres"), SqlDialect::postgres);
  EXPECT_THAT([] { (void)dialect_of("oracle"); }, ThrowsError(ErrorCode::internal, "oracle"));
}

}  // namespace
}  // namespace seedbed
