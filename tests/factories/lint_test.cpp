#include "seedbed/factories/insight/lint.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "failure order + paid: message", one line for each finding.
std::string text_of(const LintReport& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += fmt::format("{} {}", to_string(finding.kind), finding.factory);
    for (const auto& trait : finding.traits) text += " + " + trait;
    text += finding.record + ": " + finding.message + "\n";
  }
  return text;
}

class Lint : public FactoryTest {
 protected:
  LintReport lint(const std::string& factories, const LintOptions& options = {}) {
    const auto library = FactoryLibrary::parse(factories, "own.yaml");
    return seedbed::lint({connection(), schema(), library, FactoryTest::options()}, options,
                         progress_);
  }
  LintReport lint_shop(const LintOptions& options = {}) {
    return seedbed::lint({connection(), schema(), library(), FactoryTest::options()}, options,
                         progress_);
  }
  [[nodiscard]] std::string row_numbers() {
    const auto rows = connection().query(fmt::format(
        "SELECT table_name, next_row FROM {} ORDER BY table_name", engine().own_table("rows")));
    std::string text;
    for (const auto& row : rows.rows) {
      text += row[0].as<std::string>() + "=" + std::to_string(row[1].as<std::int64_t>()) + " ";
    }
    return text;
  }

  Progress progress_;
};
SEEDBED_ON_ALL_ENGINES(Lint);

TEST_P(Lint, FindsNothingInAShopThatFits) {
  const auto report = lint_shop();

  EXPECT_EQ(text_of(report), "");
  EXPECT_GT(report.combinations, 20U);
}

TEST_P(Lint, LeavesNoRowAndNoRowNumberBehind) {
  db().create_list("order", 2);
  db().record("john");
  const auto numbers = row_numbers();
  const auto users = dump("users", "id, email, name", "id");
  const auto orders = count("orders");

  lint_shop({.pairs = true});

  EXPECT_EQ(row_numbers(), numbers);
  EXPECT_EQ(dump("users", "id, email, name", "id"), users);
  EXPECT_EQ(count("orders"), orders);
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(db().create("order").row(), 3U);
}

TEST_P(Lint, ReportsAllThatCannotBeCreatedTogether) {
  const auto report = lint(
      "factories:\n"
      "  user:\n"
      "    set: { email: \"{n}@x.org\" }\n"
      "    traits:\n"
      "      broken: { set: { balance: =1 / (n - 1) } }\n"
      "      fine: { set: { nickname: x } }\n"
      "  product: { set: { stock: -1 } }\n"
      "records: { gone: { factory: user, set: { email: null } } }\n");

  const auto text = text_of(report);
  EXPECT_THAT(text, HasSubstr("failure product: "));
  EXPECT_THAT(text, HasSubstr("failure user + broken: "));
  EXPECT_THAT(text, HasSubstr("gone: "));
  EXPECT_EQ(report.findings.size(), 3U) << text;
  EXPECT_EQ(report.findings[1].where.to_string(), "own.yaml:5:36") << text;
}

TEST_P(Lint, ReportsAFailureOnceWhateverTraitsAreAdded) {
  const auto report = lint(
      "factories:\n"
      "  product:\n"
      "    set: { stock: -1 }\n"
      "    traits: { a: { set: { name: a } }, b: { set: { name: b } } }\n",
      {.pairs = true});

  EXPECT_EQ(report.findings.size(), 1U) << text_of(report);
  EXPECT_EQ(report.combinations, 4U);
}

TEST_P(Lint, TriesPairsOnlyWhenAsked) {
  const std::string factories =
      "factories:\n"
      "  product:\n"
      "    params: { by: 0 }\n"
      "    set: { stock: =5 - by }\n"
      "    traits:\n"
      "      four: { params: { by: 4 } }\n"
      "      more: { set: { stock: =2 - by } }\n";

  EXPECT_EQ(text_of(lint(factories)), "");
  EXPECT_THAT(text_of(lint(factories, {.pairs = true})),
              HasSubstr("failure product + four + more: "));
}

