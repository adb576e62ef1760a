#include "seedbed/factories/insight/insight.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/random.hpp"
#include "tests/factories/shop_project.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FactoryInsight shop() {
  return FactoryInsight{shop_schema(), shop_library(), shop_options()};
}

/// The shop's schema with factories of the test's own.
class OwnFactories {
 public:
  explicit OwnFactories(const std::string& factories)
      : library_{FactoryLibrary::parse(factories, "own.yaml")},
        insight_{shop_schema(), library_, shop_options()} {}
  FactoryInsight* operator->() { return &insight_; }

 private:
  FactoryLibrary library_;
  FactoryInsight insight_;
};

std::vector<std::uint64_t> rows_of(const std::vector<FoundRow>& found) {
  std::vector<std::uint64_t> rows;
  rows.reserve(found.size());
  for (const auto& row : found) rows.push_back(row.row);
  return rows;
}

TEST(InsightRow, IsTheRowThatAnyNumberOfRowsHolds) {
  auto insight = shop();
  const auto all = insight.rows({"user", {}}, {1, 40});
  const auto one = insight.rows({"users", {}}, {17, 17});

  ASSERT_EQ(all.size(), 40U);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].record.factory(), "user");
  EXPECT_EQ(one[0].record.row(), 17U);
  EXPECT_EQ(one[0].record.values(), all[16].record.values());
  EXPECT_FALSE(one[0].record.has("id"));
}

TEST(InsightRow, TakesTraitsAndOverrides) {
  auto insight = shop();
  const auto row =
      insight.rows({"user", {.traits = {"role:admin"}, .set = {{"name", "=x"}}}}, {3, 3});

  EXPECT_EQ(row[0].record["role"], Value{"admin"});
  EXPECT_EQ(row[0].record["name"], Value{"=x"});
  EXPECT_EQ(row[0].record["email"], Value{"x.3@example.com"});
}

TEST(InsightRow, BuildsNamedRecordsThatAreAskedFor) {
  auto insight = shop();
  const auto row = insight.rows({"order", {.set = {{"customer", RecordName{"john"}}}}}, {1, 1});

  EXPECT_EQ(row[0].record.relation("customer")["name"], Value{"John Doe"});
}

TEST(InsightRow, SaysWhereEachColumnComesFrom) {
  auto insight = shop();
  const auto row = insight.rows({"admin", {}}, {1, 1}).front();
  const auto origin = [&](const std::string& column) {
    const auto found = std::find_if(row.origins.begin(), row.origins.end(),
                                    [&](const auto& entry) { return entry.first == column; });
    return found->second;
  };

  EXPECT_EQ(origin("id").rule, CellRule::database);
  EXPECT_EQ(origin("name").rule, CellRule::parent_factory);
  EXPECT_EQ(origin("name").where.to_string(), "shop.yaml:8:7");
  EXPECT_EQ(origin("role").rule, CellRule::base_trait);
  EXPECT_EQ(origin("role").name, "role:admin");
  EXPECT_EQ(origin("newsletter").expression, "false");
}

TEST(InsightRow, RefusesWhatIsNotThere) {
  auto insight = shop();
  EXPECT_THAT(
      [&] {
        static_cast<void>(insight.rows({"usr", {}}, {1, 1}));
      },
      ThrowsError(ErrorCode::not_found, "no factory or table 'usr'; did you mean 'user'?"));
  EXPECT_THAT(
      [&] {
        static_cast<void>(insight.rows({"user", {}}, {1, 1'000'000}));
      },
      ThrowsError(ErrorCode::invalid_input, "at most 10000 rows"));
  EXPECT_THAT([] { static_cast<void>(parse_row_range("0")); },
              ThrowsError(ErrorCode::invalid_input, "rows count from 1"));
  EXPECT_THAT([] { static_cast<void>(parse_row_range("7..3")); },
              ThrowsError(ErrorCode::invalid_input, "begins after its end"));
  EXPECT_EQ(parse_row_range("7..30"), (RowRange{7, 30}));
}

