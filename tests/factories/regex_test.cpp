#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::ThrowsError;
using testing::values_of;

// The call with this pattern; backslashes and quotes as the expression language spells them.
std::string call_of(std::string_view pattern) {
  std::string text = "regex('";
  for (const char c : pattern) {
    if (c == '\\' || c == '\'') text += '\\';
    text += c;
  }
  return text + "')";
}

std::set<std::string> drawn(std::string_view pattern, std::size_t rows) {
  std::set<std::string> texts;
  for (const auto& value : values_of(call_of(pattern), rows)) texts.insert(to_text(value));
  return texts;
}

std::set<std::string> all_of(std::string_view pattern) {
  const auto domain = compiled(call_of(pattern)).domain();
  std::set<std::string> texts;
  for (std::uint64_t i = 0; i < domain->size(); ++i)
    texts.insert(to_text(testing::value_at(*domain, i)));
  EXPECT_EQ(texts.size(), domain->size()) << pattern << " has a text twice";
  return texts;
}

class Regex : public ::testing::TestWithParam<std::string_view> {};

// The standard library reads the same language, and knows nothing of how the texts were made.
TEST_P(Regex, DrawsTextsThatMatch) {
  const std::regex reference{std::string{GetParam()}};
  for (const auto& text : drawn(GetParam(), 300)) {
    EXPECT_TRUE(std::regex_match(text, reference)) << GetParam() << ": '" << text << "'";
  }
}

TEST_P(Regex, NumbersTextsThatMatch) {
  const std::regex reference{std::string{GetParam()}};
  const auto domain = compiled(call_of(GetParam())).domain();
  if (domain == nullptr) return;  // more than can be counted
  const auto step = domain->size() / 200 + 1;
  std::string before;
  for (std::uint64_t i = 0; i < domain->size(); i += step) {
    const auto text = to_text(testing::value_at(*domain, i));
    EXPECT_TRUE(std::regex_match(text, reference)) << GetParam() << ": '" << text << "'";
    EXPECT_EQ(domain->index_of(TextView{text}), i) << GetParam() << ": '" << text << "'";
    EXPECT_TRUE(i == 0 || before < text) << before << " is not before " << text;
    before = text;
  }
}

TEST_P(Regex, DrawsOnlyTextsThatAreNumbered) {
  const auto domain = compiled(call_of(GetParam())).domain();
  if (domain == nullptr) return;
  for (const auto& text : drawn(GetParam(), 300)) {
    const auto index = domain->index_of(TextView{text});
    ASSERT_TRUE(index) << GetParam() << ": '" << text << "'";
    EXPECT_EQ(to_text(testing::value_at(*domain, *index)), text);
  }
}

INSTANTIATE_TEST_SUITE_P(Language, Regex,
                         ::testing::Values(R"([A-Z]{2}\d{3,5})", R"(^[a-z]+$)", R"((foo|bar|)x?)",
                                           R"([^a-z0-9]{3})", R"(\w+@\w{2,8}\.(com|net))",
                                           R"(\D\S\W)", R"((a|ab)(c|bcd)(d*))",
                                           R"((?:\+49|0)[1-9]\d{2,4})", R"([\w.-]{1,20})",
                                           R"([[:upper:]][[:digit:]]{2})", R"(a{3}b{0}c{1,})",
                                           R"(.{0,2})", R"([\]x-]-[a\]])", R"(\x41\u0042\t?)",
                                           R"((x|x|x)y??)", R"(((a|b){2}|c){2})",
                                           R"(\(\)\[\]\{\}\.\*\+\?\^\$\|\\\/)", R"(^a|b$)",
                                           R"(\s?[ -~])", R"(a*?b+?)", R"()"),
                         [](const auto& given) { return std::to_string(given.index); });

TEST(RegexDomain, HoldsEachTextOnceHoweverItIsMade) {
  EXPECT_EQ(all_of("a?a?a?"), (std::set<std::string>{"", "a", "aa", "aaa"}));
  EXPECT_EQ(all_of("(a|ab)(c|bc)"), (std::set<std::string>{"abbc", "abc", "ac"}));
  EXPECT_EQ(all_of("[ab]{1,2}"), (std::set<std::string>{"a", "aa", "ab", "b", "ba", "bb"}));
  EXPECT_EQ(compiled(call_of("[A-Z]{2}[0-9]{3,5}")).domain()->size(),
            676U * (1000 + 10'000 + 100'000));
}

TEST(RegexDomain, TakesABracketAtItsBeginningForItself) {
  EXPECT_EQ(all_of("[]x-]"), (std::set<std::string>{"-", "]", "x"}));
  EXPECT_EQ(all_of("[^]\\x20-Z_-~]"), (std::set<std::string>{"[", "\\", "^"}));
}

TEST(RegexDomain, DrawsReachAllOfIt) {
  EXPECT_EQ(drawn("(x|y[0-2])z?", 500), all_of("(x|y[0-2])z?"));
  EXPECT_EQ(drawn("a*", 500), all_of("a{0,8}"));
  EXPECT_EQ(drawn("a+", 500), all_of("a{1,9}"));
  EXPECT_EQ(drawn("a{2,}", 500), all_of("a{2,10}"));
}

TEST(RegexDomain, KnowsWhatIsNotInIt) {
  const auto domain = compiled(call_of("[A-C]{2}x?")).domain();
  for (const std::string text : {"", "A", "AD", "ABC", "ABxx", "ab", "\xff"}) {
    EXPECT_EQ(domain->index_of(TextView{text}), std::nullopt) << text;
  }
}

