#include "seedbed/schema/fingerprint.hpp"

#include <functional>
#include <set>

#include <gmock/gmock.h>

#include "tests/schema/schema_builders.hpp"

namespace seedbed {

namespace {

using testing::table_with;

Table sample() {
  Table table = table_with("orders", {{"user_id", "users", true}});
  table.columns.push_back(
      {.name = "state", .type = {.type_class = TypeClass::text, .declared = "text"}});
  table.unique_keys.push_back({.name = "orders_state", .columns = {"state"}});
  table.checks.push_back({"state_known", "state <> ''"});
  return table;
}

Digest of(Table table) {
  return fingerprint(Schema{{std::move(table), table_with("users")}});
}

TEST(Fingerprint, IsTheSameForTheSameStructure) {
  EXPECT_EQ(of(sample()), of(sample()));
  EXPECT_EQ(fingerprint(Schema{{sample(), table_with("users")}}),
            fingerprint(Schema{{table_with("users"), sample()}}));
}

TEST(Fingerprint, NeverChangesBetweenReleases) {
  EXPECT_EQ(fingerprint(Schema{}).hex(),
            "77e13da47bf7f384f6cdfa6396532b5c356ab2fbb696fdb73e2ac5c4054e7507");
}

TEST(Fingerprint, ChangesWithEveryPartOfTheStructure) {
  const std::vector<std::function<void(Table&)>> changes{
      [](Table& t) { t.name.name = "order"; },
      [](Table& t) { t.columns[2].name = "status"; },
      [](Table& t) { t.columns[2].type.declared = "varchar(9)"; },
      [](Table& t) { t.columns[2].type.labels = {"a"}; },
      [](Table& t) { t.columns[2].nullable = false; },
      [](Table& t) { t.columns[2].default_sql = "'new'"; },
      [](Table& t) { t.columns[2].generated = Generated::stored; },
      [](Table& t) { t.columns[0].identity = Identity::by_default; },
      [](Table& t) { std::swap(t.columns[1], t.columns[2]); },
      [](Table& t) {
        t.primary_key = {"id", "user_id"};
      },
      [](Table& t) {
        t.unique_keys[0].columns = {"state", "id"};
      },
      [](Table& t) { t.unique_keys[0].partial = true; },
      [](Table& t) { t.unique_keys.clear(); },
      [](Table& t) { t.foreign_keys[0].parent.name = "people"; },
      [](Table& t) { t.foreign_keys[0].on_delete = ReferentialAction::cascade; },
      [](Table& t) { t.foreign_keys[0].deferrable = true; },
      [](Table& t) { t.checks[0].expression = "state <> 'x'"; },
  };
  std::set<Digest> seen{of(sample())};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Table table = sample();
    changes[i](table);
    EXPECT_TRUE(seen.insert(of(table)).second) << "change " << i << " is not seen";
  }
}

TEST(Fingerprint, LeavesOutNamesOfConstraintsAndTriggers) {
  Table table = sample();
  table.unique_keys[0].name = "other";
  table.foreign_keys[0].name = "other";
  table.checks[0].name = "other";
  table.triggers = {"watch"};

  EXPECT_EQ(of(table), of(sample()));
}

TEST(Fingerprint, IsNotFooledByNamesThatHoldItsMarks) {
  Table first = table_with("a\ncolumn 1:b null");
  Table second = table_with("a");
  Table pair = table_with("t");
  pair.primary_key = {"a,b"};
  Table two = table_with("t");
  two.primary_key = {"a", "b"};

  EXPECT_NE(of(first), of(second));
  EXPECT_NE(of(pair), of(two));
}

}  // namespace

}  // namespace seedbed
