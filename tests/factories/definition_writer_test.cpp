#include "seedbed/factories/files/definition_writer.hpp"

#include <string>

#include <gtest/gtest.h>

#include "seedbed/factories/builder.hpp"
#include "seedbed/factories/files/document_writer.hpp"
#include "seedbed/factories/library.hpp"
#include "tests/factories/definition_text.hpp"
#include "tests/factories/random_definitions.hpp"
#include "tests/factories/shop_project.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

using detail::write_definitions;
using detail::write_document;

Node scalar(const std::string& text, bool quoted = true) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = text;
  node.quoted = quoted;
  return node;
}

Node list(std::vector<Node> items) {
  Node node;
  node.kind = NodeKind::sequence;
  node.items = std::move(items);
  return node;
}

Node mapping(std::vector<std::pair<Node, Node>> entries) {
  Node node;
  node.kind = NodeKind::mapping;
  node.entries = std::move(entries);
  return node;
}

std::string reread(const Node& node) {
  return describe(parse_document(write_document(node), "written.yaml"));
}

Definitions definitions_of(const std::string& text) {
  Definitions definitions;
  Diagnostics findings;
  read_definitions(parse_document(text, "f.yaml"), definitions, findings);
  throw_if_any(std::move(findings));
  return definitions;
}

TEST(DocumentWriter, KeepsEveryTextWhereverItStands) {
  for (const auto& text : nasty_texts()) {
    const auto value = scalar(text);
    const std::vector<Node> places{
        mapping({{scalar("a"), value}}),
        mapping({{value, scalar("b")}, {scalar("other"), value}}),
        list({value, value}),
        mapping({{scalar("a"), mapping({{scalar("b"), mapping({{value, value}})}})}}),
        mapping({{scalar("a"), mapping({{scalar("b"), list({value, list({value})})}})}}),
        list({mapping({{value, list({mapping({{value, scalar(std::string(90, 'x'))}})})}})})};
    for (const auto& node : places) {
      EXPECT_EQ(reread(node), describe(node)) << write_document(node);
    }
  }
}

TEST(DocumentWriter, TellsTextsFromNumbersAndBooleans) {
  for (const auto* text : {"1", "-0", "1.50", "1e5", "true", "false"}) {
    const auto node =
        mapping({{scalar("text"), scalar(text)}, {scalar("word"), scalar(text, false)}});
    const auto read = parse_document(write_document(node), "written.yaml");

    EXPECT_TRUE(read.find("text")->quoted) << text;
    EXPECT_FALSE(read.find("word")->quoted) << text;
  }
}

TEST(DocumentWriter, KeepsWhatIsEmpty) {
  const auto node = mapping({{scalar("a"), Node{}},
                             {scalar("b"), list({})},
                             {scalar("c"), mapping({})},
                             {scalar("d"), list({Node{}, list({}), mapping({})})}});

  EXPECT_EQ(reread(node), describe(node));
  EXPECT_EQ(reread(mapping({})), describe(mapping({})));
}

TEST(DocumentWriter, RefusesWhatNoFileHolds) {
  Node deep = scalar("x");
  for (int i = 0; i < kMaximumDepth; ++i) deep = list({deep});
  EXPECT_EQ(reread(deep), describe(deep));

  EXPECT_THAT([&] { static_cast<void>(write_document(list({deep}))); },
              ThrowsError(ErrorCode::unsupported, "64 levels"));
  EXPECT_THAT(
      [] {
        static_cast<void>(write_document(mapping({{scalar(std::string(1001, 'k')), {}}})));
      },
      ThrowsError(ErrorCode::unsupported, "a key of more than 1000 bytes"));
  EXPECT_THAT([] { static_cast<void>(write_document(list({scalar("\xFF")}))); },
              ThrowsError(ErrorCode::unsupported, "UTF-8"));
}

TEST(DefinitionWriter, WritesWhatReadsAsTheSameDefinitions) {
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    const auto definitions = definitions_of(random_factory_file(seed));
    const auto text = write_document(write_definitions(definitions));

    ASSERT_EQ(describe(definitions_of(text)), describe(definitions)) << "seed " << seed << "\n"
                                                                     << text;
    ASSERT_EQ(write_document(write_definitions(definitions_of(text))), text) << "seed " << seed;
  }
}

TEST(DefinitionWriter, WritesTheShopAsAPersonWould) {
  const auto text = shop_library().to_yaml();

  EXPECT_EQ(describe(FactoryLibrary::parse(text).definitions()),
            describe(shop_library().definitions()));
  EXPECT_NE(text.find("\n  admin: { extends: user, traits: [role:admin] }\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\n      name: =full_name()\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n      email: \"{slug(name)}.{n}@example.com\"\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\n    - { order: 30, traits: [paid] }\n"), std::string::npos) << text;
}

TEST(DefinitionWriter, KeepsPercentagesExactly) {
  for (const auto* roots : {"0.001%", "1.1%", "2.2%", "29%", "57%", "99.999999%", "100%", "0%"}) {
    const auto text =
        std::string{"factories: { a: { refs: { b: { shape: tree, roots: "} + roots + " } } } }";
    const auto definitions = definitions_of(text);

    EXPECT_EQ(describe(definitions_of(write_document(write_definitions(definitions)))),
              describe(definitions));
  }
}

TEST(DefinitionWriter, RefusesAHookThatIsAFunction) {
  const auto library = FactoryLibrary::of(
      {factory("user").after_create([](Connection&, const Record&) {}, HookBulk::skip)});

  EXPECT_THAT([&] { static_cast<void>(library.to_yaml()); },
              ThrowsError(ErrorCode::unsupported, "'after_create' is a function"));
  EXPECT_THAT([&] { static_cast<void>(library.to_yaml()); },
              ThrowsError(ErrorCode::unsupported, "writing 'user' of factories"));
}

}  // namespace
}  // namespace seedbed::testing
