#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/regex.hpp"

namespace seedbed::detail {

namespace {

using Characters = std::vector<CodePoints>;

constexpr int kMaximumDepth = 32;
constexpr std::uint32_t kMaximumRepetitions = 1000;
constexpr CodePoints kPrintable{' ', '~'};

struct NamedCharacters {
  std::string_view name;
  std::array<CodePoints, 4> ranges;  // an empty one is (1, 0)
};
constexpr CodePoints kNone{1, 0};
constexpr std::array<NamedCharacters, 8> kClasses{{
    {"alnum", {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, kNone}}},
    {"alpha", {{{'A', 'Z'}, {'a', 'z'}, kNone, kNone}}},
    {"digit", {{{'0', '9'}, kNone, kNone, kNone}}},
    {"lower", {{{'a', 'z'}, kNone, kNone, kNone}}},
    {"punct", {{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}}},
    {"space", {{{' ', ' '}, kNone, kNone, kNone}}},
    {"upper", {{{'A', 'Z'}, kNone, kNone, kNone}}},
    {"xdigit", {{{'0', '9'}, {'A', 'F'}, {'a', 'f'}, kNone}}},
}};
constexpr NamedCharacters kWord{"word", {{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}};

// Sorted and joined, without the halves of surrogate pairs, which no text holds.
Characters normalized(const Characters& characters) {
  constexpr char32_t kBefore = 0xD7FF;
  constexpr char32_t kAfter = 0xE000;
  Characters whole;
  for (const auto& [first, last] : characters) {
    if (first <= kBefore) whole.push_back({first, std::min(last, kBefore)});
    if (last >= kAfter) whole.push_back({std::max(first, kAfter), last});
  }
  std::sort(whole.begin(), whole.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  Characters result;
  for (const auto& range : whole) {
    if (!result.empty() && range.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

// The printable characters of ASCII that are not among these, which are normalized.
Characters negated(const Characters& characters) {
  Characters result;
  char32_t next = kPrintable.first;
  for (const auto& [first, last] : characters) {
    if (first > kPrintable.last) break;
    if (first > next) result.push_back({next, first - 1});
    next = std::max<char32_t>(next, last + 1);
  }
  if (next <= kPrintable.last) result.push_back({next, kPrintable.last});
  return result;
}

void add(Characters& characters, const NamedCharacters& named) {
  for (const auto& range : named.ranges) {
    if (range.first <= range.last) characters.push_back(range);
  }
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) {
    while (!pattern.empty()) text_.push_back(take_code_point(pattern));
    if (text_.size() > kMaximumPatternLength) {
      fail(fmt::format("a pattern has at most {} characters", kMaximumPatternLength));
    }
  }

  RegexNode parse() {
    auto node = alternation(0);
    if (at_ < text_.size()) fail("')' without '('");
    if (longest(node) > kMaximumRegexLength) {
      fail(fmt::format("its texts have more than {} characters", kMaximumRegexLength));
    }
    return node;
  }

 private:
  [[nodiscard]] char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0';
  }
  [[nodiscard]] bool ends() const { return at_ >= text_.size(); }
  bool accept(char32_t c) {
    if (ends() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void fail(const std::string& message) const {
    throw Error{ErrorCode::invalid_input, fmt::format("character {}: {}", at_ + 1, message)};
  }

  static std::uint64_t longest(const RegexNode& node) {
    if (node.kind == RegexNode::Kind::characters) return 1;
    std::uint64_t length = 0;
    for (const auto& part : node.parts) {
      const auto own = longest(part);
      length = node.kind == RegexNode::Kind::alternation ? std::max(length, own) : length + own;
    }
    return std::min(length * node.most, kMaximumRegexLength + 1);
  }

  RegexNode alternation(int depth) {
    if (depth > kMaximumDepth)
      fail(fmt::format("more than {} groups in each other", kMaximumDepth));
    RegexNode node{.kind = RegexNode::Kind::alternation};
    do node.parts.push_back(sequence(depth));
    while (accept('|'));
    return node.parts.size() == 1 ? std::move(node.parts.front()) : std::move(node);
  }

  RegexNode sequence(int depth) {
    RegexNode node{.kind = RegexNode::Kind::sequence};
    if (depth == 0) accept('^');
    while (!ends() && peek() != '|' && peek() != ')') {
      if (depth == 0 && peek() == '$' && (at_ + 1 == text_.size() || peek(1) == '|')) {
        ++at_;
        break;
      }
      node.parts.push_back(quantified(atom(depth)));
    }
    return node;
  }

  RegexNode atom(int depth) {
    const char32_t c = peek();
    if (c == '(') return group(depth);
    if (c == '[') return {.kind = RegexNode::Kind::characters, .characters = bracket()};
    if (c == '^' || c == '$') fail("'^' stands only at the pattern's beginning, '$' at its end");
    if (c == '*' || c == '+' || c == '?') fail("there is nothing to repeat");
    if (c == '{' || c == '}' || c == ']') {
      fail(fmt::format("write \\{0} for a '{0}'", static_cast<char>(c)));
    }
    if (c == '\\') {
      return {.kind = RegexNode::Kind::characters, .characters = normalized(escape())};
    }
    ++at_;
    const auto range = c == '.' ? kPrintable : CodePoints{c, c};
    return {.kind = RegexNode::Kind::characters, .characters = normalized({range})};
  }

  RegexNode group(int depth) {
    const auto begin = at_++;
    if (accept('?')) skip_group_kind();
    auto node = alternation(depth + 1);
    if (accept(')')) return node;
    at_ = begin;
    fail("the '(' is not closed");
  }

  // What stands behind "(?": nothing but a name changes nothing.
  void skip_group_kind() {
    if (accept(':')) return;
    const bool python = accept('P');
    if (peek() == '<' && peek(1) != '=' && peek(1) != '!') {
      while (!ends() && peek() != '>') ++at_;
      if (accept('>')) return;
      fail("the group's name is not closed");
    }
    if (python) fail("a named group is written (?<name>...)");
    const bool around = peek() == '=' || peek() == '!' || peek() == '<';
    fail(around ? "looking ahead or behind is not possible"
                : "a group begins with '(', '(?:' or '(?<name>'; flags are not possible");
  }

  RegexNode quantified(RegexNode node) {
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    if (accept('*')) {
      most = kOpenRepetitions;
    } else if (accept('+')) {
      least = 1;
      most = least + kOpenRepetitions;
    } else if (accept('?')) {
      most = 1;
    } else if (accept('{')) {
      least = number();
      most = !accept(',') ? least : peek() == '}' ? least + kOpenRepetitions : number();
      if (!accept('}')) fail("a repetition is written {2}, {2,5} or {2,}");
      if (least > most) fail("the repetition's least is above its most");
    } else {
      return node;
    }
    accept('?');  // a lazy one matches the same texts
    if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') {
      fail("a repetition follows another; put the first in a group");
    }
    RegexNode repetition{.kind = RegexNode::Kind::repetition, .least = least, .most = most};
    repetition.parts.push_back(std::move(node));
    return repetition;
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto begin = at_;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + (text_[at_++] - U'0');
      if (value > kMaximumRepetitions) {
        fail(fmt::format("at most {} repetitions", kMaximumRepetitions));
      }
    }
    if (at_ == begin) fail("a repetition is written {2}, {2,5} or {2,}");
    return value;
  }

  Characters bracket() {
    const auto begin = at_++;
    const bool negative = accept('^');
    Characters characters;
    for (bool first = true; first || peek() != ']'; first = false) {
      if (ends()) {
        at_ = begin;
        fail("the '[' is not closed");
      }
      add_item(characters);
    }
    ++at_;
    auto result = normalized(characters);
    if (negative) result = negated(result);
    if (result.empty()) fail("no character is left");
    return result;
  }

  // A character, a range, an escape or a class of a bracket.
  void add_item(Characters& characters) {
    if (peek() == '[' && peek(1) == ':') return add_class(characters);
    auto item = single();
    const bool range = peek() == '-' && peek(1) != ']' && peek(1) != U'\0';
    if (!range) {
      characters.insert(characters.end(), item.begin(), item.end());
      return;
    }
    ++at_;
    const auto end = single();
    const bool ordered = item.size() == 1 && item[0].count() == 1 && end.size() == 1 &&
                         end[0].count() == 1 && item[0].first <= end[0].first;
    if (!ordered) fail("a range goes from one character to a later one");
    characters.push_back({item[0].first, end[0].first});
  }

  Characters single() {
    if (peek() == '\\') return escape();
    const char32_t c = text_[at_++];
    return {{c, c}};
  }

  void add_class(Characters& characters) {
    at_ += 2;
    std::string name;
    while (peek() >= 'a' && peek() <= 'z') name += static_cast<char>(text_[at_++]);
    const auto* found = std::find_if(kClasses.begin(), kClasses.end(),
                                     [&](const auto& known) { return known.name == name; });
    if (found == kClasses.end() || !accept(':') || !accept(']')) {
      fail(
          fmt::format("there is no class [:{}:]; there are alnum, alpha, digit, lower, punct, "
                      "space, upper and xdigit",
                      name));
    }
    add(characters, *found);
  }

  // An escape, from its backslash on.
  Characters escape() {
    ++at_;
    if (ends()) fail("a backslash stands at the end");
    const char32_t c = text_[at_++];
    switch (c) {
      case 'd': return {{'0', '9'}};
      case 'D': return negated({{'0', '9'}});
      case 's': return {{' ', ' '}};
      case 'S': return negated({{' ', ' '}});
      case 'w':
      case 'W': return word(c == 'W');
      case 't': return {{'\t', '\t'}};
      case 'n': return {{'\n', '\n'}};
      case 'r': return {{'\r', '\r'}};
      case 'x': return code_point(2);
      case 'u': return code_point(4);
      default: break;
    }
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    --at_;
    if (digit) fail("references to groups are not possible");
    if (c == 'b' || c == 'B') fail("word boundaries are not possible");
    if (letter) fail(fmt::format("\\{} is not known", static_cast<char>(c)));
    ++at_;
    return {{c, c}};
  }

  static Characters word(bool negative) {
    Characters characters;
    add(characters, kWord);
    return negative ? negated(characters) : characters;
  }

  Characters code_point(int digits) {
    char32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      constexpr std::string_view kHex = "0123456789abcdef";
      const char32_t c = peek() >= 'A' && peek() <= 'F' ? peek() + 32 : peek();
      const auto digit = c < 0x80 ? kHex.find(static_cast<char>(c)) : std::string_view::npos;
      if (ends() || digit == std::string_view::npos) fail("a hexadecimal digit is missing");
      value = value * 16 + static_cast<char32_t>(digit);
      ++at_;
    }
    if (value >= 0xD800 && value <= 0xDFFF) fail("half of a surrogate pair is no character");
    return {{value, value}};
  }

  std::vector<char32_t> text_;
  std::size_t at_ = 0;
};

}  // namespace

RegexNode parse_regex(std::string_view pattern) {
  return Parser{pattern}.parse();
}

}  // namespace seedbed::detail
