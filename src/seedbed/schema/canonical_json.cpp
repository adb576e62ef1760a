#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed {

namespace {

constexpr int kMaxDepth = 512;

// Characters with an escape of their own, and its letter. Written text never escapes '/'.
constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t/";
constexpr std::string_view kNames = "\"\\bfnrt/";
constexpr std::string_view kWritten = kMeanings.substr(0, kMeanings.size() - 1);

// Reads JSON text and gives it back in canonical form. Numbers are copied, never converted: a
// double would change 12345678901234567890.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view json) : rest_{json} {}

  std::string document() {
    std::string text = value(0);
    skip_blanks();
    if (!rest_.empty()) fail();
    return text;
  }

 private:
  [[noreturn]] static void fail() {
    throw Error{ErrorCode::invalid_input, "a cell is not well-formed JSON"};
  }

  void skip_blanks() {
    const auto first = rest_.find_first_not_of(" \t\n\r");
    rest_.remove_prefix(std::min(first, rest_.size()));
  }

  [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    skip_blanks();
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  std::string value(int depth) {
    if (depth > kMaxDepth) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("a JSON cell nests deeper than {} levels", kMaxDepth)};
    }
    skip_blanks();
    switch (peek()) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return quoted(string());
      default: return scalar();
    }
  }

  std::string object(int depth) {
    expect('{');
    std::map<std::string, std::string> members;  // by the key's bytes: UTF-8 sorts by code point
    if (!take('}')) {
      do {
        skip_blanks();
        std::string key = string();
        expect(':');
        members[std::move(key)] = value(depth + 1);
      } while (take(','));
      expect('}');
    }
    std::string text;
    for (const auto& [key, member] : members) {
      text += fmt::format("{}{}:{}", text.empty() ? "{" : ",", quoted(key), member);
    }
    return text.empty() ? "{}" : text + "}";
  }

  std::string array(int depth) {
    expect('[');
    if (take(']')) return "[]";
    std::string text = "[";
    do {
      if (text.size() > 1) text += ',';
      text += value(depth + 1);
    } while (take(','));
    expect(']');
    return text + "]";
  }

  std::string scalar() {
    for (const std::string_view word : {"true", "false", "null"}) {
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return std::string{word};
      }
    }
    return number();
  }

  [[nodiscard]] std::size_t digits_from(std::size_t at) const {
    const std::size_t start = at;
    while (at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '9') ++at;
    if (at == start) fail();
    return at;
  }

  std::string number() {
    const auto at_is = [&](std::size_t at, std::string_view any) {
      return at < rest_.size() && any.find(rest_[at]) != std::string_view::npos;
    };
    std::size_t at = at_is(0, "-") ? 1 : 0;
    at = at_is(at, "0") ? at + 1 : digits_from(at);
    if (at_is(at, ".")) at = digits_from(at + 1);
    if (at_is(at, "eE")) at = digits_from(at_is(at + 1, "+-") ? at + 2 : at + 1);
    std::string text{rest_.substr(0, at)};
    rest_.remove_prefix(at);
    return text;
  }

  // The characters of a string, decoded. A lone surrogate and U+0000, which text cannot hold, stay
  // as their escapes behind a marker byte that no UTF-8 has.
  std::string string() {
    if (peek() != '"') fail();
    rest_.remove_prefix(1);
    std::string text;
    for (;;) {
      const auto at = rest_.find_first_of("\"\\");
      if (at == std::string_view::npos) fail();
      const auto plain = rest_.substr(0, at);
      if (std::any_of(plain.begin(), plain.end(), [](char c) { return c >= '\0' && c < ' '; }))
        fail();
      text += plain;
      const bool end = rest_[at] == '"';
      rest_.remove_prefix(at + 1);
      if (end) return text;
      append_escape(text);
    }
  }

  void append_escape(std::string& text) {
    const char name = peek();
    if (rest_.empty()) fail();
    rest_.remove_prefix(1);
    if (const auto at = kNames.find(name); at != std::string_view::npos) {
      text += kMeanings[at];
    } else if (name == 'u') {
      append_unicode(text);
    } else {
      fail();
    }
  }

  unsigned hex4() {
    const auto bytes = rest_.size() < 4 ? std::nullopt : from_hex(rest_.substr(0, 4));
    if (!bytes) fail();
    rest_.remove_prefix(4);
    return static_cast<unsigned>(static_cast<unsigned char>((*bytes)[0])) << 8U |
           static_cast<unsigned char>((*bytes)[1]);
  }

  void append_unicode(std::string& text) {
    unsigned code = hex4();
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && rest_.starts_with("\\u")) {
      const auto before = rest_;
      rest_.remove_prefix(2);
      const unsigned low = hex4();
      if (low >= 0xDC00 && low < 0xE000) {
        return append_utf8(text, 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00));
      }
      rest_ = before;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
      text += fmt::format("{}u{:04x}", kKeptEscape, code);
    } else {
      append_utf8(text, code);
    }
  }

  static void append_utf8(std::string& text, unsigned code) {
    const auto tail = [&](unsigned shift) {
      text += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0U | code >> 6U);
      tail(0);
    } else if (code < 0x10000) {
      text += static_cast<char>(0xE0U | code >> 12U);
      tail(6), tail(0);
    } else {
      text += static_cast<char>(0xF0U | code >> 18U);
      tail(12), tail(6), tail(0);
    }
  }

  static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
      if (const auto at = kWritten.find(c); at != std::string_view::npos) {
        result += '\\';
        result += kNames[at];
      } else if (c == kKeptEscape) {
        result += '\\';
      } else if (c >= '\0' && c < ' ') {
        result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      } else {
        result += c;
      }
    }
    return result + "\"";
  }

  static constexpr char kKeptEscape = '\xFF';
  std::string_view rest_;
};

}  // namespace

std::string canonical_json(std::string_view json) {
  if (find_invalid_utf8(json)) {
    throw Error{ErrorCode::invalid_input, "a JSON cell is not well-formed UTF-8"};
  }
  return JsonScanner{json}.document();
}

}  // namespace seedbed
