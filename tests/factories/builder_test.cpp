#include "seedbed/factories/builder.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/factories/library.hpp"
#include "tests/factories/definition_text.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/factories/factory_fixture.hpp"
#include "tests/factories/random_definitions.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

std::string described(const FactoryLibrary& library) {
  return describe(library.definitions());
}

auto making(std::vector<LibraryPart> parts, LibraryOptions options = {}) {
  return [parts = std::move(parts), options = std::move(options)] {
    static_cast<void>(FactoryLibrary::of(parts, options));
  };
}

/// The line of this file that a mistake is made at, as messages name it.
std::string line(int number) {
  return std::string{__FILE__} + ":" + std::to_string(number);
}

constexpr auto kFile = R"(
locale: de_DE
factories:
  account: {}
  address: {}
  order: {}
  user:
    table: users
    key: people
    locale: fr_FR
    params: { vip: false, discount: 1.5, note: null }
    refs:
      account: { factory: account, share: scenario }
      manager: { shape: tree, fanout: 4, roots: 5%, via: boss_id }
    set:
      name: =full_name()
      email: "{slug(name)}.{n}@example.com"
      role: customer
      code: "01234"
      points: 12
      settings: { theme: dark, sizes: [1, 2.50, "3"] }
    when:
      - if: =vip
        set: { role: staff, points: =1000 .. 9000 }
      - if: =discount > 1
        set: { note: cheap }
    has:
      orders: { factory: order, count: 0..3 }
      addresses: =if(vip, 2, 1)
    traits:
      new: { set: { points: 0 }, has: { orders: 0 } }
      newest: { traits: [new], params: { vip: true } }
    after_create:
      - { sql: "UPDATE users SET points = 1 WHERE id = {id}", bulk: skip }
  admin: { extends: user, traits: ["role:admin"] }
records:
  john: { factory: user, traits: [new], set: { name: "{John}", points: 7, note: null, account: "@first" } }
  first: { factory: account, set: { settings: { a: [1] } } }
scenarios:
  small:
    - { user: 20 }
    - { order: 1.5M, traits: [a, b] }
    - { address: { per: user, count: 0..20, total: 12k, via: owner_id } }
    - john
)";

std::vector<LibraryPart> same_parts() {
  const auto newest = trait().traits({"new"}).param("vip", true);
  return {factory("account"),
          factory("address"),
          factory("order").trait("a", trait()).trait("b", trait()),
          factory("user")
              .table("users")
              .key("people")
              .locale("fr_FR")
              .param("vip", false)
              .param("discount", 1.5)
              .param("note", Null{})
              .ref("account", parent("account").share(Share::scenario))
              .ref("manager", parent().shape(Shape::tree).fanout(4).roots("5%").via("boss_id"))
              .set("name", expr("full_name()"))
              .set("email", text_template("{slug(name)}.{n}@example.com"))
              .set("role", "customer")
              .set("code", "01234")
              .set("points", 12)
              .set("settings", Document{R"({"theme": "dark", "sizes": [1, 2.50, "3"]})"})
              .when(expr("vip"), {{"role", "staff"}, {"points", expr("1000 .. 9000")}})
              .when(expr("discount > 1"), {{"note", "cheap"}})
              .has("orders", children("order").count("0..3"))
              .has("addresses", expr("if(vip, 2, 1)"))
              .trait("new", trait().set("points", 0).has("orders", 0))
              .trait("newest", newest)
              .after_create("UPDATE users SET points = 1 WHERE id = {id}", HookBulk::skip),
          factory("admin").extends("user").traits({"role:admin"}),
          record("john", "user")
              .traits({"new"})
              .set("name", "{John}")
              .set("points", 7)
              .set("note", Null{})
              .set("account", RecordName{"first"}),
          record("first", "account").set("settings", Document{R"({"a": [1]})"}),
          scenario("small")
              .rows("user", 20)
              .rows("order", "1.5M", {"a", "b"})
              .rows("address", per("user", "0..20").total("12k").via("owner_id"))
              .record("john")};
}

TEST(Builder, SaysWhatAFileSays) {
  auto file = std::string{kFile};
  file.replace(file.find("order: {}"), 9, "order: { traits: { a: {}, b: {} } }");

  const auto built = FactoryLibrary::of(same_parts(), {.locale = "de_DE"});

  EXPECT_EQ(described(built), described(FactoryLibrary::parse(file)));
  EXPECT_EQ(described(FactoryLibrary::parse(built.to_yaml())), described(built));
}

TEST(Builder, LeavesTheOldValueUnchanged) {
  const auto user = factory("user").set("role", "customer").trait("new", trait());
  const auto before = described(FactoryLibrary::of({user}));

  const auto vip = user.set("role", "vip").param("x", 1).trait("new", trait().set("role", "new"));

  EXPECT_EQ(described(FactoryLibrary::of({user})), before);
  EXPECT_EQ(
      described(FactoryLibrary::of({vip})),
      described(FactoryLibrary::parse("factories: { user: { params: { x: 1 }, set: { role: vip }, "
                                      "traits: { new: { set: { role: new } } } } }")));
}

