// tests/golden/providers.txt against the code: what providers gave once, they give for good.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"

namespace seedbed {
namespace {

const std::filesystem::path kGolden =
    std::filesystem::path{SEEDBED_SOURCE_DIR} / "tests/golden/providers.txt";

struct GoldenLine {
  std::string expression;
  std::string values;  // of rows 1 to 3, as the file has them
};

std::vector<GoldenLine> golden_lines() {
  std::vector<GoldenLine> lines;
  for (const auto& line : split(read_file(kGolden), '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto tab = line.find('\t');
    lines.push_back({line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1)});
  }
  return lines;
}

std::string first_values(const std::string& expression) {
  std::vector<std::string> texts;
  for (const auto& value : testing::values_of(expression, 3)) {
    auto text = to_text(value);
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n')) {
      text.replace(at, 1, "\\n");
    }
    texts.push_back(std::move(text));
  }
  return join(texts, "\t");
}

// "first_name@1(" for version 1.
std::string pinned_name(const FunctionDescription& function) {
  return fmt::format("{}@{}(", function.name, function.version);
}

bool compiles(const std::string& expression) {
  Diagnostics findings;
  return Expression::compile(expression, {}, testing::TestScope{}, findings).has_value();
}

// The expressions that have to be pinned, with their version: the example; the call without
// arguments, so that what arguments decide is drawn; the call in every locale.
std::vector<std::string> expressions_of(const FunctionDescription& function) {
  auto example = function.example;
  example.replace(example.find(function.name + '('), function.name.size() + 1,
                  pinned_name(function));
  std::vector<std::string> expressions{example};
  const auto bare = pinned_name(function) + ')';
  if (bare != example && compiles(bare)) expressions.push_back(bare);
  if (function.signature.find("locale?: locale") == std::string::npos) return expressions;
  for (const auto& locale : locales()) {
    expressions.push_back(fmt::format("{}locale='{}')", pinned_name(function), locale));
  }
  return expressions;
}

bool is_pinned(const std::vector<GoldenLine>& lines, const std::string& expression) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const GoldenLine& line) { return line.expression == expression; });
}

TEST(GoldenProviders, StayAsTheyAre) {
  for (const auto& [expression, values] : golden_lines()) {
    EXPECT_EQ(first_values(expression), values)
        << expression
        << "\nis pinned in tests/golden/providers.txt: its users' data sets would change. What has "
           "to differ becomes a new version of the function, beside the old one.";
  }
}

TEST(GoldenProviders, AreAllPinned) {
  const auto lines = golden_lines();
  std::string missing;
  for (const auto& function : functions()) {
    if (function.example.empty() || !testing::compiled(function.example).draws()) continue;
    for (const auto& expression : expressions_of(function)) {
      if (is_pinned(lines, expression)) continue;
      missing += fmt::format("{}\t{}\n", expression, first_values(expression));
    }
  }
  if (std::getenv("SEEDBED_APPROVE") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    write_file_atomically(kGolden, read_file(kGolden) + missing);
    return;
  }
  EXPECT_EQ(missing, "") << "not pinned in tests/golden/providers.txt; SEEDBED_APPROVE=1 adds them";
}

TEST(GoldenProviders, ArePinnedOnce) {
  auto lines = golden_lines();
  std::sort(lines.begin(), lines.end(),
            [](const GoldenLine& a, const GoldenLine& b) { return a.expression < b.expression; });
  const auto twice = std::adjacent_find(
      lines.begin(), lines.end(),
      [](const GoldenLine& a, const GoldenLine& b) { return a.expression == b.expression; });
  EXPECT_EQ(twice == lines.end() ? "" : twice->expression, "");
}

}  // namespace
}  // namespace seedbed