/// What is explained of a row's cells is what is made of them.
void expect_explained(FactoryInsight& insight, const std::string& factory, std::uint64_t row) {
  const auto made = insight.rows({factory, {}}, {row, row}).front();
  for (const auto& [column, origin] : made.origins) {
    SCOPED_TRACE(fmt::format("{}.{} {}", factory, column, row));
    const auto cell = insight.explain({factory, {}}, column, row);
    EXPECT_EQ(cell.value.has_value(), made.record.has(column));
    if (made.record.has(column)) {
      EXPECT_EQ(cell.value, made.record[column]);
    }
    EXPECT_EQ(cell.origin.to_string(), origin.to_string());
  }
}

// Every cell of the shop, by its own rules.
TEST(InsightExplain, GivesTheValueOfEveryCell) {
  auto insight = shop();
  for (const auto& factory : shop_library().factory_names()) {
    for (const std::uint64_t row : {1U, 17U, 5'000'000U}) expect_explained(insight, factory, row);
  }
}

TEST(InsightExplain, ShowsReadsAndDrawsOfATemplate) {
  auto insight = shop();
  const auto email = insight.explain({"user", {}}, "email", 17);

  EXPECT_EQ(email.origin.rule, CellRule::own);
  EXPECT_EQ(email.origin.expression, "{slug(name)}.{n}@example.com");
  EXPECT_EQ(email.origin.where.to_string(), "shop.yaml:9:7");
  ASSERT_EQ(email.reads.size(), 2U);
  EXPECT_EQ(email.reads[0].name, "name");
  EXPECT_EQ(email.reads[0].origin->expression, "=full_name()");
  EXPECT_EQ(email.reads[1].name, "n");
  EXPECT_THAT(email.draws, IsEmpty());

  const auto name = insight.explain({"user", {}}, "name", 17);
  ASSERT_EQ(name.draws.size(), 1U);
  EXPECT_EQ(name.draws[0].what, "full_name");
  EXPECT_EQ(name.draws[0].key, cell_key(42, "users.name@1"));
  EXPECT_EQ(name.draws[0].row, 17U);
  CellRandom random{name.draws[0].key, 17};
  for (const auto number : name.draws[0].numbers) EXPECT_EQ(number, random.next());
  EXPECT_EQ(name.draws[0].numbers.size(), 3U);  // a given name, and two surnames for Spain
  EXPECT_EQ(name.draws[0].result, *name.value);
}

TEST(InsightExplain, ShowsRowsThatARollUpReads) {
  auto insight = shop();
  const auto total = insight.explain({"order", {}}, "total", 1);

  std::vector<std::string> names;
  for (const auto& read : total.reads) names.push_back(read.name);
  EXPECT_THAT(names, ElementsAre("items.n", "items.quantity", "items.unit_price"));
  EXPECT_EQ(total.reads[1].values.size(), total.reads[2].values.size());
  EXPECT_EQ(insight.explain({"order", {}}, "placed_at", 1).reads[0].name, "customer.created_at");
}

TEST(InsightExplain, TellsWhichRuleWinsAndWhichLose) {
  OwnFactories own{
      "factories:\n"
      "  base: { table: users, set: { name: base, email: \"{n}@x.org\" } }\n"
      "  user:\n"
      "    extends: base\n"
      "    params: { vip: false }\n"
      "    set: { name: own }\n"
      "    when: [ { if: =vip, set: { name: special } } ]\n"
      "    traits: { loud: { set: { name: LOUD } } }\n"};
  const auto rule = [&](const CallArguments& arguments) {
    return own->explain({"user", arguments}, "name", 1).origin.to_string();
  };

  EXPECT_EQ(rule({}), "factory 'user'");
  EXPECT_EQ(rule({.set = {{"vip", true}}}), "'when' of factory 'user'");
  EXPECT_EQ(rule({.traits = {"loud"}}), "trait 'loud' of the call");
  EXPECT_EQ(rule({.set = {{"name", "Ada"}}}), "set by the call");
  EXPECT_EQ(own->explain({"user", {}}, "email", 1).origin.to_string(), "extended factory 'base'");

  const auto cell = own->explain({"user", {}}, "name", 1);
  ASSERT_EQ(cell.others.size(), 2U);
  EXPECT_TRUE(cell.others[0].conditional);
  EXPECT_EQ(cell.others[0].origin.condition, "=vip");
  EXPECT_FALSE(cell.others[1].conditional);
  EXPECT_EQ(cell.others[1].origin.name, "base");
  EXPECT_EQ(cell.reads[0].name, "vip");
  EXPECT_EQ(own->explain({"user", {}}, "vip", 1).value, Value{false});
}

