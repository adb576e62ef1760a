#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/column_types.hpp"
#include "seedbed/engines/mysql/products.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MysqlTest;
using testing::source_of;
using testing::ThrowsError;

class MysqlCatalog : public MysqlTest {
 protected:
  // The column of a table with this one column.
  Column column(const std::string& definition) {
    execute("DROP TABLE IF EXISTS t");
    execute("CREATE TABLE t (a " + definition + ")");
    return introspect().at("t").column("a");
  }
};

TEST_F(MysqlCatalog, ReadsTypesWithTheirLimits) {
  const auto type = [&](const std::string& definition) { return column(definition).type; };

  EXPECT_EQ(type("INT UNSIGNED"), (ColumnType{.type_class = TypeClass::integer,
                                              .declared = "int(10) unsigned",
                                              .is_unsigned = true}));
  EXPECT_EQ(type("TINYINT(1)"),
            (ColumnType{.type_class = TypeClass::boolean, .declared = "tinyint(1)"}));
  EXPECT_EQ(type("DECIMAL(10,2)"), (ColumnType{.type_class = TypeClass::decimal,
                                               .declared = "decimal(10,2)",
                                               .precision = 10,
                                               .scale = 2}));
  EXPECT_EQ(type("FLOAT").length, 4);
  EXPECT_EQ(type("DOUBLE").length, 8);
  EXPECT_EQ(type("CHAR(7)"),
            (ColumnType{
                .type_class = TypeClass::text, .declared = "char(7)", .length = 7, .fixed = true}));
  EXPECT_EQ(type("VARCHAR(20)").length, 20);
  EXPECT_EQ(type("LONGTEXT").length, std::nullopt);
  EXPECT_EQ(type("VARBINARY(9)").length, 9);
  EXPECT_EQ(type("BIT(9)").length, 9);
  EXPECT_EQ(
      type("DATETIME(3)"),
      (ColumnType{.type_class = TypeClass::timestamp, .declared = "datetime(3)", .scale = 3}));
  EXPECT_EQ(type("TIMESTAMP NULL").type_class, TypeClass::timestamptz);
  EXPECT_EQ(type("YEAR").type_class, TypeClass::year);
  EXPECT_EQ(type("UUID").type_class, TypeClass::uuid);
  EXPECT_EQ(type("POINT").type_class, TypeClass::other);
}

TEST_F(MysqlCatalog, ReadsLabelsWithTheirQuotes) {
  EXPECT_THAT(column("ENUM('a,b','it''s','','x)')").type.labels,
              ElementsAre("a,b", "it's", "", "x)"));
  EXPECT_THAT(column("SET('p','q''')").type.labels, ElementsAre("p", "q'"));
}

TEST_F(MysqlCatalog, TellsJsonFromLongText) {
  execute("CREATE TABLE t (j JSON, plain LONGTEXT, other LONGTEXT CHECK (json_valid(plain)))");

  const Schema schema = introspect();

  EXPECT_EQ(schema.at("t").column("j").type,
            (ColumnType{.type_class = TypeClass::json, .declared = "json"}));
  EXPECT_EQ(schema.at("t").column("other").type.type_class, TypeClass::text);
}

TEST_F(MysqlCatalog, ReadsDefaultsAsSql) {
  EXPECT_EQ(column("VARCHAR(9) DEFAULT 'it''s'").default_sql, "'it''s'");
  EXPECT_EQ(column("INT DEFAULT (1 + 2)").default_sql, "(1 + 2)");
  EXPECT_EQ(column("DATETIME DEFAULT CURRENT_TIMESTAMP").default_sql, "current_timestamp()");
  EXPECT_EQ(column("INT").default_sql, std::nullopt);
  EXPECT_EQ(column("INT DEFAULT NULL").default_sql, std::nullopt);
  EXPECT_EQ(column("VARCHAR(9) DEFAULT 'NULL'").default_sql, "'NULL'");
  EXPECT_EQ(column("INT NOT NULL").default_sql, std::nullopt);
}