TEST(RegexDomain, IsNoneWhereTextsCannotBeCounted) {
  EXPECT_EQ(compiled(call_of("[a-z]{14}")).domain(), nullptr) << "26^14 is above 2^62";
  EXPECT_NE(compiled(call_of("[a-z]{13}")).domain(), nullptr);
  EXPECT_EQ(compiled(call_of("(a|b){0,40}a(a|b){13}")).domain(), nullptr) << "too many states";
  EXPECT_EQ(compiled(call_of("(((a{10}b?){10}c?){10}d?){3}")).domain(), nullptr);
}

TEST(Regex, KnowsCharactersBeyondAscii) {
  EXPECT_EQ(all_of("[ä-ë]é"),
            (std::set<std::string>{"äé", "åé", "æé", "çé", "èé", "éé", "êé", "ëé"}));
  EXPECT_EQ(drawn("日[月火]", 100), all_of("日[月火]"));
  EXPECT_EQ(compiled(call_of("[\\u0000-\\uFFFF]")).domain()->size(), 0x10000U - 0x800U)
      << "halves of surrogate pairs are no characters";
  for (const auto& text : drawn("[\\u0000-\\uFFFF]{20}", 100)) {
    EXPECT_FALSE(find_invalid_utf8(text));
  }
}

struct RefusedPattern {
  std::string_view pattern;
  std::string_view message;
};
void PrintTo(const RefusedPattern& refused, std::ostream* out) {
  *out << refused.pattern;
}

class RefusedRegex : public ::testing::TestWithParam<RefusedPattern> {};

TEST_P(RefusedRegex, NamesThePlaceAndTheReason) {
  EXPECT_THAT([] { (void)compiled(call_of(GetParam().pattern)); },
              ThrowsError(ErrorCode::invalid_input,
                          "f.yaml:3:11: regex: character " + std::string{GetParam().message}));
}

INSTANTIATE_TEST_SUITE_P(
    Language, RefusedRegex,
    ::testing::Values(
        RefusedPattern{"a(?=b)", "4: looking ahead or behind is not possible"},
        RefusedPattern{"(?<!a)b", "3: looking ahead or behind is not possible"},
        RefusedPattern{"(?i)a",
                       "3: a group begins with '(', '(?:' or '(?<name>'; flags are not possible"},
        RefusedPattern{"(a)\\1", "5: references to groups are not possible"},
        RefusedPattern{"\\ba", "2: word boundaries are not possible"},
        RefusedPattern{"\\pL", "2: \\p is not known"},
        RefusedPattern{"a^b", "2: '^' stands only at the pattern's beginning, '$' at its end"},
        RefusedPattern{"a$b", "2: '^' stands only at the pattern's beginning"},
        RefusedPattern{"(a$)b", "3: '^' stands only at the pattern's beginning"},
        RefusedPattern{"*a", "1: there is nothing to repeat"},
        RefusedPattern{"a|+", "3: there is nothing to repeat"},
        RefusedPattern{"a**", "3: a repetition follows another"},
        RefusedPattern{"a{2}{3}", "5: a repetition follows another"},
        RefusedPattern{"a{,3}", "3: a repetition is written {2}, {2,5} or {2,}"},
        RefusedPattern{"a{3,2}", "7: the repetition's least is above its most"},
        RefusedPattern{"a{2000}", "7: at most 1000 repetitions"},
        RefusedPattern{"a}", "2: write \\} for a '}'"},
        RefusedPattern{"(a", "1: the '(' is not closed"},
        RefusedPattern{"a)", "2: ')' without '('"},
        RefusedPattern{"x[a-", "2: the '[' is not closed"},
        RefusedPattern{"[b-a]", "5: a range goes from one character to a later one"},
        RefusedPattern{"[a-\\d]", "6: a range goes from one character to a later one"},
        RefusedPattern{"[[:letters:]]", "11: there is no class [:letters:]"},
        RefusedPattern{"[^ -~]", "7: no character is left"},
        RefusedPattern{"\\x4", "4: a hexadecimal digit is missing"},
        RefusedPattern{"\\ud800", "7: half of a surrogate pair is no character"},
        RefusedPattern{"((((a{10}){10}){10}){10}){10}",
                       "30: its texts have more than 4096 characters"}));

TEST(Regex, IsRefusedWhenItIsNotKnownBefore) {
  testing::TestScope scope;
  scope.columns = {{"shape", ExpressionType::text}};
  EXPECT_THAT([&] { (void)compiled("regex(shape)", scope); },
              ThrowsError(ErrorCode::invalid_input,
                          "'regex' takes a text that stands there, such as '[A-Z]{2}'"));
  EXPECT_THAT([] { (void)compiled("regex('[A-Z]\\d')"); },
              ThrowsError(ErrorCode::invalid_input, "unknown escape"));
  EXPECT_THAT([] { (void)compiled("regex('" + std::string(1001, 'a') + "')"); },
              ThrowsError(ErrorCode::invalid_input, "at most 1000 characters"));
  EXPECT_THAT([] { (void)compiled("regex('" + std::string(40, '(') + "')"); },
              ThrowsError(ErrorCode::invalid_input, "more than 32 groups in each other"));
}

}  // namespace
}  // namespace seedbed
