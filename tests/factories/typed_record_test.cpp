#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {

// NOLINTBEGIN(readability-identifier-naming): the library asks for `columns` and `names`.
struct User {
  std::int64_t id;
  std::string name;
  std::optional<std::string> nickname;
  double balance = 0;  // a default is no obstacle
};
struct Product {
  static constexpr std::array columns{"id", "sku", "price"};
  std::int32_t id = 0;
  std::string sku{};
  double price = 0;
};
struct Misspelled {
  static constexpr std::array columns{"nmae"};
  std::string name;
};
struct NotOptional {
  static constexpr std::array columns{"id", "nickname"};
  std::int64_t id;
  std::string nickname;
};
struct TooSmall {
  static constexpr std::array columns{"id"};
  std::int8_t id;
};
struct OtherType {
  static constexpr std::array columns{"email"};
  std::int64_t email;
};
struct Anything {
  static constexpr std::array columns{"id", "nickname", "balance"};
  Value id;
  Value nickname;
  std::optional<Value> balance;
};
struct Wide {
  std::int64_t id;
  int f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21,
      f22, f23, f24;
};

}  // namespace seedbed::testing

template <>
struct seedbed::Columns<seedbed::testing::User> {
  static constexpr std::array names{"id", "name", "nickname", "balance"};
};
// NOLINTEND(readability-identifier-naming)

namespace seedbed::testing {
namespace {

static_assert(detail::kHasFields<User, 4>);
static_assert(!detail::kHasFields<User, 3> && !detail::kHasFields<User, 5>);
static_assert(detail::kHasFields<Wide, 24>);
static_assert(detail::type_name<User>() == "seedbed::testing::User");

TEST(Aggregate, VisitsEachFieldInOrder) {
  Wide wide{};
  detail::visit_fields<24>(wide, [](auto&... fields) {
    int at = 0;
    ((fields = ++at), ...);
  });

  EXPECT_EQ(wide.id, 1);
  EXPECT_EQ(wide.f2, 2);
  EXPECT_EQ(wide.f24, 24);
}

class TypedRecords : public FactoryTest {};

TEST_P(TypedRecords, HoldWhatTheRowHolds) {
  const auto record =
      db().create("user", {.set = {{"name", "Ada"}, {"nickname", Null{}}, {"balance", "12.50"}}});
  const auto user = record.as<User>();

  EXPECT_EQ(user.id, record.id().as<std::int64_t>());
  EXPECT_EQ(user.name, "Ada");
  EXPECT_EQ(user.nickname, std::nullopt);
  EXPECT_EQ(user.balance, 12.5);
}

TEST_P(TypedRecords, AreCreatedBuiltAndListed) {
  const auto ada = db().create<User>("user", {.set = {{"nickname", "ada"}}});
  const auto users = db().create_list<User>("user", 2);
  const auto product = db().create<Product>("product", {.set = {{"price", "9.99"}}});
  const auto built = db().build<Anything>("user", {.set = {{"id", 77}, {"nickname", Null{}}}});

  EXPECT_EQ(ada.nickname, "ada");
  ASSERT_EQ(users.size(), 2U);
  EXPECT_LT(users[0].id, users[1].id);
  EXPECT_EQ(product.sku, "SKU-00001");
  EXPECT_EQ(product.price, 9.99);
  EXPECT_EQ(built.id, Value{77});
  EXPECT_TRUE(built.nickname.is_null());
  EXPECT_TRUE(built.balance);
}

TEST_P(TypedRecords, NameStructColumnAndType) {
  const auto refuses = [&](auto sample, const std::string& message) {
    EXPECT_THAT(
        [&] {
          static_cast<void>(
              db().create<decltype(sample)>("user", {.set = {{"id", 1000}, {"nickname", Null{}}}}));
        },
        ThrowsError(ErrorCode::invalid_input, message));
    connection().execute("DELETE FROM users");
  };

  refuses(Misspelled{},
          "struct 'seedbed::testing::Misspelled': table 'users' has no column 'nmae'; "
          "did you mean 'name'?");
  refuses(NotOptional{},
          "struct 'seedbed::testing::NotOptional': column 'nickname' of table "
          "'users' is NULL; make the field a std::optional");
  refuses(TooSmall{}, "column 'id' of table 'users' holds a number outside -128 to 127");
  refuses(OtherType{}, "column 'email' of table 'users' holds text that is no whole number");
}

TEST_P(TypedRecords, NeedAnOptionalForWhatABuiltRowLacks) {
  EXPECT_THAT([&] { static_cast<void>(db().build<Product>("product")); },
              ThrowsError(ErrorCode::invalid_input,
                          "column 'id' of table 'products' is made by the "
                          "database, and this row was not written"));
}

SEEDBED_ON_ALL_ENGINES(TypedRecords);

}  // namespace
}  // namespace seedbed::testing