TEST_P(Lint, TriesTheTraitsOfLabels) {
  connection().execute(
      pick("CREATE TRIGGER no_admin BEFORE INSERT ON users WHEN NEW.role = 'admin' "
           "BEGIN SELECT RAISE(ABORT, 'no admins'); END",
           "ALTER TABLE users ADD CONSTRAINT no_admin CHECK (role <> 'admin')",
           "ALTER TABLE users ADD CONSTRAINT no_admin CHECK (role <> 'admin')"));
  const auto report = lint("factories: { user: { set: { role: customer } } }");

  EXPECT_THAT(text_of(report), HasSubstr("failure user + role:admin: "));
  EXPECT_EQ(report.findings.size(), 1U);
}

TEST_P(Lint, FindsWhatTheSchemaHasLeftBehind) {
  const auto text =
      text_of(lint("factories:\n"
                   "  user: { set: { nme: x, role: \"=weighted(customer=1, guest=2)\" } }\n"
                   "  gone: {}\n"
                   "  order: { set: { status: sent } }\n"));

  EXPECT_THAT(text, HasSubstr("'nme' is not in table 'users'"));
  EXPECT_THAT(text, HasSubstr("there is no table 'gones'"));
  EXPECT_THAT(text, HasSubstr("column 'status' takes "));
  EXPECT_THAT(text, HasSubstr("not 'sent'"));
}

TEST_P(Lint, FindsTraitsThatChangeNothing) {
  const auto text =
      text_of(lint("factories:\n"
                   "  user:\n"
                   "    set: { nickname: x }\n"
                   "    has: { orders: { factory: order, count: 0 } }\n"
                   "    traits:\n"
                   "      same: { set: { nickname: x }, has: { orders: 0 } }\n"
                   "      empty: {}\n"
                   "      fine: { set: { nickname: y } }\n"
                   "  order: {}\n"
                   "  guest: { extends: user, traits: [fine] }\n"));

  EXPECT_EQ(text,
            "dead trait user + empty: factory 'user': trait 'empty' changes nothing\n"
            "dead trait user + same: factory 'user': trait 'same' changes nothing\n");
}

TEST_P(Lint, FindsFactoriesThatMakeTheSameRows) {
  const auto report = lint(
      "factories:\n"
      "  user: { set: { name: =full_name() } }\n"
      "  person: { table: users, set: { name: =full_name() } }\n"
      "  guest: { extends: user, set: { name: Guest } }\n");

  EXPECT_EQ(text_of(report),
            "duplicate user: factory 'user' makes the same rows as factory 'person'\n");
  EXPECT_THAT(report.without_factory, Contains(TableName{"", "products"}));
  EXPECT_THAT(report.without_factory, ::testing::Not(Contains(TableName{"", "users"})));
}

TEST_P(Lint, LooksAtTheFactoriesThatAreNamed) {
  const std::string factories = "factories: { product: { set: { stock: -1 } }, user: {} }";

  EXPECT_THAT(lint(factories, {.factories = {"user"}}).findings, IsEmpty());
  EXPECT_EQ(lint(factories, {.factories = {"product"}}).findings.size(), 1U);
  EXPECT_THAT([&] { lint(factories, {.factories = {"usr"}}); },
              ThrowsError(ErrorCode::not_found, "did you mean 'user'?"));
}

TEST_P(Lint, TriesEachCombinationFromTheSameRowNumber) {
  // Three values are enough for any number of attempts.
  const auto report = lint(
      "factories:\n"
      "  product:\n"
      "    set: { sku: \"=one_of('a', 'b', 'c')\" }\n"
      "    traits: { t1: { set: { stock: 1 } }, t2: { set: { stock: 2 } }, t3: { set: { stock: 3 } "
      "},\n"
      "              t4: { set: { stock: 4 } } }\n");

  EXPECT_EQ(text_of(report), "");
  EXPECT_EQ(report.combinations, 5U);
}

TEST_P(Lint, TriesFiftyFactoriesWithPairs) {
  std::string factories = "factories:\n";
  for (int i = 0; i < 50; ++i) {
    factories += fmt::format(
        "  user{0}:\n"
        "    table: users\n"
        "    set: {{ email: \"u{0}.{{n}}@x.org\" }}\n"
        "    traits: {{ a: {{ set: {{ nickname: a }} }}, b: {{ set: {{ balance: 1 }} }} }}\n",
        i);
  }
  const auto report = lint(factories, {.pairs = true});

  EXPECT_EQ(text_of(report), "");
  EXPECT_EQ(report.combinations, 50U * (1 + 5 + 7));
}

}  // namespace
}  // namespace seedbed::testing