TEST_F(MysqlCatalog, ReadsGeneratedAndCountedColumns) {
  execute(
      "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a INT NOT NULL, "
      "v INT AS (a + 1) VIRTUAL, s INT AS (a + 2) STORED)");

  const Schema schema = introspect();
  const Table& table = schema.at("t");

  EXPECT_EQ(table.column("id").identity, Identity::by_default);
  EXPECT_EQ(table.column("v").generated, Generated::virtual_);
  EXPECT_EQ(table.column("s").generated, Generated::stored);
  EXPECT_FALSE(table.column("a").nullable);
  EXPECT_THAT(table.stored_columns(), ElementsAre("id", "a"));
}

TEST_F(MysqlCatalog, ReadsKeys) {
  execute(
      "CREATE TABLE p (a INT, b INT, c TEXT, PRIMARY KEY (b, a), UNIQUE KEY two (a, c(3)), "
      "UNIQUE KEY one (c(10)), UNIQUE KEY plain (a), KEY not_unique (c(5)))");
  execute(
      "CREATE TABLE c (id INT PRIMARY KEY, x INT, y INT, up INT, "
      "CONSTRAINT to_p FOREIGN KEY (y, x) REFERENCES p (b, a) ON DELETE CASCADE ON UPDATE SET "
      "NULL, "
      "CONSTRAINT to_self FOREIGN KEY (up) REFERENCES c (id))");

  const Schema schema = introspect();
  const Table& p = schema.at("p");
  const Table& c = schema.at("c");

  EXPECT_THAT(p.primary_key, ElementsAre("b", "a"));
  ASSERT_EQ(p.unique_keys.size(), 3U);
  EXPECT_EQ(
      p.unique_keys[0],
      (UniqueKey{.name = "one", .columns = {""}, .expression = true, .definition = "`c`(10)"}));
  EXPECT_EQ(p.unique_keys[1], (UniqueKey{.name = "plain", .columns = {"a"}}));
  EXPECT_EQ(
      p.unique_keys[2],
      (UniqueKey{
          .name = "two", .columns = {"a", ""}, .expression = true, .definition = "`a`, `c`(3)"}));
  ASSERT_EQ(c.foreign_keys.size(), 2U);
  EXPECT_EQ(c.foreign_keys[0].name, "to_self");
  EXPECT_EQ(c.foreign_keys[0].parent, c.name);
  EXPECT_EQ(c.foreign_keys[0].on_delete, ReferentialAction::restrict);
  EXPECT_EQ(c.foreign_keys[1], (ForeignKey{.name = "to_p",
                                           .columns = {"y", "x"},
                                           .parent = p.name,
                                           .parent_columns = {"b", "a"},
                                           .on_delete = ReferentialAction::cascade,
                                           .on_update = ReferentialAction::set_null}));
}

TEST_F(MysqlCatalog, ReadsChecksTriggersAndViewsAndLeavesOutItsOwn) {
  execute("CREATE TABLE t (a INT CHECK (a > 1), b INT, CONSTRAINT less CHECK (a < b))");
  execute("CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW SET @x = 1");
  execute("CREATE VIEW v AS SELECT a FROM t");
  execute("CREATE SEQUENCE s");
  execute("CREATE TABLE seedbed_rows (a INT)");

  const Schema schema = introspect();

  EXPECT_THAT(schema.table_names(), ElementsAre("t"));
  EXPECT_THAT(schema.views(), ElementsAre(TableName{{}, "v"}));
  EXPECT_THAT(schema.at("t").checks,
              ElementsAre(Check{"a", "`a` > 1"}, Check{"less", "`a` < `b`"}));
  EXPECT_THAT(schema.at("t").triggers, ElementsAre("tr"));
}

