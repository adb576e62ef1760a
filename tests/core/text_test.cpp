#include "seedbed/core/text.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/number_text.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kNames{"orders", "order_items", "users", "total"};

TEST(DidYouMean, OffersTheNearestName) {
  EXPECT_EQ(did_you_mean("ordres", kNames), "; did you mean 'orders'?");
  EXPECT_EQ(did_you_mean("totl", kNames), "; did you mean 'total'?");
  EXPECT_EQ(did_you_mean("USERS", kNames), "; did you mean 'users'?");
}

TEST(DidYouMean, SaysNothingWhenNoNameIsNear) {
  EXPECT_EQ(did_you_mean("invoice", kNames), "");
  EXPECT_EQ(did_you_mean("orders", {}), "");
  EXPECT_EQ(did_you_mean("", kNames), "");
}

TEST(DidYouMean, DoesNotOfferAnUnrelatedShortName) {
  EXPECT_EQ(did_you_mean("ab", std::vector<std::string>{"xy"}), "");
  EXPECT_EQ(did_you_mean("x", std::vector<std::string>{"y"}), "");
}

TEST(Nearest, PrefersTheFirstOfEquals) {
  EXPECT_EQ(nearest("cat", std::vector<std::string>{"car", "cap"}), "car");
}

TEST(ToLower, ChangesOnlyAscii) {
  EXPECT_EQ(to_lower("AZaz09_É"), "azaz09_É");
  EXPECT_TRUE(equal_ignoring_case("SELECT", "select"));
  EXPECT_FALSE(equal_ignoring_case("É", "é"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

TEST(Trimmed, CutsBlanksAtBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trimmed("   "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Join, IsTheInverseOfSplit) {
  EXPECT_EQ(join(split("a,,b,", ','), ","), "a,,b,");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Hex, ReadsBackWhatItWrites) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);

  EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  EXPECT_EQ(to_hex(std::string_view{"\0\xff", 2}), "00ff");
  EXPECT_EQ(from_hex("00FF"), std::string("\0\xff", 2));
}

TEST(Hex, RefusesWhatIsNotHexadecimal) {
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex(" 0"), std::nullopt);
  EXPECT_EQ(from_hex(""), "");
}

TEST(Utf8, AcceptsEveryLengthOfSequence) {
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("aé表😀\U0010FFFF"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8(std::string_view{"a\0b", 3}), std::nullopt);
}

// Overlong forms, surrogates, beyond the last code point, cut sequences, stray bytes (RFC 3629).
TEST(Utf8, FindsIllFormedSequences) {
  for (const std::string bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
        "\xC3(", "\xE2(\xA1"}) {
    EXPECT_EQ(find_invalid_utf8("ab" + bad), 2U) << to_hex(bad);
    EXPECT_EQ(find_invalid_utf8("ab" + bad + "c"), 2U) << to_hex(bad);
  }
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(count_code_points("aé表😀"), 4U);
  EXPECT_EQ(count_code_points(""), 0U);
}

TEST(Utf8, CutsBetweenCodePoints) {
  EXPECT_EQ(first_code_points("aé表😀", 0), "");
  EXPECT_EQ(first_code_points("aé表😀", 2), "aé");
  EXPECT_EQ(first_code_points("aé表😀", 3), "aé表");
  EXPECT_EQ(first_code_points("aé表😀", 9), "aé表😀");
}

/// That it is plain but for some bytes at `at`.
void expect_plain_but_for_special_bytes(std::string text, std::size_t at) {
  for (int byte = 0; byte < 256; ++byte) {
    text[at] = static_cast<char>(byte);
    EXPECT_EQ(is_plain(text), byte >= 0x20 && byte != '\\')
        << text.size() << " " << at << " " << byte;
  }
}

TEST(Text, IsPlainWithoutControlsAndBackslashes) {
  for (std::size_t size = 0; size <= 20; ++size) {
    const std::string plain(size, '\xE4');
    EXPECT_TRUE(is_plain(plain)) << size;
    for (std::size_t at = 0; at < size; ++at) expect_plain_but_for_special_bytes(plain, at);
  }
}

TEST(SizeText, HasOneDecimalFromAThousandOn) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(999), "999 bytes");
  EXPECT_EQ(size_text(1'000), "1.0 kB");
  EXPECT_EQ(size_text(999'949), "999.9 kB");
  EXPECT_EQ(size_text(999'950), "1.0 MB");
  EXPECT_EQ(size_text(12'345'678'901), "12.3 GB");
  EXPECT_EQ(size_text(~std::uint64_t{0}), "18.4 EB");
}

}  // namespace

}  // namespace seedbed
