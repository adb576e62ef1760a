// factories/README.md against the code. SEEDBED_APPROVE=1 writes its list of functions anew.
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"

namespace seedbed {
namespace {

const std::filesystem::path kReference =
    std::filesystem::path{SEEDBED_SOURCE_DIR} / "factories/README.md";
constexpr std::string_view kBegin = "<!-- functions -->\n";
constexpr std::string_view kEnd = "<!-- end of functions -->";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

std::string list_of_functions() {
  std::string text;
  std::string group;
  for (const auto& function : functions()) {
    if (function.group != group) {
      group = function.group;
      std::string title = group;
      title[0] = static_cast<char>(title[0] - 'a' + 'A');
      text +=
          fmt::format("\n### {}\n\n| function | | example | gives |\n|---|---|---|---|\n", title);
    }
    text +=
        fmt::format("| `{}` | {} |", escaped(function.signature), escaped(function.description));
    text += function.example.empty() ? " | |\n"
                                     : fmt::format(" `={}` | {} |\n", escaped(function.example),
                                                   escaped(function.value));
  }
  return text + '\n';
}

TEST(Reference, ListsTheFunctionsAsTheyAre) {
  std::string text = read_file(kReference);
  const auto begin = text.find(kBegin) + kBegin.size();
  const auto end = text.find(kEnd);
  ASSERT_LE(begin, end);
  const auto current = list_of_functions();
  if (std::getenv("SEEDBED_APPROVE") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    write_file_atomically(kReference, text.replace(begin, end - begin, current));
    return;
  }
  EXPECT_EQ(text.substr(begin, end - begin), current);
}

// The cells of a table's row; `\|` is no border.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|' && line[i - 1] != '\\') {
      cells.emplace_back(trimmed(cell));
      cell.clear();
    } else {
      if (line[i] == '|') cell.pop_back();
      cell += line[i];
    }
  }
  return cells;
}

TEST(Reference, ShowsWhatEachExampleGives) {
  std::size_t examples = 0;
  for (const auto& line : split(read_file(kReference), '\n')) {
    if (!line.starts_with('|')) continue;
    const auto cells = cells_of(line);
    if (cells.size() < 3) continue;
    const std::string_view example = cells[cells.size() - 2];
    if (!example.starts_with("`=")) continue;
    const auto expression = example.substr(2, example.size() - 3);
    EXPECT_EQ(trimmed(to_text(testing::value_of(expression))), cells.back()) << line;
    ++examples;
  }
  EXPECT_GT(examples, 80U);
}

TEST(Reference, HasOnlyFilesThatCanBeRead) {
  const auto text = read_file(kReference);
  constexpr std::string_view kFence = "```yaml\n";
  std::size_t blocks = 0;
  for (auto at = text.find(kFence); at != std::string::npos; at = text.find(kFence, at)) {
    at += kFence.size();
    const auto end = text.find("```", at);
    EXPECT_NO_THROW((void)parse_document(std::string_view{text}.substr(at, end - at), "README"));
    ++blocks;
  }
  EXPECT_GT(blocks, 0U);
}

TEST(Document, ReadsTheFactoriesOfTheShop) {
  const auto file = kReference.parent_path() / "shop.yaml";
  EXPECT_NO_THROW((void)parse_document(read_file(file), file));
}

}  // namespace
}  // namespace seedbed