TEST_F(MysqlCatalog, ReadsKeysIntoOtherDatabasesUnderTheirNames) {
  const DatabaseUrl other = url().with_database(url().database + "_other");
  engine().create_database(other);
  engine().connect(other)->execute("CREATE TABLE p (id INT PRIMARY KEY)");
  execute("CREATE TABLE c (p_id INT, FOREIGN KEY (p_id) REFERENCES `" + other.database +
          "`.p (id))");

  EXPECT_EQ(introspect().at("c").foreign_keys.at(0).parent, (TableName{other.database, "p"}));

  execute("DROP TABLE c");
  engine().drop_database(other);
}

TEST_F(MysqlCatalog, NeedsADatabase) {
  const auto server = engine().connect(url().with_database({}));

  EXPECT_THAT([&] { static_cast<void>(engine().introspect(*server)); },
              ThrowsError(ErrorCode::invalid_input, "no database"));
}

class MysqlSequences : public MysqlTest {};

TEST_F(MysqlSequences, AreReadFreshAndMoved) {
  execute("CREATE TABLE t (id BIGINT PRIMARY KEY AUTO_INCREMENT)");
  execute("CREATE TABLE without (id INT PRIMARY KEY)");
  const Schema schema = introspect();
  ASSERT_EQ(schema.sequences().size(), 1U);
  EXPECT_EQ(schema.sequences()[0].owner_column, "id");
  EXPECT_EQ(engine().sequence_states(connection(), schema).at(0).next, 1);
  const auto other = connect();

  other->execute("INSERT INTO t VALUES (NULL), (NULL), (NULL)");
  EXPECT_EQ(engine().last_inserted_key(*other), 1);
  EXPECT_EQ(engine().sequence_states(connection(), schema).at(0).next, 4);
  engine().set_sequence(connection(), {schema.sequences()[0], 100});

  EXPECT_EQ(engine().sequence_states(*other, schema).at(0).next, 100);
  other->execute("INSERT INTO t VALUES (NULL)");
  EXPECT_EQ(value("SELECT MAX(id) FROM t"), Value{100});
}

class MysqlTruncate : public MysqlTest {};

TEST_F(MysqlTruncate, EmptiesParentsAndKeepsTheSessionsChecks) {
  execute("CREATE TABLE p (id INT PRIMARY KEY AUTO_INCREMENT)");
  execute(
      "CREATE TABLE c (id INT PRIMARY KEY, p_id INT REFERENCES p (id), "
      "FOREIGN KEY (p_id) REFERENCES p (id))");
  execute("INSERT INTO p VALUES (5)");
  execute("INSERT INTO c VALUES (1, 5)");
  const Schema schema = introspect();
  const std::vector<TableName> both{{{}, "c"}, {{}, "p"}};

  for (const auto& sql : engine().truncate_sql(schema, both)) {
    execute(sql);
    // No statement leaves the checks off for the next one, should it fail.
    EXPECT_EQ(value("SELECT @@foreign_key_checks"), Value{1}) << sql;
  }

  EXPECT_EQ(value("SELECT COUNT(*) FROM p"), Value{0});
  EXPECT_EQ(engine().sequence_states(connection(), schema).at(0).next, 1);
  EXPECT_THAT(engine().truncate_sql(schema, std::vector<TableName>{{{}, "c"}}),
              ElementsAre("TRUNCATE TABLE `c`"));
}

class MysqlLoadGuard : public MysqlTest {
 protected:
  void SetUp() override {
    MysqlTest::SetUp();
    if (IsSkipped()) return;
    execute("CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b))");
    execute(
        "CREATE TABLE c (id INT PRIMARY KEY, x INT, y INT, CONSTRAINT to_p FOREIGN KEY (x, y) "
        "REFERENCES p (a, b))");
  }
};