TEST(InsightExplain, ShowsThePermutationOfAUniqueColumn) {
  OwnFactories own{"factories: { product: { set: { sku: =100 .. 599 } } }"};
  const auto cell = own->explain({"product", {}}, "sku", 7);

  ASSERT_TRUE(cell.permuted.has_value());
  EXPECT_EQ(cell.permuted->size, 500U);
  EXPECT_EQ(*cell.value, Value{std::to_string(100 + cell.permuted->index)});
  EXPECT_EQ(cell.permuted->key, cell_key(42, "products.sku@1"));
}

TEST(InsightExplain, ShowsWhatFittingDid) {
  OwnFactories own{"factories: { product: { set: { price: =10 / 3 } } }"};
  const auto cell = own->explain({"product", {}}, "price", 1);

  EXPECT_EQ(cell.drawn, Value{"3.333333"});
  EXPECT_EQ(cell.value, Value{"3.33"});
  EXPECT_EQ(cell.type, "decimal(10, 2)");
}

TEST(InsightExplain, ExplainsKeysAndWhatTheDatabaseMakes) {
  auto insight = shop();

  const auto key = insight.explain({"order", {}}, "customer_id", 1);
  EXPECT_EQ(key.origin.rule, CellRule::relation);
  EXPECT_THAT(key.relation, HasSubstr("orders.customer_id may not be NULL; a new row of 'user'"));
  EXPECT_FALSE(key.value.has_value());
  EXPECT_EQ(insight.explain({"order", {}}, "id", 1).origin.rule, CellRule::database);
  EXPECT_EQ(insight.explain({"order", {}}, "notes", 1).origin.rule, CellRule::null);
  EXPECT_EQ(insight.explain({"category", {}}, "parent_id", 1).value, Value{});
  EXPECT_THAT(
      [&] {
        static_cast<void>(insight.explain({"order", {}}, "totl", 1));
      },
      ThrowsError(ErrorCode::not_found, "did you mean 'total'?"));
}

TEST(InsightFind, TurnsTemplatesRound) {
  auto insight = shop();
  for (const std::uint64_t row : {1U, 42U, 14'983'837U}) {
    const auto made = insight.rows({"user", {}}, {row, row}).front().record;
    EXPECT_THAT(rows_of(insight.find({"users", {}}, "email", made["email"].text())),
                ElementsAre(row));
  }
  EXPECT_THAT(rows_of(insight.find({"product", {}}, "sku", "SKU-000017")), ElementsAre(17U));
  EXPECT_THAT(rows_of(insight.find({"product", {}}, "sku", "SKU-17")), IsEmpty());
  EXPECT_THAT(rows_of(insight.find({"user", {}}, "email", "nobody.17@example.com")), IsEmpty());
  EXPECT_THAT(rows_of(insight.find({"user", {}}, "email", "17")), IsEmpty());
}

