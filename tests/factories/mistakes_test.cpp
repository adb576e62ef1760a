// All mistakes of one file are found in one go, each once and at its place, and nothing else.
#include <algorithm>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/library.hpp"
#include "tests/factories/shop_project.hpp"

namespace seedbed::testing {
namespace {

struct Mistake {
  int line = 0;
  int column = 0;
  std::string piece{};
};

std::vector<Mistake> marked(const std::string& text) {
  constexpr std::string_view kMark = "# ! ";
  std::vector<Mistake> mistakes;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto mark = line.find(kMark);
    if (mark == std::string::npos) continue;
    const auto rest = line.substr(mark + kMark.size());
    const auto blank = rest.find(' ');
    mistakes.push_back({number, std::stoi(rest.substr(0, blank)), rest.substr(blank + 1)});
  }
  return mistakes;
}

std::string mistakes_text() {
  return read_file(std::filesystem::path{SEEDBED_TEST_DATA} / "mistakes.yaml");
}

TEST(Mistakes, AreFoundInOneGoEachAtItsPlace) {
  const auto text = mistakes_text();
  const auto expected = marked(text);
  const auto found = FactoryLibrary::mistakes_in(text, shop_schema(), "f.yaml");

  EXPECT_GE(expected.size(), 40U);
  for (const auto& mistake : expected) {
    const auto place = fmt::format("f.yaml:{}:{}", mistake.line, mistake.column);
    const auto at = std::find_if(found.begin(), found.end(), [&](const auto& finding) {
      return finding.where.to_string() == place;
    });
    if (at == found.end()) {
      ADD_FAILURE() << place << " is not found: " << mistake.piece;
    } else {
      EXPECT_NE(at->message.find(mistake.piece), std::string::npos) << at->to_string();
    }
  }
  for (const auto& finding : found) {
    EXPECT_TRUE(std::any_of(expected.begin(), expected.end(), [&](const auto& mistake) {
      return mistake.line == finding.where.line && mistake.column == finding.where.column;
    })) << finding.to_string();
  }
  EXPECT_EQ(found.size(), expected.size());
}

}  // namespace
}  // namespace seedbed::testing
