#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/schema/cell_encoding.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

TEST(CanonicalJson, SortsKeysByCodePointAtEveryDepth) {
  EXPECT_EQ(canonical_json("{\"\xC3\xA9\":1,\"z\":{\"b\":[],\"a\":{}},\"Z\":0}"),
            "{\"Z\":0,\"z\":{\"a\":{},\"b\":[]},\"\xC3\xA9\":1}");
}

TEST(CanonicalJson, KeepsTheSpellingOfNumbers) {
  constexpr auto kNumbers = "[12345678901234567890,1.10,-0.0,1E+2,0]";
  EXPECT_EQ(canonical_json(kNumbers), kNumbers);
}

TEST(CanonicalJson, KeepsTheLastOfEqualKeys) {
  EXPECT_EQ(canonical_json(R"({"a":1,"\u0061":2})"), R"({"a":2})");
}

TEST(CanonicalJson, UsesTheShortestEscapes) {
  EXPECT_EQ(canonical_json(R"("\u0041\/\u000a\u001F\"\\\u00e9\ud83c\udf31")"),
            "\"A/\\n\\u001f\\\"\\\\\xC3\xA9\xF0\x9F\x8C\xB1\"");
}

TEST(CanonicalJson, KeepsEscapesThatNoTextCanHold) {
  EXPECT_EQ(canonical_json(R"("\u0000 \uD83C x \udf31")"), R"("\u0000 \ud83c x \udf31")");
}

TEST(CanonicalJson, DropsBlanksBetweenTokensOnly) {
  EXPECT_EQ(canonical_json(" [ 1 ,\n\t\" a \" , null,true ,false ] "),
            "[1,\" a \",null,true,false]");
}

TEST(CanonicalJson, IsAFixedPoint) {
  const auto once = canonical_json(R"({"b":["\u0000",{"y":1,"x":"\t"}],"a":1e5})");
  EXPECT_EQ(canonical_json(once), once);
}

TEST(CanonicalJson, RefusesWhatIsNotJson) {
  for (const char* const text :
       {"",      " ",   "{",   "[1,]",  R"({"a"})", R"({"a":1,})", "01",      "1.",
        ".5",    "+1",  "1e",  "nul",   "\"a",      "\"\n\"",      R"("\x")", R"("\u12")",
        "[1] 2", "'a'", "NaN", "{1:2}", "-",        "\"\xFF\""}) {
    EXPECT_THAT([&] { (void)canonical_json(text); }, ThrowsError(ErrorCode::invalid_input, "JSON"))
        << text;
  }
}

TEST(CanonicalJson, RefusesNestingThatWouldExhaustTheStack) {
  EXPECT_EQ(canonical_json(std::string(512, '[') + std::string(512, ']')).size(), 1024U);
  EXPECT_THAT([] { (void)canonical_json(std::string(1'000'000, '[')); },
              ThrowsError(ErrorCode::invalid_input, "deeper than 512"));
}

}  // namespace
}  // namespace seedbed
