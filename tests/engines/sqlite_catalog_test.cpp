#include <cmath>
#include <string>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/random.hpp"
#include "seedbed/engines/sqlite/sqlite_affinity.hpp"
#include "seedbed/engines/sqlite/sqlite_ddl.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/sqlite_test.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using detail::Affinity;
using detail::affinity_of;
using detail::fit_cell;
using detail::Fitted;
using detail::parse_table_text;
using ::testing::ElementsAre;
using testing::ThrowsError;

TEST(TableText, FindsChecksPastQuotesCommentsAndParentheses) {
  const auto text = parse_table_text(
      "CREATE TABLE \"odd ( CHECK (1)\" (\n"
      "  a INT DEFAULT (1 + (2)) CHECK (a IN ('x)', \")\", [)], `)`)), -- CHECK (nothing)\n"
      "  \"check\" INT /* CHECK (nothing) */ CONSTRAINT \"it \"\"is\" CHECK ( (\"check\") > 0 ),\n"
      "  b TEXT AS (max(a, 'CHECK (c)')) STORED,\n"
      "  CONSTRAINT named check(b <> ''), CHECK (a < /* why ) */ 5)\n"
      ") STRICT");

  EXPECT_THAT(text.checks, ElementsAre(Check{"", "a IN ('x)', \")\", [)], `)`)"},
                                       Check{"it \"is", "(\"check\") > 0"},
                                       Check{"named", "b <> ''"}, Check{"", "a < /* why ) */ 5"}));
  EXPECT_FALSE(text.autoincrement);
}

TEST(TableText, FindsHowKeysAreDeferred) {
  const auto text = parse_table_text(
      "CREATE TABLE t (a REFERENCES p, b CONSTRAINT kb REFERENCES p (x, y) ON DELETE SET NULL ON "
      "UPDATE"
      " NO ACTION MATCH FULL DEFERRABLE INITIALLY DEFERRED NOT NULL CHECK (b), c REFERENCES "
      "\"references\""
      " NOT DEFERRABLE INITIALLY IMMEDIATE, d REFERENCES p ON DELETE CASCADE DEFERRABLE,"
      " CONSTRAINT kt FOREIGN KEY (a, b) REFERENCES p DEFERRABLE INITIALLY IMMEDIATE)");

  ASSERT_EQ(text.references.size(), 5U);
  EXPECT_FALSE(text.references[0].deferrable);
  EXPECT_EQ(text.references[1].constraint, "kb");
  EXPECT_TRUE(text.references[1].initially_deferred);
  EXPECT_FALSE(text.references[2].deferrable);
  EXPECT_TRUE(text.references[3].deferrable);
  EXPECT_FALSE(text.references[3].initially_deferred);
  EXPECT_EQ(text.references[4].constraint, "kt");
  EXPECT_TRUE(text.references[4].deferrable);
  EXPECT_FALSE(text.references[4].initially_deferred);
  EXPECT_THAT(text.checks, ElementsAre(Check{"", "b"}));
}