TEST(InsightFind, TurnsTermsOfTheRowNumberRound) {
  OwnFactories own{
      "factories:\n"
      "  product: { set: { sku: \"{n}-{pad(10 * n + 1000, 8)}\", stock: =n - 5 } }\n"
      "  user: { set: { email: \"{upper(concat('u', 2000 + n))}@x.org\" } }\n"};

  EXPECT_THAT(rows_of(own->find({"product", {}}, "sku", "12-00001120")), ElementsAre(12U));
  EXPECT_THAT(rows_of(own->find({"product", {}}, "sku", "12-00001130")), IsEmpty());
  EXPECT_THAT(rows_of(own->find({"product", {}}, "stock", "-3")), ElementsAre(2U));
  EXPECT_THAT(rows_of(own->find({"user", {}}, "email", "U2017@x.org")), ElementsAre(17U));
}

TEST(InsightFind, TurnsPermutationsRound) {
  OwnFactories own{
      "factories:\n"
      "  product: { set: { sku: \"=one_of('a', 'b', 'c')\" } }\n"
      "  user: { set: { email: =1 .. 100000 } }\n"};

  std::vector<std::uint64_t> rows;
  for (const auto* value : {"a", "b", "c"}) {
    const auto found = rows_of(own->find({"product", {}}, "sku", value));
    rows.insert(rows.end(), found.begin(), found.end());
  }
  std::sort(rows.begin(), rows.end());
  EXPECT_THAT(rows, ElementsAre(1U, 2U, 3U));
  EXPECT_THAT(own->find({"product", {}}, "sku", "d"), IsEmpty());
  const auto made = own->rows({"user", {}}, {777, 777}).front().record["email"].text();
  EXPECT_THAT(rows_of(own->find({"user", {}}, "email", made)), ElementsAre(777U));
}

TEST(InsightFind, FindsKeysOfTablesWithoutFactories) {
  const FactoryLibrary nothing;
  FactoryInsight insight{shop_schema(), nothing, shop_options()};
  const auto email = insight.rows({"users", {}}, {9, 9}).front().record["email"].text();

  EXPECT_THAT(rows_of(insight.find({"users", {}}, "email", email)), ElementsAre(9U));
}

TEST(InsightFind, SaysWhyItCannotAndWhatWould) {
  auto insight = shop();
  const auto find = [&](const std::string& factory, const std::string& column,
                        const std::string& value) {
    return [&insight, factory, column, value] {
      static_cast<void>(insight.find({factory, {}}, column, value));
    };
  };

  EXPECT_THAT(find("user", "name", "Ada"), ThrowsError(ErrorCode::unsupported, "has no inverse"));
  EXPECT_THAT(find("user", "name", "Ada"), ThrowsError(ErrorCode::unsupported, "--rows 1.."));
  EXPECT_THAT(find("order", "status", "pending"),
              ThrowsError(ErrorCode::unsupported, "the same in every row"));
  EXPECT_THAT(find("order", "total", "12.00"),
              ThrowsError(ErrorCode::unsupported, "reads other rows"));
  EXPECT_THAT(find("order", "customer_id", "1"),
              ThrowsError(ErrorCode::unsupported, "the key of another row"));
  EXPECT_THAT(find("order", "id", "1"), ThrowsError(ErrorCode::unsupported, "the database makes"));
  EXPECT_THAT(find("product", "price", "cheap"), ThrowsError(ErrorCode::invalid_input, "decimal"));
}

TEST(InsightScan, LooksAtEveryRowOfARange) {
  auto insight = shop();
  const auto name = insight.rows({"user", {}}, {9'000, 9'000}).front().record["name"].text();
  Progress progress;

  const auto found = rows_of(insight.scan({"users", {}}, "name", name, {1, 20'000}, progress));
  EXPECT_THAT(found, ::testing::Contains(9'000U));
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  for (const auto row : found) {
    EXPECT_EQ(insight.rows({"user", {}}, {row, row}).front().record["name"].text(), name);
  }
  EXPECT_THAT(insight.scan({"users", {}}, "name", "Nobody At All", {1, 9'000}, progress),
              IsEmpty());
}

}  // namespace
}  // namespace seedbed::testing
