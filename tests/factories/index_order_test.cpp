#include "seedbed/factories/load/index_order.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/random.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::detail {
namespace {

using Rows = std::vector<Row>;

Column column(const std::string& name) {
  Column made;
  made.name = name;
  return made;
}

Table users() {
  Table table;
  table.name = {"", "users"};
  table.columns = {column("id"), column("email"), column("code")};
  table.primary_key = {"id"};
  table.unique_keys = {{"users_code", {"code"}}, {"users_email", {"email"}}};
  return table;
}

/// Rows with rising ids, random e-mails and random, shorter codes.
Rows random_rows(std::int64_t count) {
  Rows rows;
  for (std::int64_t id = 1; id <= count; ++id) {
    CellRandom random{7, static_cast<std::uint64_t>(id)};
    const auto email = std::to_string(random.next()) + "@example.com";
    rows.push_back({id, email, std::to_string(random.next() % 1'000'000'000)});
  }
  return rows;
}

/// Gives the rows in batches of an odd size; asked again behind their end, it fails.
BatchSource source_of(const Rows& rows) {
  return [&rows, at = std::size_t{0}, ended = false](ColumnBatch& batch) mutable {
    EXPECT_FALSE(ended);
    const auto end = std::min(at + 1111, rows.size());
    ended = at == end;
    for (; at < end; ++at) batch.append(rows[at]);
    return !ended;
  };
}

Rows all_of(const BatchSource& source) {
  constexpr std::size_t kColumns = 3;
  Rows rows;
  ColumnBatch batch{kColumns};
  while (source(batch)) {
    EXPECT_GT(batch.row_count(), 0U);
    for (std::size_t row = 0; row < batch.row_count(); ++row) rows.push_back(batch.row(row));
    batch.reset(kColumns);
  }
  return rows;
}

Rows ordered(const Table& table, const Rows& rows, OrderingKeys keys = OrderingKeys::any) {
  return all_of(in_index_order({table, {"id", "email", "code"}}, keys, source_of(rows)));
}

bool ascends(const Rows& rows, std::size_t column) {
  return std::is_sorted(rows.begin(), rows.end(), [&](const Row& left, const Row& right) {
    return left[column].text() < right[column].text();
  });
}

TEST(IndexOrder, IsThatOfTheWidestRandomKey) {
  const auto rows = random_rows(30'000);
  auto found = ordered(users(), rows);

  EXPECT_TRUE(ascends(found, 1));
  std::sort(found.begin(), found.end(), [](const Row& left, const Row& right) {
    return left[0].integer() < right[0].integer();
  });
  EXPECT_TRUE(found == rows) << "rows are lost, doubled or torn";
}

TEST(IndexOrder, IsThatOfAPrimaryKeyBeforeOthers) {
  auto table = users();
  table.primary_key = {"code"};
  EXPECT_TRUE(ascends(ordered(table, random_rows(30'000)), 2));
}

TEST(IndexOrder, IsThatOfThePrimaryKeyOnlyWhereRowsLieByIt) {
  const auto rows = random_rows(30'000);
  auto table = users();
  EXPECT_TRUE(ordered(table, rows, OrderingKeys::primary) == rows);
  table.primary_key = {"code"};
  EXPECT_TRUE(ascends(ordered(table, rows, OrderingKeys::primary), 2));
  EXPECT_TRUE(ordered(table, rows, OrderingKeys::none) == rows);
}

TEST(IndexOrder, ComparesAllColumnsOfAKey) {
  auto rows = random_rows(30'000);
  for (auto& row : rows) row[1] = "same@example.com";
  auto table = users();
  table.unique_keys = {{"both", {"email", "code"}}};
  EXPECT_TRUE(ascends(ordered(table, rows), 2));
}

TEST(IndexOrder, OrdersNumbersAndNullsOfAnyKind) {
  auto rows = random_rows(30'000);
  for (auto& row : rows) {
    const auto id = row[0].integer();
    row[1] = id % 3 == 0 ? Value{} : Value{(id % 2 == 0 ? 1 : -1) * id};
  }
  auto table = users();
  table.unique_keys = {{"users_email", {"email"}}};
  const auto found = ordered(table, rows);
  std::int64_t last = -30'001;
  for (const auto& row : found) {
    if (row[1].is_null()) continue;
    ASSERT_GT(row[1].integer(), last);
    last = row[1].integer();
  }
}

// Their first bytes are equal; an order that is none would end the program.
TEST(IndexOrder, OrdersNullsAndTextsOfNothing) {
  auto rows = random_rows(30'000);
  for (auto& row : rows) {
    const auto id = static_cast<std::size_t>(row[0].integer());
    row[1] = id % 2 == 0 ? Value{} : Value{std::string(id * 7919 % 100, '\0')};
  }
  auto table = users();
  table.unique_keys = {{"users_email", {"email"}}};
  const auto found = ordered(table, rows);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [](const Row& left, const Row& right) {
    if (left[1].is_null() || right[1].is_null()) return left[1].is_null() && !right[1].is_null();
    return left[1].text() < right[1].text();
  }));
}

TEST(IndexOrder, GoesByRunsOfBoundedSize) {
  auto rows = random_rows(300'000);
  const auto found = ordered(users(), rows);
  ASSERT_EQ(found.size(), rows.size());
  std::size_t runs = 1;
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i][1].text() < found[i - 1][1].text()) ++runs;
  }
  EXPECT_THAT(runs, ::testing::AllOf(::testing::Ge(3U), ::testing::Le(12U)));
}

TEST(IndexOrder, LeavesRowsThatAreInOrder) {
  auto rows = random_rows(30'000);
  for (auto& row : rows) {
    row[1] = std::to_string(1'000'000 + row[0].integer()) + "@example.com";
    row[2] = row[1];
  }
  EXPECT_TRUE(ordered(users(), rows) == rows);
}

TEST(IndexOrder, LeavesFewRows) {
  const auto rows = random_rows(kFewestOrderedRows - 1);
  EXPECT_TRUE(ordered(users(), rows) == rows);
  EXPECT_TRUE(ordered(users(), {}).empty());
}

TEST(IndexOrder, LeavesRowsWhoseOrderHasAMeaning) {
  const auto rows = random_rows(30'000);
  auto tree = users();
  tree.foreign_keys = {{"", {"id"}, {"", "users"}, {"id"}}};
  EXPECT_TRUE(ordered(tree, rows) == rows) << "rows refer to rows before them";

  auto counted = users();
  counted.columns.push_back(column("ticket"));
  counted.columns.back().default_sql = "nextval('tickets'::regclass)";
  EXPECT_TRUE(ordered(counted, rows) == rows) << "the database counts them";

  auto partial = users();
  for (auto& key : partial.unique_keys) key.partial = true;
  EXPECT_TRUE(ordered(partial, rows) == rows) << "no key holds all rows";
}

class IndexOrderOfALoad : public testing::RelationTest {};
SEEDBED_ON_ALL_ENGINES(IndexOrderOfALoad);

TEST_P(IndexOrderOfALoad, ChangesNoRow) {
  make_tables("CREATE TABLE members (id {id}, email varchar(60) NOT NULL UNIQUE);");
  define("factories: { member: { set: { email: '{hex(16)}@example.com' } } }");
  const auto seventeenth = db().build_list("member", 17).back()["email"];
  load_rows({{"member", 20'000, {}}});

  EXPECT_EQ(number("SELECT COUNT(*) FROM members"), 20'000);
  EXPECT_EQ(values("SELECT email FROM members WHERE id = 17"), seventeenth.text());
  EXPECT_EQ(db().create("member").row(), 20'001U);
  if (GetParam() != "postgres") return;
  EXPECT_EQ(number("SELECT COUNT(*) FROM (SELECT email COLLATE \"C\" < LAG(email COLLATE \"C\") "
                   "OVER (ORDER BY "
                   "ctid) AS back FROM members WHERE id <= 20000) m WHERE back"),
            0)
      << "they lie in the order of the index";
}

}  // namespace
}  // namespace seedbed::detail
