#include "seedbed/factories/files/document.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using testing::ThrowsError;

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

// The tree on one line: quoted scalars in ", plain ones bare, null as null.
std::string show(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::null: return "null";
    case NodeKind::scalar: return node.quoted ? '"' + node.text + '"' : node.text;
    case NodeKind::sequence:
      for (const auto& item : node.items) text += (text.empty() ? "" : ",") + show(item);
      return '[' + text + ']';
    case NodeKind::mapping: break;
  }
  for (const auto& [key, value] : node.entries) {
    text += (text.empty() ? "" : ",") + show(key) + ':' + show(value);
  }
  return '{' + text + '}';
}

// The tree, or the findings without the file's name, joined by " | ".
std::string outcome(std::string_view text) {
  try {
    return show(parse_document(text, "f.yaml"));
  } catch (const Error& error) {
    std::string all = error.what();
    for (std::size_t at = 0; (at = all.find('\n', at)) != std::string::npos;) {
      all.replace(at, 1, " | ");
    }
    for (std::size_t at = 0; (at = all.find("f.yaml:", at)) != std::string::npos;) all.erase(at, 7);
    return "error " + all;
  }
}

struct Line {
  std::string_view text;
  std::string_view expected;  // the whole tree, or the beginning of the error
};

void PrintTo(const Line& line, std::ostream* out) {
  *out << ::testing::PrintToString(line.text);
}

class Accepted : public ::testing::TestWithParam<Line> {};
class Refused : public ::testing::TestWithParam<Line> {};

TEST_P(Accepted, GivesTheTree) {
  EXPECT_EQ(outcome(GetParam().text), GetParam().expected);
}

TEST_P(Refused, NamesPlaceAndReason) {
  EXPECT_THAT(outcome(GetParam().text),
              ::testing::StartsWith(fmt::format("error {}", GetParam().expected)));
}

INSTANTIATE_TEST_SUITE_P(
    Document, Accepted,
    ::testing::Values(
        Line{"", "null"}, Line{"# only a comment\n", "null"}, Line{"a: 1", "{a:1}"},
        Line{"a: 1\r\nb: \"x\"\r\n", "{a:1,b:\"x\"}"},
        Line{"\xEF\xBB\xBF"
             "a: 1\n",
             "{a:1}"},
        Line{"---\na: 1\n...\n", "{a:1}"}, Line{"a: null\nb: \"null\"\n", "{a:null,b:\"null\"}"},
        Line{"a: [1, 01234, 1.10, NO, yes, on, off]\n", "{a:[1,01234,1.10,NO,yes,on,off]}"},
        Line{"- a\n- b: 1\n  c: 2\n", "[a,{b:1,c:2}]"},
        Line{"{\n\t\"a\": [1, true],\n\t\"b\": {\"c\": null}\n}\n",
             "{\"a\":[1,true],\"b\":{\"c\":null}}"},
        Line{R"({"a": "\u00e9\n\"", "b=": "="})", "{\"a\":\"\u00e9\n\"\",\"b=\":\"=\"}"},
        Line{"a: |\n  x\n   y\nb: >\n  z\n", "{a:\"x\n y\n\",b:\"z\n\"}"},
        Line{"a: it's\nb: 'it''s'\n", "{a:it's,b:\"it's\"}"}, Line{"a: x\n  y\n", "{a:x y}"},
        Line{"a: 2026-01-01T00:00:00Z", "{a:2026-01-01T00:00:00Z}"},
        Line{"name: =full_name()", "{name:=full_name()}"},
        Line{"role: =weighted(customer=95, staff=4, admin=1)",
             "{role:=weighted(customer=95, staff=4, admin=1)}"},
        Line{"nickname: =maybe(70%, word())              # present in 70 %",
             "{nickname:=maybe(70%, word())}"},
        Line{"a: ==x(\n", "{a:==x(}"}, Line{"a: \"=x(\"\n", "{a:\"=x(\"}"},
        Line{"set: { role: staff, balance: =1000 .. 9000 }",
             "{set:{role:staff,balance:=1000 .. 9000}}"},
        Line{"admin: { extends: user, traits: [role:admin] }",
             "{admin:{extends:user,traits:[role:admin]}}"},
        Line{"number: ORD-{pad(n, 6)}", "{number:ORD-{pad(n, 6)}}"},
        Line{"\"[x]\": 1\n\"=y\": 2\n", "{\"[x]\":1,\"=y\":2}"},
        Line{"a: \"\\\\\"\nb: \"x # y\"\n", "{a:\"\\\",b:\"x # y\"}"},
        Line{"\u00e9\u4e2d: \U0001F600\n", "{\u00e9\u4e2d:\U0001F600}"},
        Line{"a: 'x\n\n  y'\n", "{a:\"x\ny\"}"}, Line{"a: ''\nb: \"\"\n", "{a:\"\",b:\"\"}"},
        Line{"a: {}\nb: []\n", "{a:{},b:[]}"}, Line{"just text", "just text"}));

