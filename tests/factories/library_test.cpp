#include "seedbed/factories/library.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/record.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed::testing {
namespace {

Column column(const std::string& name, TypeClass type, bool nullable = false) {
  Column made;
  made.name = name;
  made.type.type_class = type;
  made.type.declared = to_string(type);
  made.nullable = nullable;
  return made;
}

Schema two_tables() {
  Table users;
  users.name = {"", "users"};
  users.columns = {column("id", TypeClass::integer), column("name", TypeClass::text),
                   column("role", TypeClass::text)};
  users.columns[0].identity = Identity::by_default;
  users.primary_key = {"id"};
  users.checks = {{"",
                   "((role)::text = ANY ((ARRAY['admin'::character varying, "
                   "'guest'::character varying])::text[]))"}};
  Table posts;
  posts.name = {"", "posts"};
  posts.columns = {column("id", TypeClass::integer), column("author_id", TypeClass::integer),
                   column("editor_id", TypeClass::integer, true), column("title", TypeClass::text)};
  posts.columns[0].identity = Identity::by_default;
  posts.primary_key = {"id"};
  posts.foreign_keys = {{"", {"author_id"}, {"", "users"}, {"id"}},
                        {"", {"editor_id"}, {"", "users"}, {"id"}}};
  return Schema{{users, posts}};
}

std::string findings(std::string_view text) {
  std::string all;
  for (const auto& finding : FactoryLibrary::parse(text).check(two_tables())) {
    all += finding.to_string() + "\n";
  }
  return all;
}

auto parsing(const std::string& text) {
  return [text] { static_cast<void>(FactoryLibrary::parse(text, "f.yaml")); };
}

TEST(FactoryLibrary, NamesWhatItHolds) {
  const auto library = FactoryLibrary::parse(
      "factories:\n  user: { traits: { b: {}, a: {} } }\n  admin: { extends: user }\n"
      "records: { john: { factory: user } }\nscenarios: { small: [ { user: 2 } ] }\n");

  EXPECT_EQ(library.factory_names(), (std::vector<std::string>{"admin", "user"}));
  EXPECT_EQ(library.trait_names("admin"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(library.record_names(), (std::vector<std::string>{"john"}));
  EXPECT_EQ(library.scenario_names(), (std::vector<std::string>{"small"}));
  EXPECT_EQ(library.table_of("admin", two_tables()).name.name, "users");
}

TEST(FactoryLibrary, RefusesWhatIsNotOfTheLanguage) {
  EXPECT_THAT(parsing("factories: { user: { sett: {} } }"),
              ThrowsError(ErrorCode::invalid_input,
                          "f.yaml:1:22: factory 'user' has no 'sett'; did "
                          "you mean 'set'?"));
  EXPECT_THAT(parsing("version: 2"), ThrowsError(ErrorCode::invalid_input, "reads version 1"));
  EXPECT_THAT(parsing("scenarios: { s: [ { user: lots } ] }"),
              ThrowsError(ErrorCode::invalid_input, "20, 10k or 1M"));
  EXPECT_THAT(parsing("factories: { user: { refs: { a: { share: grph } } } }"),
              ThrowsError(ErrorCode::invalid_input, "did you mean 'graph'"));
}

TEST(FactoryLibrary, RefusesCirclesWithTheirPath) {
  EXPECT_THAT(parsing("factories: { a: { extends: b }, b: { extends: a } }"),
              ThrowsError(ErrorCode::invalid_input, "a -> b -> a"));
  EXPECT_THAT(parsing("factories: { a: { traits: { x: { traits: [y] }, y: { traits: [x] } } } }"),
              ThrowsError(ErrorCode::invalid_input, "x -> y -> x"));
  EXPECT_THAT(parsing("factories: { a: { extends: c } }"),
              ThrowsError(ErrorCode::not_found, "'c', which does not exist"));
  EXPECT_THAT(parsing("factories: { a: { traits: { big: { traits: [bgi] } } } }"),
              ThrowsError(ErrorCode::not_found, "did you mean 'big'"));
}

TEST(FactoryLibrary, ChecksNamesOfRecordsAndScenarios) {
  EXPECT_THAT(parsing("factories: { user: {} }\nrecords: { john: { factory: usr } }"),
              ThrowsError(ErrorCode::not_found, "did you mean 'user'"));
  EXPECT_THAT(parsing("factories: { user: {} }\nscenarios: { s: [ { usr: 1 } ] }"),
              ThrowsError(ErrorCode::not_found, "did you mean 'user'"));
  EXPECT_THAT(parsing("scenarios: { s: [ jon ] }"), ThrowsError(ErrorCode::not_found, "'jon'"));
}

TEST(FactoryLibraryCheck, FindsEverythingThatDoesNotFitTheSchema) {
  EXPECT_EQ(findings("factories: { user: { set: { name: =word() } } }"), "");
  EXPECT_THAT(findings("factories: { usr: { table: userz } }"),
              ::testing::HasSubstr("no table 'userz'; did you mean 'users'?"));
  const auto two = findings("factories: { user: { set: { nme: x, rol: y } } }");
  EXPECT_THAT(two, ::testing::HasSubstr("'nme' is not in table 'users'; did you mean 'name'?"));
  EXPECT_THAT(two, ::testing::HasSubstr("did you mean 'role'?"));
  EXPECT_THAT(findings("factories: { post: { refs: { authr: {} } } }"),
              ::testing::HasSubstr("no relation 'authr'; did you mean 'author'?"));
  EXPECT_THAT(findings("factories: { user: { params: { name: 1 } } }"),
              ::testing::HasSubstr("'name' is a parameter and a column"));
  EXPECT_THAT(findings("factories: { user: { traits: [role:amin] } }"),
              ::testing::HasSubstr("did you mean 'admin'?"));
  EXPECT_THAT(findings("factories: { user: { set: { name: =role, role: =name } } }"),
              ::testing::HasSubstr("depend on each other: name -> role -> name"));
}

TEST(FactoryLibraryCheck, AsksWhichKeyWhenSeveralLeadToTheTable) {
  const std::string factories = "factories:\n  post: {}\n  user:\n    has:\n";

  EXPECT_THAT(findings(factories + "      posts: { factory: post, count: 1 }\n"),
              ::testing::HasSubstr("several keys to table 'users'; say which by 'via'"));
  EXPECT_EQ(findings(factories + "      posts: { factory: post, count: 1, via: author_id }\n"), "");
}

TEST(ParseCall, ReadsJsonAsTheCallIsWritten) {
  const auto call = parse_call(R"({"factory": "order", "traits": ["paid"], "count": 2,
      "set": {"customer": {"$ref": "john"}, "total": 1.10, "note": "={x}", "at": {"$expr": "now"},
              "gone": null, "customer2": {"name": "Ada"}},
      "has": {"items": 2, "tags": [{"set": {"name": "x"}}]}})");

  EXPECT_EQ(call.factory, "order");
  EXPECT_EQ(call.count, 2U);
  ASSERT_EQ(call.arguments.set.size(), 6U);
  EXPECT_EQ(call.arguments.set[0].value.record_name()->name, "john");
  EXPECT_EQ(*call.arguments.set[1].value.literal(), Value{"1.10"});
  EXPECT_EQ(*call.arguments.set[2].value.literal(), Value{"={x}"});
  EXPECT_EQ(call.arguments.set[3].value.expression()->text, "now");
  EXPECT_TRUE(call.arguments.set[4].value.literal()->is_null());
  EXPECT_EQ(call.arguments.set[5].value.document()->json, R"({"name":"Ada"})");
  EXPECT_EQ(call.arguments.has[0].count(), 2U);
  EXPECT_EQ(call.arguments.has[1].children().size(), 1U);
}

TEST(ParseCall, RefusesWhatIsNoCall) {
  const auto refuses = [](const char* json, const char* text) {
    EXPECT_THAT([&] { static_cast<void>(parse_call(json)); },
                ThrowsError(ErrorCode::invalid_input, text));
  };
  refuses("{", "not JSON");
  refuses(R"({"set": {}})", "needs 'factory'");
  refuses(R"({"factory": "a", "sett": {}})", "did you mean 'set'");
  refuses(R"({"factory": "a", "set": {"x": 1, "x": 2}})", "given twice");
  refuses(R"({"factory": "a", "has": {"x": "many"}})", "'has.x'");
}

TEST(ParseSetting, KeepsTheValueAsItIsSpelled) {
  EXPECT_EQ(*parse_setting("a.b=x=y").value.literal(), Value{"x=y"});
  EXPECT_EQ(parse_setting("customer=@john").value.record_name()->name, "john");
  EXPECT_EQ(parse_has_setting("items=2").count(), 2U);
  EXPECT_THAT([] { static_cast<void>(parse_setting("name")); },
              ThrowsError(ErrorCode::invalid_input, "name=value"));
  EXPECT_THAT([] { static_cast<void>(parse_has_setting("items=x")); },
              ThrowsError(ErrorCode::invalid_input, "no number of rows"));
}

TEST(FactoryLibrary, ChecksItsLocales) {
  EXPECT_THAT(parsing("locale: de_D\n"),
              ThrowsError(ErrorCode::invalid_input,
                          "f.yaml:1:9: there is no locale 'de_D', only en_US, en_GB, de_DE, fr_FR, "
                          "es_ES, pt_BR, ja_JP, zh_CN; did you mean 'de_DE'?"));
  EXPECT_THAT(parsing("factories: { user: { locale: French } }\n"),
              ThrowsError(ErrorCode::invalid_input, "there is no locale 'French'"));
  EXPECT_NO_THROW(static_cast<void>(
      FactoryLibrary::parse("locale: de_DE\nfactories: { user: { locale: fr_FR } }\n")));
}

class FactoryDirectory : public ::testing::Test {
 protected:
  void add(const std::string& name, std::string_view text) const {
    const auto file = directory_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    write_file_atomically(file, text);
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  [[nodiscard]] FactoryLibrary load() const { return FactoryLibrary::load(directory_.path()); }
  void refuses(ErrorCode code, const std::string& text) const {
    EXPECT_THAT([&] { static_cast<void>(load()); }, ThrowsError(code, text));
  }

  TemporaryDirectory directory_;
};

TEST_F(FactoryDirectory, HasOneLocaleForAllFiles) {
  add("a.yaml", "locale: de_DE\n");
  add("b.yaml", "locale: fr_FR\n");
  refuses(ErrorCode::invalid_input, "b.yaml:1:9: the project's locale is already 'de_DE' at " +
                                        path("a.yaml") +
                                        ":1:9; a factory may have another: locale: fr_FR");
  add("b.yaml", "locale: de_DE\n");
  EXPECT_NO_THROW(static_cast<void>(load()));
}

TEST_F(FactoryDirectory, HoldsEachFactoryOnce) {
  add("a.yaml", "factories: { user: {} }\n");
  add("b.json", R"({"factories": {"user": {}}})");
  refuses(ErrorCode::invalid_input,
          "b.json:1:16: factory 'user' is already defined at " + path("a.yaml") + ":1:14");
}

TEST_F(FactoryDirectory, IsReadWithItsFoldersAndWithoutWhatIsHidden) {
  add("a.yaml", "factories: { user: {} }\n");
  add("shop/orders.yml", "factories: { order: {} }\n");
  add("schema.json", "no factories");
  add("notes.txt", "no factories");
  add(".git/config.yaml", "no factories");
  add(".draft.yaml", "no factories");

  EXPECT_EQ(load().factory_names(), (std::vector<std::string>{"order", "user"}));
}

TEST_F(FactoryDirectory, MissesWhatALinkShouldLeadTo) {
  std::filesystem::create_symlink("/nowhere/user.yaml", path("user.yaml"));
  refuses(ErrorCode::not_found, "user.yaml");
}

TEST_F(FactoryDirectory, IsMissedItself) {
  EXPECT_THAT([&] { static_cast<void>(FactoryLibrary::load(directory_.path() / "none")); },
              ThrowsError(ErrorCode::not_found, "none' of factories: No such file"));
  add("file", "");
  EXPECT_THAT([&] { static_cast<void>(FactoryLibrary::load(directory_.path() / "file")); },
              ThrowsError(ErrorCode::not_found, "file' of factories: Not a directory"));
}

}  // namespace
}  // namespace seedbed::testing
