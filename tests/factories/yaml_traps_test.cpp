// Every trap of YAML with its outcome, as data/yaml_traps.txt states it: a line means what it says,
// or it is refused at its place with the line as it should be.
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/document.hpp"
#include "tests/factories/expression_frame.hpp"

namespace seedbed::testing {
namespace {

struct Trap {
  int line = 0;  // of the table
  std::vector<std::string> yaml{};
  std::string value{};      // behind '='; of the offered line where there is an error
  std::string error{};      // "1:4 piece of the message"
  std::string corrected{};  // the line that the message offers
};

// "<09>" and "<C2 A0>" stand for bytes that would not be seen.
std::string with_bytes(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto end = text[at] == '<' ? text.find('>', at) : std::string::npos;
    const auto inner = end == std::string::npos ? std::string{} : text.substr(at + 1, end - at - 1);
    std::string digits;
    for (const char c : inner) {
      if (c != ' ') digits += c;
    }
    const auto bytes = inner.size() < 2 ? std::nullopt : from_hex(digits);
    if (bytes) at = end;
    result += bytes ? *bytes : std::string(1, text[at]);
  }
  return result;
}

std::vector<Trap> read_traps() {
  std::vector<Trap> traps;
  int number = 0;
  bool fresh = true;
  for (const auto& line :
       split(read_file(std::filesystem::path{SEEDBED_TEST_DATA} / "yaml_traps.txt"), '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') {
      fresh = true;
      continue;
    }
    if (fresh) traps.push_back({.line = number});
    fresh = false;
    auto& trap = traps.back();
    const auto rest = line.size() > 2 ? line.substr(2) : std::string{};
    if (line.front() == '|') trap.yaml.push_back(with_bytes(rest));
    if (line.front() == '=') trap.value = rest;
    if (line.front() == '!') trap.error = rest;
    if (line.front() == '>') trap.corrected = rest;
  }
  return traps;
}

class ShopScope : public TestScope {
 public:
  ShopScope() {
    columns = {{"name", ExpressionType::text},
               {"total", ExpressionType::decimal},
               {"vip", ExpressionType::boolean}};
  }
};

std::string shown(const Scalar& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    std::string all;
    for (const char byte : *text) {
      const auto c = static_cast<unsigned char>(byte);
      if (c == '\n')
        all += "\\n";
      else if (c < 0x20 || c >= 0x7F)
        all += fmt::format("<{:02X}>", c);
      else
        all += static_cast<char>(c);
    }
    return "\"" + all + "\"";
  }
  if (seedbed::is_null(value)) return "null";
  const auto type = type_of(value);
  const bool plain = type == ExpressionType::boolean || type == ExpressionType::integer ||
                     type == ExpressionType::decimal;
  return plain ? to_text(value) : fmt::format("{} {}", to_string(type), to_text(value));
}

std::string shown(const Node& node) {
  std::string text;
  if (node.kind == NodeKind::null || node.kind == NodeKind::scalar) {
    Diagnostics findings;
    const auto expression = Expression::compile_scalar(node, ShopScope{}, findings);
    throw_if_any(std::move(findings));
    TestFrame frame;
    frame.columns = {{"name", {std::string{"Ada"}}}, {"total", {Decimal{950, 2}}}, {"vip", {true}}};
    return shown(evaluated(*expression, frame).at(0));
  }
  for (const auto& item : node.items) text += (text.empty() ? "" : ", ") + shown(item);
  if (node.kind == NodeKind::sequence) return "[" + text + "]";
  for (const auto& [key, value] : node.entries) {
    text += (text.empty() ? "" : ", ") + key.text + ": " + shown(value);
  }
  return "{" + text + "}";
}

std::string outcome(const std::vector<std::string>& lines) {
  try {
    return shown(parse_document(join(lines, "\n") + "\n", "f"));
  } catch (const Error& error) {
    return fmt::format("! {}", error.what());
  }
}

void check(const Trap& trap) {
  auto lines = trap.yaml;
  const auto found = outcome(lines);
  if (trap.error.empty()) {
    EXPECT_EQ(found, trap.value);
    return;
  }
  const auto blank = trap.error.find(' ');
  const auto place = trap.error.substr(0, blank);
  EXPECT_THAT(found, ::testing::StartsWith("! f:" + place + ": "));
  EXPECT_THAT(found, ::testing::HasSubstr(trap.error.substr(blank + 1)));
  EXPECT_EQ(found.find('\n'), std::string::npos) << found;
  if (trap.corrected.empty()) return;
  EXPECT_THAT(found, ::testing::EndsWith(": " + trap.corrected));
  // What is offered is right: in the place of the line, it gives the value.
  auto& line = lines.at(std::stoul(place) - 1);
  line = line.substr(0, line.find_first_not_of(" \t")) + trap.corrected;
  EXPECT_EQ(outcome(lines), trap.value);
}

TEST(YamlTraps, MeanWhatTheySayOrAreRefusedWithTheCorrectedLine) {
  const auto traps = read_traps();
  EXPECT_GE(traps.size(), 150U);
  for (const auto& trap : traps) {
    SCOPED_TRACE(fmt::format("yaml_traps.txt:{}: {}", trap.line, join(trap.yaml, " | ")));
    check(trap);
  }
}

}  // namespace
}  // namespace seedbed::testing