INSTANTIATE_TEST_SUITE_P(
    Structure, Refused,
    ::testing::Values(
        Line{"a: 1\nb: 2\na: 3\n", "3:1: key 'a' is already given at line 1"},
        Line{"{\"a\": 1, \"a\": 2}", "1:10: key 'a' is already given at line 1"},
        Line{"a: &x 1\n", "1:4: anchors (&x) are not supported"},
        Line{"a: *x\n", "1:4: aliases (*name) are not supported"},
        Line{"b: &x 1\na: *x\n", "1:4: anchors (&x)"},
        Line{"a: !!str 1\n", "1:4: tags (!name) are not supported"},
        Line{"a: !t {b: 1}\n", "1:4: tags"}, Line{"a: !t [b]\n", "1:4: tags"},
        Line{"a: ! b\n", "1:4: tags"}, Line{"a: !important\n", "1:4: tags"},
        Line{"a: 1\n---\nb: 2\n", "2:1: a second document begins"},
        Line{"a: 1\n...\nb: 2\n", "3:1: a second document begins"},
        Line{"=x: 1\n", "1:1: key '=x' starts with '='"},
        Line{"f(x): 1\n", "1:1: key 'f(x)' holds a bracket"},
        Line{"a}: 1\n", "1:1: key 'a}' holds a bracket"},
        Line{"a:\nb: 1\n", "1:1: key 'a' has no value; write null"},
        Line{"a: { b: , c: 1 }\n", "1:6: key 'b' has no value"},
        Line{"a: ~\n", "1:4: write null, or quote '~'"},
        Line{"a: Null\n", "1:4: write null, or quote 'Null'"},
        Line{"- a\n-\n- b\n", "2:1: an entry of the list is empty"},
        Line{"a: [1,,2]\n", "1:7: an entry of the list is empty"},
        Line{"null: 1\n", "1:1: a key is missing before ':', or is null"},
        Line{"a: [k: v, b]\n", "1:5: 'key: value' directly inside [ ]"},
        Line{"a: [k:, b]\n", "1:5: 'key: value' directly inside [ ]"},
        Line{"? a\n: b\n", "1:3: keys written with '? '"},
        Line{"[1]: 2\n", "1:1: a key is a word or a quoted text"},
        Line{"{a: b}: 2\n", "1:1: a key is a word or a quoted text"},
        Line{"<<: {a: 1}\n", "1:1: merge keys (<<) are not supported"},
        Line{"\ta: 1\n", "1:1: a tab in the indentation; use spaces"},
        Line{"a:\n\tb: 1\n", "2:1: a tab in the indentation"},
        Line{"a:\n \t- b\n", "2:2: a tab in the indentation"},
        Line{"a: \"x\n", "1:4: the quote \" is not closed"},
        Line{"a: 'x''\n", "1:4: the quote ' is not closed"},
        Line{"a: \"x\nb: \"y\"\n",
             "2:5: unexpected text after a value; check quotes and "
             "indentation; is the quote at 1:4 closed"},
        Line{"a: [1, 2\n", "1:4: '[' is not closed, or ',' is missing; write: a: [1, 2]"},
        Line{"a: {b: 1\n", "1:4: '{' is not closed, or ',' is missing; write: a: {b: 1}"},
        Line{"a: ]\n", "1:4: a bracket closes that was not opened"},
        Line{"a: - b\n", "1:4: '- ' is not allowed here"},
        Line{"a: b: c\n", "1:5: ': ' is not allowed here"},
        Line{"a: 1\n b: 2\n", "2:3: ': ' is not allowed here"},
        Line{"a: @x\n", "1:4: an unquoted value cannot hold '@' here; quote it"},
        Line{"a: \"\\q\"\n",
             "1:5: unknown escape \\q in double quotes; single quotes have none; write: a: '\\q'"},
        Line{"a: \"x\" y\n", "1:8: unexpected text after a value"},
        Line{"a: b\xff\n", "1:5: invalid UTF-8"}, Line{"\u00e9: \xc3\n", "1:4: invalid UTF-8"},
        Line{std::string_view{"a: \0\n", 5}, "1:4: control character U+0000"},
        Line{"a: b\x04\nc: 1\n", "1:5: control character U+0004"}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, Refused,
    ::testing::Values(
        Line{"a: =f(x # y)\n",
             "1:4: ' #' begins a comment and cuts this expression; quote it: "
             "a: \"=f(x # y)\""},
        Line{"a: =\"x # y\"\n",
             "1:4: ' #' begins a comment and cuts this expression; quote it: "
             "a: '=\"x # y\"'"},
        Line{"{ a: =f(x, y) }\n",
             "1:6: inside { } and [ ] an unquoted value ends at ',' or a "
             "bracket; quote it: { a: \"=f(x, y)\" }"},
        Line{"- { a: =if(b, 'x', y), c: 1 }\n",
             "1:8: inside { } and [ ] an unquoted value ends at "
             "',' or a bracket; quote it: - { a: \"=if(b, 'x', "
             "y)\", c: 1 }"},
        Line{"[ =f(x, y) ]\n", "1:3: inside { } and [ ]"},
        Line{"a: =f(x\n", "1:4: '(' in this expression has no partner"},
        Line{"a: =x)\n", "1:4: ')' in this expression has no partner"},
        Line{"a: ='x\n", "1:4: ''' in this expression has no partner"},
        Line{"a: =b: c\n",
             "1:6: ': ' is not allowed here; check the indentation, or quote the "
             "value; if the value is an expression or a template, quote it: a: "
             "\"=b: c\""},
        Line{"a: ={x: 1}\n", "1:4: ': ' ends an unquoted value; quote it: a: \"={x: 1}\""},
        Line{"a: {n}@x.com\n",
             "1:4: an unquoted value does not begin with '{'; quote it: a: "
             "\"{n}@x.com\""},
        Line{"a: { b: =x ? y }\n",
             "1:12: '{' is not closed, or ',' is missing; if the value is an "
             "expression or a template, quote it: a: { b: \"=x ? y\" }"},
        Line{"a: {b}-x\n",
             "1:4: an unquoted value does not begin with '{'; quote it: a: \"{b}-x\""}));

TEST(Document, KeepsThePlaceOfEveryNode) {
  const Node root = parse_document("\u00e9: 1\nb:\n  - \"x\"\n", "dir/f.yaml");

  EXPECT_EQ(root.where.to_string(), "dir/f.yaml:1:1");
  EXPECT_EQ(root.entries[0].second.where.to_string(), "dir/f.yaml:1:4");
  EXPECT_EQ(root.find("b")->items[0].where.to_string(), "dir/f.yaml:3:5");
  EXPECT_EQ(root.find("none"), nullptr);
}

TEST(Document, CollectsEveryFindingOfAFile) {
  try {
    (void)parse_document("a: 1\na: 2\nb:\nc: !t x\nd: &y z\n", "f.yaml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    std::vector<int> lines;
    for (const auto& finding : error.findings()) lines.push_back(finding.where.line);
    EXPECT_THAT(lines, ElementsAre(2, 3, 4, 5));
  }
}

TEST(Document, TellsNumbersAndBooleansBySpellingAlone) {
  const auto node = [](std::string_view text) { return parse_document(text, "f").items.at(0); };
  for (const auto* number : {"[0]", "[-1]", "[1.50]", "[1e9]", "[2.5E-3]"}) {
    EXPECT_TRUE(node(number).is_number()) << number;
  }
  for (const auto* text : {"[01]", "[1.]", "[.5]", "[+1]", "[1_000]", "[0x1]", "[\"1\"]", "[1M]"}) {
    EXPECT_FALSE(node(text).is_number()) << text;
  }
  EXPECT_TRUE(node("[true]").is_boolean());
  for (const auto* text : {"[yes]", "[True]", "[\"true\"]", "[on]"}) {
    EXPECT_FALSE(node(text).is_boolean()) << text;
  }
}

TEST(Document, AcceptsTheDeepestTreeAndRefusesTheNext) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_NO_THROW((void)parse_document(nested(kMaximumDepth), "f"));
  EXPECT_THAT([&] { (void)parse_document(nested(kMaximumDepth + 1), "f"); },
              ThrowsError(ErrorCode::invalid_input, "f:1:65: nested more than 64 levels deep"));
}

// Ten megabytes each: an answer within the time a test has, and no overflow of the stack.
TEST(Document, RefusesHugeNestingWithoutOverflow) {
  for (const std::string_view piece : {"[", "{", "- ", "? ", "{a: ", "[[]", "{\"a\":["}) {
    EXPECT_THAT([&] { (void)parse_document(repeated(piece, 10'000'000 / piece.size()), "f"); },
                ThrowsError(ErrorCode::invalid_input, "nested more than 64 levels deep"))
        << piece;
  }
}

TEST(Document, RefusesWhatIsTooLarge) {
  EXPECT_THAT([] { (void)parse_document(std::string(kMaximumDocumentBytes + 1, 'a'), "big.yaml"); },
              ThrowsError(ErrorCode::invalid_input, "big.yaml: larger than 16 MiB"));
}

TEST(Document, CountsColumnsOfALongLineOnce) {
  std::string text = "[";
  for (int i = 0; i < 200'000; ++i) text += "1,";
  text += "1]";
  EXPECT_THAT(parse_document(text, "f").items, SizeIs(200'001));
}

}  // namespace
}  // namespace seedbed