TEST_F(MysqlLoadGuard, LetsChildrenComeFirstAndVerifiesThem) {
  const Schema schema = introspect();
  const std::vector<TableName> both{{{}, "c"}, {{}, "p"}};
  const auto guard = engine().guard_load(connection(), schema, both);

  connection().bulk_load({schema.at("c"), {"id", "x", "y"}},
                         source_of({{1, 1, 2}, {2, Null{}, 9}, {3, Null{}, Null{}}}));
  EXPECT_THAT([&] { guard->finish(); },
              ThrowsError(ErrorCode::constraint_violation, "'to_p' of table 'c': 1 row has"));
  connection().bulk_load({schema.at("p"), {"a", "b"}}, source_of({{1, 2}}));
  guard->finish();

  EXPECT_EQ(value("SELECT @@foreign_key_checks"), Value{1});
}

TEST_F(MysqlLoadGuard, FindsKeptChildrenOfReplacedParents) {
  execute("INSERT INTO p VALUES (1, 2)");
  execute("INSERT INTO c VALUES (1, 1, 2)");
  const Schema schema = introspect();
  const auto guard = engine().guard_load(connection(), schema, std::vector<TableName>{{{}, "p"}});

  execute("DELETE FROM p");

  EXPECT_THAT([&] { guard->finish(); }, ThrowsError(ErrorCode::constraint_violation, "to_p"));
}

TEST_F(MysqlLoadGuard, PutsTheChecksBackWhenItIsDestroyed) {
  const Schema schema = introspect();
  {
    const auto guard = engine().guard_load(connection(), schema, std::vector<TableName>{{{}, "c"}});
    EXPECT_EQ(value("SELECT @@foreign_key_checks"), Value{0});
  }

  EXPECT_EQ(value("SELECT @@foreign_key_checks"), Value{1});
}

TEST_F(MysqlLoadGuard, RefusesTablesWithTriggers) {
  execute("CREATE TRIGGER tr BEFORE INSERT ON c FOR EACH ROW SET NEW.x = 1");
  const Schema schema = introspect();

  EXPECT_THAT(
      [&] {
        static_cast<void>(
            engine().guard_load(connection(), schema, std::vector<TableName>{{{}, "c"}}));
      },
      ThrowsError(ErrorCode::unsupported, "table 'c' has triggers (tr)"));
  EXPECT_EQ(value("SELECT @@foreign_key_checks"), Value{1});
}

TEST(MysqlProducts, AreToldByTheVersion) {
  const auto maria = mysql::parse_version("5.5.5-10.11.19-MariaDB-0+deb12u1");
  const auto oracle = mysql::parse_version("8.0.36-0ubuntu0.22.04.1");

  EXPECT_EQ(maria.product, mysql::Product::mariadb);
  EXPECT_EQ(maria.text, "10.11.19");
  EXPECT_TRUE(mysql::has_insert_returning(maria));
  EXPECT_TRUE(mysql::has_sorted_fill(maria));
  EXPECT_FALSE(mysql::has_sorted_fill(oracle));
  EXPECT_FALSE(mysql::has_sorted_fill(mysql::parse_version("10.6.19-MariaDB")));
  EXPECT_EQ(oracle.product, mysql::Product::mysql);
  EXPECT_EQ(oracle.text, "8.0.36");
  EXPECT_EQ(oracle.major, 8);
  EXPECT_FALSE(mysql::has_insert_returning(oracle));
}

TEST(MysqlProducts, QuoteDefaultsEachInTheirWay) {
  const auto from_mysql = [](const Value& shown, const std::string& extra,
                             const std::string& type) {
    return mysql::default_sql(mysql::Product::mysql, shown, extra, type);
  };

  EXPECT_EQ(from_mysql("it's", "", "varchar"), "'it''s'");
  EXPECT_EQ(from_mysql("5", "", "int"), "5");
  EXPECT_EQ(from_mysql("b'101'", "", "bit"), "b'101'");
  EXPECT_EQ(from_mysql("concat(_utf8mb4\\'a\\',1)", "DEFAULT_GENERATED", "varchar"),
            "concat('a',1)");
  EXPECT_EQ(from_mysql(Null{}, "", "int"), std::nullopt);
}

}  // namespace

}  // namespace seedbed
