#include "tests/factories/expression_frame.hpp"

#include <regex>

#include <gtest/gtest.h>

namespace seedbed::testing {

std::vector<std::string> texts_of(std::string_view text, std::size_t rows) {
  std::vector<std::string> texts;
  for (const auto& value : values_of(text, rows)) texts.push_back(to_text(value));
  return texts;
}

void expect_all_match(std::string_view text, const std::string& pattern) {
  const std::regex regex{pattern};
  for (const auto& value : texts_of(text)) {
    EXPECT_TRUE(std::regex_match(value, regex)) << text << ": " << value;
  }
}

}  // namespace seedbed::testing