TEST(TableText, SurvivesTextThatIsNoTable) {
  for (const auto* sql : {"", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t (a CHECK (",
                          "CREATE TABLE t (a REFERENCES", "CREATE TABLE t ('", "CREATE TABLE t (/*",
                          "CREATE TABLE t (a CONSTRAINT", "CREATE TABLE t (a REFERENCES p ON"}) {
    EXPECT_NO_THROW(static_cast<void>(parse_table_text(sql))) << sql;
  }
}

TEST(TableText, FindsAutoincrementOutsideQuotes) {
  EXPECT_TRUE(
      parse_table_text("CREATE TABLE t (a INTEGER PRIMARY KEY AutoIncrement)").autoincrement);
  EXPECT_FALSE(parse_table_text("CREATE TABLE t (\"AUTOINCREMENT\" INT)").autoincrement);
}

TEST(SqliteAffinity, FollowsTheDeclaredType) {
  EXPECT_EQ(affinity_of("BIGINT UNSIGNED"), Affinity::integer);
  EXPECT_EQ(affinity_of("VARCHAR(20)"), Affinity::text);
  EXPECT_EQ(affinity_of(""), Affinity::blob);
  EXPECT_EQ(affinity_of("Double Precision"), Affinity::real);
  EXPECT_EQ(affinity_of("DECIMAL(10,2)"), Affinity::numeric);
  EXPECT_EQ(affinity_of("JSON"), Affinity::numeric);
}

Fitted fit(const Value& value, Affinity affinity, TypeClass type_class) {
  BatchColumn cells;
  cells.append(value);
  return fit_cell(cells, 0, affinity, type_class);
}

TEST(SqliteAffinity, BindsNumbersInTextAsNumbers) {
  using enum TypeClass;
  EXPECT_EQ(fit("42", Affinity::integer, integer).integer, 42);
  EXPECT_EQ(fit("-9223372036854775808", Affinity::integer, integer).how, Fitted::How::integer);
  EXPECT_EQ(fit("1.10", Affinity::numeric, decimal).real, 1.1);
  EXPECT_EQ(fit("0.1234567890123456", Affinity::numeric, decimal).how, Fitted::How::real);
  EXPECT_EQ(fit("1e3", Affinity::real, real).real, 1000.0);
  EXPECT_EQ(fit("abc", Affinity::numeric, decimal).how, Fitted::How::as_given);
  EXPECT_EQ(fit("2024-02-29", Affinity::numeric, date).how, Fitted::How::as_given);
}

TEST(SqliteAffinity, ReadsDecimalsAsTheNearestDouble) {
  for (std::uint64_t row = 0; row < 20'000; ++row) {
    CellRandom random{3, row};
    const auto places = 1 + random.below(9);
    auto digits = std::to_string(random.below(1'000'000'000'000'000));
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
    const auto text = (row % 2 == 0 ? "-" : "") + digits;
    const auto fitted = fit(text, Affinity::numeric, TypeClass::decimal);
    ASSERT_EQ(fitted.how, Fitted::How::real) << text;
    ASSERT_EQ(fitted.real, std::stod(text)) << text;
  }
  EXPECT_TRUE(std::signbit(fit("-0.00", Affinity::numeric, TypeClass::decimal).real));
}

TEST(SqliteAffinity, RefusesNumbersItWouldRound) {
  using enum TypeClass;
  EXPECT_EQ(fit("0.12345678901234567890", Affinity::numeric, decimal).how, Fitted::How::changed);
  EXPECT_EQ(fit("1e999", Affinity::numeric, decimal).how, Fitted::How::changed);
  EXPECT_EQ(fit(std::int64_t{9007199254740993}, Affinity::real, real).how, Fitted::How::changed);
  EXPECT_EQ(fit(0.1, Affinity::text, text).how, Fitted::How::changed);
}

TEST(SqliteAffinity, RefusesToRespellTextOfOtherTypes) {
  EXPECT_EQ(fit("007", Affinity::numeric, TypeClass::other).how, Fitted::How::changed);
  EXPECT_EQ(fit(" 7 ", Affinity::numeric, TypeClass::json).how, Fitted::How::changed);
  EXPECT_EQ(fit("7", Affinity::numeric, TypeClass::other).integer, 7);
  EXPECT_EQ(fit("007", Affinity::text, TypeClass::text).how, Fitted::How::as_given);
  EXPECT_EQ(fit("007", Affinity::blob, TypeClass::other).how, Fitted::How::as_given);
}

using SqliteCatalog = testing::SqliteTest;

TEST_F(SqliteCatalog, TellsTheRowidFromOtherKeys) {
  connection().execute_script(
      "CREATE TABLE alias (id INTEGER PRIMARY KEY); CREATE TABLE int_key (id INT PRIMARY KEY);"
      "CREATE TABLE descending (id INTEGER PRIMARY KEY DESC);"
      "CREATE TABLE without (id INTEGER PRIMARY KEY) WITHOUT ROWID;"
      "CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (b, a));");

  const Schema schema = engine().introspect(connection());

  EXPECT_EQ(schema.at("alias").column("id").identity, Identity::by_default);
  EXPECT_EQ(schema.at("int_key").column("id").identity, Identity::no);
  EXPECT_EQ(schema.at("descending").column("id").identity, Identity::no);
  EXPECT_EQ(schema.at("without").column("id").identity, Identity::no);
  EXPECT_THAT(schema.at("pair").primary_key, ElementsAre("b", "a"));
  EXPECT_TRUE(schema.sequences().empty());
}

TEST_F(SqliteCatalog, LeavesOutShadowTables) {
  connection().execute("CREATE VIRTUAL TABLE notes USING fts5 (title, body)");

  const Schema schema = engine().introspect(connection());

  EXPECT_THAT(schema.table_names(), ElementsAre("notes"));
  EXPECT_THAT(schema.at("notes").column_names(), ElementsAre("title", "body"));
}

TEST_F(SqliteCatalog, LeavesOutAttachedAndTemporaryTables) {
  connection().execute_script(
      "ATTACH ':memory:' AS other; CREATE TABLE other.t (a, b); CREATE TEMP TABLE u (a);"
      "CREATE TABLE t (a)");

  const Schema schema = engine().introspect(connection());

  EXPECT_THAT(schema.table_names(), ElementsAre("t"));
  EXPECT_THAT(schema.at("t").column_names(), ElementsAre("a"));
}

TEST_F(SqliteCatalog, MatchesKeysToTheirTextWhenThereAreSeveral) {
  connection().execute_script(
      "CREATE TABLE p (id INTEGER PRIMARY KEY);"
      "CREATE TABLE c (a INT CONSTRAINT first REFERENCES p, b INT REFERENCES P (ID) DEFERRABLE "
      "INITIALLY"
      " DEFERRED, CONSTRAINT third FOREIGN KEY (B) REFERENCES p (id));"
      "ALTER TABLE c ADD COLUMN d INT CONSTRAINT fourth REFERENCES p;");

  const auto keys = engine().introspect(connection()).at("c").foreign_keys;

  ASSERT_EQ(keys.size(), 4U);
  EXPECT_EQ(keys[0].name, "first");
  EXPECT_EQ(keys[0].columns, std::vector<std::string>{"a"});
  EXPECT_EQ(keys[3].name, "fourth");
  EXPECT_EQ(keys[3].columns, std::vector<std::string>{"d"});
  EXPECT_EQ(keys[1].parent.name, "p");
  EXPECT_EQ(keys[1].parent_columns, std::vector<std::string>{"id"});
  EXPECT_EQ(keys[1].deferrable, keys[1].name.empty());
}

TEST_F(SqliteCatalog, ReservesKeysOnlyInsideATransaction) {
  connection().execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
  const Schema schema = engine().introspect(connection());
  const Table& table = schema.at("t");

  EXPECT_THAT([&] { static_cast<void>(engine().reserve_keys(connection(), schema, table, 1)); },
              ThrowsError(ErrorCode::internal, "transaction"));

  const Transaction transaction{connection()};
  connection().execute("INSERT INTO t VALUES (41)");
  EXPECT_THAT(engine().reserve_keys(connection(), schema, table, 2), ElementsAre(42, 43));
  connection().execute("INSERT INTO t VALUES (9223372036854775807)");
  EXPECT_THAT([&] { static_cast<void>(engine().reserve_keys(connection(), schema, table, 1)); },
              ThrowsError(ErrorCode::conflict, "no keys left"));
}

}  // namespace

}  // namespace seedbed
