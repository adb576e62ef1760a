// Files and expressions with bytes and lines lost, doubled, swapped and put in: whatever comes of
// it is read, or refused by an error with a place.
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "seedbed/factories/library.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/factories/shop_project.hpp"

namespace seedbed::testing {
namespace {

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_{seed} {}

  std::string mutated(std::string text) {
    const auto times = 1 + below(4);
    for (std::size_t i = 0; i < times; ++i) change(text);
    return text;
  }
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }

 private:
  void change(std::string& text) {
    const auto at = below(text.size() + 1);
    const auto length = std::min(below(12), text.size() - at);
    switch (below(6)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(at, length)); break;
      case 2: text.insert(at, special()); break;
      case 3: change_lines(text); break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default: {
        const auto piece = text.substr(at, length);
        text.erase(at, length);
        text.insert(below(text.size() + 1), piece);
      }
    }
  }

  void change_lines(std::string& text) {
    const auto begin = text.rfind('\n', below(text.size() + 1));
    const auto start = begin == std::string::npos ? 0 : begin + 1;
    const auto end = std::min(text.find('\n', start), text.size());
    const auto line = text.substr(start, end - start);
    if (below(2) == 0) {
      text.erase(start, end - start);
    } else {
      text.insert(start, line + "\n");
    }
  }

  std::string special() {
    static const std::vector<std::string> kSpecial{"\"",
                                                   "'",
                                                   "{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   "(",
                                                   ")",
                                                   ":",
                                                   ": ",
                                                   " #",
                                                   "#",
                                                   ",",
                                                   "&x ",
                                                   "*x",
                                                   "!t ",
                                                   "? ",
                                                   "- ",
                                                   "|\n",
                                                   ">\n",
                                                   "%",
                                                   "@",
                                                   "`",
                                                   "=",
                                                   "==",
                                                   "..",
                                                   "\\",
                                                   "\\u",
                                                   "\t",
                                                   "\r",
                                                   "\r\n",
                                                   "\n",
                                                   "---\n",
                                                   "null",
                                                   "~",
                                                   "<<",
                                                   "\xC2\xA0",
                                                   "\xFF",
                                                   "\xEF\xBB\xBF",
                                                   "9999999999999999999",
                                                   "-1",
                                                   "1e999",
                                                   "1000000000000d",
                                                   "0.1e-300",
                                                   "\\ud83d",
                                                   "{{",
                                                   "}}",
                                                   "one_of(",
                                                   "pad(n, 1000000)",
                                                   "regex('(a{1000}){1000}')",
                                                   "2026-02-30",
                                                   "\xE2\x80\x8B"};
    return kSpecial[below(kSpecial.size())];
  }

  std::mt19937 random_;
};

void expect_places(const Diagnostics& findings, const std::string& text) {
  for (const auto& finding : findings) {
    EXPECT_NE(finding.code, ErrorCode::internal) << finding.to_string() << "\n" << text;
    if (finding.code != ErrorCode::invalid_input) continue;
    EXPECT_TRUE(finding.where.known()) << finding.to_string() << "\n" << text;
  }
}

void read_factories(const std::string& text) {
  try {
    expect_places(FactoryLibrary::mistakes_in(text, shop_schema(), "f.yaml"), text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_input) << error.what();
    EXPECT_TRUE(error.details().where.known()) << error.what() << "\n" << text;
  }
}

TEST(Mutation, OfFactoryFilesIsReadOrRefusedWithAPlace) {
  const std::vector<std::string> files{
      shop_factories(), read_file(std::filesystem::path{SEEDBED_TEST_DATA} / "shop.yaml")};
  Mutator mutator{20260101};
  for (int i = 0; i < 300; ++i) {
    read_factories(mutator.mutated(files[mutator.below(files.size())]));
  }
  for (int i = 0; i < 1500; ++i) {
    const auto& file = files[mutator.below(files.size())];
    const auto at = mutator.below(file.size());
    read_factories(mutator.mutated(file.substr(at, 200)));
  }
}

TEST(Mutation, OfExpressionsIsAValueOrAnErrorWithAPlace) {
  std::vector<std::string> expressions;
  for (const auto& function : functions()) {
    if (!function.example.empty()) expressions.push_back(function.example);
  }
  expressions.insert(expressions.end(), {"now - 2y .. now", "1 .. 6 + n * 2", "if(n > 2, 1, 2.5)",
                                         "2026-01-31 + 1mo", "70% * 12", "-1.50 / 3 .. 9e2"});
  Mutator mutator{42};
  for (int i = 0; i < 3000; ++i) {
    const auto text = mutator.mutated(expressions[mutator.below(expressions.size())]);
    try {
      TestFrame frame;
      static_cast<void>(compiled(text).evaluate(frame));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_input) << error.what() << "\n" << text;
      EXPECT_TRUE(error.details().where.known()) << error.what() << "\n" << text;
    }
  }
}

TEST(Mutation, OfCallsIsReadOrRefused) {
  const std::string call = R"({"factory": "order", "traits": ["paid"], "count": 2,
      "set": {"customer": {"$ref": "john"}, "total": 1.10, "at": {"$expr": "now"}},
      "has": {"items": [{"set": {"name": "\u00e9x"}}]}})";
  Mutator mutator{7};
  for (int i = 0; i < 2000; ++i) {
    const auto text = mutator.mutated(call);
    try {
      static_cast<void>(parse_call(text));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_input) << text;
    }
  }
}

}  // namespace
}  // namespace seedbed::testing
