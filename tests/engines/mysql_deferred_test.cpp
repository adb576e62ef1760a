#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::MysqlTest;
using testing::source_of;
using testing::ThrowsError;

class MysqlDeferred : public MysqlTest {
 protected:
  void create(const std::string& columns, const std::string& options = "") {
    execute("DROP TABLE IF EXISTS t");
    execute(fmt::format("CREATE TABLE t (a INT NOT NULL, b VARCHAR(40), c INT, {}) {}", columns,
                        options));
  }

  std::unique_ptr<LoadGuard> defer(bool alone = true) {
    return engine().defer_constraints(connection(), introspect(), {{{"", "t"}}, alone});
  }

  /// Rows of which two have the same `b`.
  void load_equal_values() {
    std::vector<Row> rows;
    for (int i = 1; i <= 2000; ++i) rows.push_back({i, fmt::format("v{}", i == 500 ? 100 : i), i});
    const Schema schema = introspect();
    const Table& table = schema.at("t");
    const Transaction transaction{connection()};
    const auto guard = defer();
    connection().bulk_load({table, {"a", "b", "c"}}, source_of(std::move(rows)));
    guard->finish();
  }

  std::string settings() {
    return value("SELECT CONCAT(@@unique_checks, @@foreign_key_checks)").display();
  }
};

// Nothing of this is promised by the server's manual but that equal values "may" be found.
TEST_F(MysqlDeferred, UniqueValuesAreToldApartInEveryKindOfTable) {
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"PRIMARY KEY (a), UNIQUE (b)", ""},
      {"PRIMARY KEY (b)", ""},
      {"UNIQUE (b)", ""},
      {"PRIMARY KEY (a), UNIQUE (b(4))", ""},
      {"PRIMARY KEY (a), UNIQUE (b), FULLTEXT (b)", ""},
      {"PRIMARY KEY (a), d LONGTEXT AS (CONCAT(b, 'x')) STORED, UNIQUE (d)", ""},
      {"PRIMARY KEY (a), v VARCHAR(50) AS (CONCAT(b, 'x')) VIRTUAL, UNIQUE (v)", ""},
      {"PRIMARY KEY (a), v VARCHAR(50) AS (CONCAT(b, 'x')) STORED, UNIQUE (v)", ""},
      {"PRIMARY KEY (a), UNIQUE (b DESC)", "ROW_FORMAT = COMPRESSED"},
      {"UNIQUE (b)", "PARTITION BY KEY (b) PARTITIONS 3"},
      {"PRIMARY KEY (a), UNIQUE (b)", "WITH SYSTEM VERSIONING"},
      {"PRIMARY KEY (a), UNIQUE (b)", "ENGINE = Aria"},
      {"PRIMARY KEY (a), UNIQUE (b)", "ENGINE = MyISAM"},
  };
  for (const auto& [columns, options] : kinds) {
    create(columns, options);
    EXPECT_THAT([&] { load_equal_values(); }, ThrowsError(ErrorCode::constraint_violation, ""))
        << columns << " " << options;
  }
}

TEST_F(MysqlDeferred, EqualValuesAreNamedAsTheLikelyCause) {
  create("PRIMARY KEY (a), UNIQUE (b)");
  EXPECT_THAT([&] { load_equal_values(); },
              ThrowsError(ErrorCode::constraint_violation, "two rows have an equal unique value"));
}

TEST_F(MysqlDeferred, SettingsAreBackAfterwards) {
  create("PRIMARY KEY (a)");
  const Transaction transaction{connection()};
  {
    const auto guard = defer();
    EXPECT_EQ(settings(), "OFFOFF");
  }
  EXPECT_EQ(settings(), "ONON");
  execute("SET unique_checks = 0");
  const auto guard = defer();
  EXPECT_EQ(settings(), "OFFOFF");
  guard->finish();
  EXPECT_EQ(settings(), "OFFON");
}

TEST_F(MysqlDeferred, RowsThatHadNoParentBeforeAreNotItsConcern) {
  create("PRIMARY KEY (a), FOREIGN KEY (c) REFERENCES t (a)");
  execute("CREATE TABLE child (t_a INT, FOREIGN KEY (t_a) REFERENCES t (a))");
  execute("SET foreign_key_checks = 0");
  execute("INSERT INTO child VALUES (7)");
  execute("SET foreign_key_checks = 1");
  const Schema schema = introspect();
  const auto load = [&](int refers_to) {
    Transaction transaction{connection()};
    const auto guard = defer();
    connection().bulk_load({schema.at("t"), {"a", "b", "c"}}, source_of({{1, "x", refers_to}}));
    guard->finish();
    transaction.commit();
  };

  EXPECT_THAT([&] { load(2); },
              ThrowsError(ErrorCode::constraint_violation, "of table 't': 1 row has no parent"));
  EXPECT_NO_THROW(load(1));
}

TEST_F(MysqlDeferred, NothingIsPutOffWhileOtherRowsAreWritten) {
  create("PRIMARY KEY (a)");
  EXPECT_EQ(defer(false), nullptr);
  EXPECT_EQ(settings(), "ONON");
}

}  // namespace

}  // namespace seedbed
