#include "seedbed/core/error.hpp"

#include <gmock/gmock.h>

#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::StrEq;
using testing::ThrowsError;

constexpr std::array kAllCodes{
    ErrorCode::invalid_input,        ErrorCode::not_found,   ErrorCode::conflict,
    ErrorCode::constraint_violation, ErrorCode::unsupported, ErrorCode::refused,
    ErrorCode::unavailable,          ErrorCode::corrupt,     ErrorCode::internal};

TEST(ErrorCode, HasANameOfItsOwn) {
  EXPECT_EQ(to_string(ErrorCode::invalid_input), "invalid_input");
  EXPECT_EQ(to_string(ErrorCode::constraint_violation), "constraint_violation");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
}

TEST(ErrorCode, MapsToExitCodesInOrder) {
  int expected = 2;
  for (const auto code : kAllCodes) {
    EXPECT_EQ(exit_code(code), code == ErrorCode::internal ? 70 : expected++);
  }
}

TEST(ErrorCode, MapsToHttpErrors) {
  EXPECT_EQ(http_status(ErrorCode::invalid_input), 400);
  EXPECT_EQ(http_status(ErrorCode::not_found), 404);
  EXPECT_EQ(http_status(ErrorCode::refused), 403);
  for (const auto code : kAllCodes) {
    EXPECT_GE(http_status(code), 400);
    EXPECT_LT(http_status(code), 600);
  }
}

TEST(Error, SaysWhereBeforeWhat) {
  const Error error{
      ErrorCode::invalid_input, "unknown column 'totl'", {.where = {"shop.yaml", 12, 7}}};

  EXPECT_THAT(error.what(), StrEq("shop.yaml:12:7: unknown column 'totl'"));
}

TEST(Error, LeavesOutUnknownPartsOfThePlace) {
  EXPECT_EQ((SourceSpot{"a.yaml", 3, 0}).to_string(), "a.yaml:3");
  EXPECT_EQ((SourceSpot{"a.yaml", 0, 9}).to_string(), "a.yaml");
  EXPECT_FALSE((SourceSpot{"", 3, 0}).known());
  EXPECT_THAT((Error{ErrorCode::conflict, "taken", {.where = {"", 3, 1}}}.what()), StrEq("taken"));
}

TEST(Error, KeepsItsDetails) {
  const Error error{ErrorCode::constraint_violation,
                    "duplicate",
                    {.engine = "postgres", .sqlstate = "23505", .statement = "INSERT"}};

  EXPECT_EQ(error.code(), ErrorCode::constraint_violation);
  EXPECT_EQ(error.details().engine, "postgres");
  EXPECT_EQ(error.details().sqlstate, "23505");
  EXPECT_EQ(error.details().statement, "INSERT");
  EXPECT_TRUE(error.findings().empty());
}

TEST(Error, AddsContextOutwards) {
  Error error{ErrorCode::corrupt, "blob altered"};
  error.add_context("reading table 'users'");
  error.add_context("restoring snapshot 'demo'");

  EXPECT_THAT(error.what(),
              StrEq("blob altered (reading table 'users') (restoring snapshot 'demo')"));
}

TEST(Error, CarriesEveryFinding) {
  const Error error =
      Error::from({{ErrorCode::not_found, "no factory 'usr'", {"a.yaml", 3, 5}},
                   {ErrorCode::invalid_input, "duplicate key 'set'", {"b.yaml", 9, 1}}});

  EXPECT_EQ(error.code(), ErrorCode::not_found);
  EXPECT_EQ(error.findings().size(), 2U);
  EXPECT_EQ(error.details().where, (SourceSpot{"a.yaml", 3, 5}));
  EXPECT_THAT(error.what(), StrEq("a.yaml:3:5: no factory 'usr'\nb.yaml:9:1: duplicate key 'set'"));
}

TEST(ThrowIfAny, ThrowsOnlyForFindings) {
  EXPECT_NO_THROW(throw_if_any({}));
  EXPECT_THAT(
      [] {
        throw_if_any({{ErrorCode::conflict, "edited", {}}});
      },
      ThrowsError(ErrorCode::conflict, "edited"));
}

}  // namespace

}  // namespace seedbed
