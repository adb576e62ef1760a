#include "seedbed/factories/schema_header.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factories/shop_project.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

using detail::cpp_identifiers;
using Names = std::vector<std::string>;

TEST(CppIdentifiers, KeepWhatIsOneAlready) {
  EXPECT_EQ(cpp_identifiers({"id", "Email", "x1", "_lower", "a_b"}, {}),
            (Names{"id", "Email", "x1", "_lower", "a_b"}));
}

TEST(CppIdentifiers, SpellWhatIsNone) {
  EXPECT_EQ(cpp_identifiers({"a b", "say \"hi\"", "größe", "日本", "1st", "", "_", "a.b"}, {}),
            (Names{"a_b", "say_hi_", "gru00f6u00dfe", "u65e5u672c", "n1st", "n", "n_", "a_b_2"}));
}

TEST(CppIdentifiers, LeaveWhatBelongsToTheLanguage) {
  EXPECT_EQ(cpp_identifiers({"class", "and", "NULL", "errno", "std", "Row", "two__lines", "_Upper"},
                            {"Row"}),
            (Names{"class_", "and_", "NULL_", "errno_", "std_", "Row_", "two_lines", "Upper"}));
}

TEST(CppIdentifiers, GiveASharedNameToTheOneThatDidNotChange) {
  EXPECT_EQ(cpp_identifiers({"a b", "a-b", "a_b", "class", "class_"}, {}),
            (Names{"a_b_2", "a_b_3", "a_b", "class_2", "class_"}));
}

TEST(SchemaHeader, HasTagsARowAndItsColumns) {
  const auto text = write_schema_header(shop_schema(), "acme::shop");

  for (const auto* part :
       {"namespace acme::shop {\n",
        "inline constexpr ::seedbed::ColumnTag<Row, ::std::string> email{\"email\"};\n",
        "::RelationTag<Row, ::acme::shop::users::Row> customer{\"customer\"};\n",
        "  ::std::optional<::std::string> last_seen_at{};\n",
        "struct Columns<::acme::shop::users::Row> {\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
  EXPECT_EQ(write_schema_header(shop_schema(), "acme::shop"), text);
}

TEST(SchemaHeader, RefusesWhatIsNoNamespace) {
  for (const auto* name : {"", "1shop", "class", "a:b", "a::", "a:::b", "std", "a b", "x::y::"}) {
    EXPECT_THAT([&] { static_cast<void>(write_schema_header(shop_schema(), name)); },
                ThrowsError(ErrorCode::invalid_input, "is no namespace of C++"));
  }
}

TEST(SchemaHeader, TakesASchemaWithoutTables) {
  EXPECT_NE(write_schema_header({}, "shop").find("namespace shop {"), std::string::npos);
}

}  // namespace
}  // namespace seedbed::testing
