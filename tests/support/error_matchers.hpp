#pragma once

#include <string>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"

namespace seedbed::testing {

/// Matches a callable that throws seedbed::Error with this code and a message holding `text`.
///   EXPECT_THAT([&] { store.restore("gone", db); }, ThrowsError(ErrorCode::not_found, "gone"));
inline auto ThrowsError(ErrorCode code, const std::string& text) {
  return ::testing::Throws<Error>(
      ::testing::AllOf(::testing::Property("code", &Error::code, code),
                       ::testing::Property("what", &Error::what, ::testing::HasSubstr(text))));
}

}  // namespace seedbed::testing