TEST(Builder, TakesTextsAsTheyAre) {
  for (const auto& text : nasty_texts()) {
    const auto library =
        FactoryLibrary::of({factory("a").set("x", text), record("r", "a").set("x", text)});
    const auto again = FactoryLibrary::parse(library.to_yaml());

    EXPECT_EQ(described(again), described(library)) << text;
    const auto& node = again.definitions().factories.at("a").own.set.front().value;
    Diagnostics findings;
    const auto literal = Expression::compile_scalar(node, TestScope{}, findings);
    ASSERT_TRUE(literal && findings.empty()) << text;
    ASSERT_NE(literal->literal_value(), nullptr) << text;
    EXPECT_EQ(to_text(*literal->literal_value()), text);
  }
}

TEST(Builder, KeepsATemplateThatBeginsWithASign) {
  const auto library = FactoryLibrary::of({factory("a").set("x", text_template("={n}"))});

  EXPECT_EQ(library.definitions().factories.at("a").own.set.front().value.text, "{'='}{n}");
}

TEST(Builder, KeepsHooks) {
  const auto library = FactoryLibrary::of(
      {factory("user")
           .after_create("UPDATE a SET b = {id}", HookBulk::each)
           .trait("t", trait().after_create([](Connection&, const Record&) {}))});
  const auto& user = library.definitions().factories.at("user");

  ASSERT_EQ(user.own.after_create.size(), 1U);
  EXPECT_EQ(user.own.after_create[0].sql, "UPDATE a SET b = {id}");
  EXPECT_EQ(user.own.after_create[0].bulk, HookBulk::each);
  ASSERT_EQ(user.traits.at("t").layer.after_create.size(), 1U);
  EXPECT_TRUE(user.traits.at("t").layer.after_create[0].call);
}

TEST(Builder, ReportsEveryMistakeAtItsLine) {
  const int here = __LINE__;
  const auto user = factory("user")
                        .set("a", expr("=1 + 1"))
                        .set("b", Document{"{"})
                        .ref("c", parent("user").fanout("many"))
                        .locale("xx_XX")
                        .trait("role:x", trait());
  const auto twice = factory("user");
  const auto both = factory("both").traits({"t"}).trait("t", trait());
  const auto making_all = making({user, twice, both, scenario("s").rows("user", "lots")});

  for (const auto& [offset, message] : std::vector<std::pair<int, std::string>>{
           {2, "begins with '='; leave the sign out"},
           {3, "a Document: not JSON at byte"},
           {4, "'fanout' must be a number from 1 on"},
           {5, "there is no locale 'xx_XX'"},
           {6, "a colon is kept for the traits of enum values"},
           {7, "factory 'user' is already defined at " + line(here + 1)},
           {8, "factory 'both' applies traits and defines traits"},
           {9, "'user' needs a number of rows"}}) {
    EXPECT_THAT(making_all, ThrowsError(ErrorCode::invalid_input, line(here + offset) + ": "));
    EXPECT_THAT(making_all, ThrowsError(ErrorCode::invalid_input, message));
  }
}

TEST(Builder, ReportsWhatDoesNotExistAtItsLine) {
  const int here = __LINE__;
  const auto admin = factory("admin").extends("user");
  const auto john = record("john", "user");

  EXPECT_THAT(making({admin}), ThrowsError(ErrorCode::not_found,
                                           line(here + 1) + ": factory 'admin' extends 'user'"));
  EXPECT_THAT(making({john}),
              ThrowsError(ErrorCode::not_found, line(here + 2) + ": there is no factory 'user'"));
}

TEST(Builder, JoinsTheFilesOfADirectory) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("seedbed-builder-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  write_file_atomically(directory / "a.yaml", "factories: { user: { traits: { new: {} } } }");

  const auto library = FactoryLibrary::of({factory("admin").extends("user").traits({"new"})},
                                          {.directory = directory});

  EXPECT_EQ(library.factory_names(), (std::vector<std::string>{"admin", "user"}));
  EXPECT_THAT(making({factory("user")}, {.directory = directory}),
              ThrowsError(ErrorCode::invalid_input, "factory 'user' is already defined at "));
  std::filesystem::remove_all(directory);
}

class BuiltFactory : public FactoryTest {};

TEST_P(BuiltFactory, MakesTheRowsOfTheFile) {
  const auto built = FactoryLibrary::parse(library().to_yaml());
  auto other = session(built);

  const auto expected = db().build_list("order", 3);
  const auto made = other.build_list("order", 3);

  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(made[i].values(), expected[i].values());
  }
}

TEST_P(BuiltFactory, NamesItsLineWhenTheSchemaHasNoSuchColumn) {
  const auto user = FactoryLibrary::of({factory("user").set("nmae", "x")});
  const auto where = line(__LINE__ - 1);

  const auto findings = user.check(schema());

  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].where.to_string(), where);
  EXPECT_NE(findings[0].message.find("did you mean 'name'"), std::string::npos);
}

SEEDBED_ON_ALL_ENGINES(BuiltFactory);

}  // namespace
}  // namespace seedbed::testing
