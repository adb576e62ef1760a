#include "seedbed/factories/document_writer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/line_repair.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLongestKey = 1000;
constexpr std::size_t kLineWidth = 100;
// Below sections and the names in them, what fits on a line is written on one.
constexpr std::size_t kFirstFlowLevel = 2;

bool is_ascii_word(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_beyond_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Code points that a person does not see, or that may be taken for a line's end.
bool is_hidden(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2000 && c <= 0x200F) || c == 0x202F || (c >= 0x205F && c <= 0x206F) ||
         c == 0xFEFF || c == 0xAD || c == 0x61C || c == 0x1680 || c == 0x180E;
}

/// The code point that begins at `at`, which moves behind it. `text` is well-formed.
char32_t take_code_point(std::string_view text, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t code = lead & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return code;
}

bool holds_hidden(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (is_hidden(take_code_point(text, at))) return true;
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto code = take_code_point(text, at);
    if (code == '\n') {
      result += "\\n";
    } else if (code == '\t') {
      result += "\\t";
    } else if (code == '"' || code == '\\') {
      result += '\\';
      result += static_cast<char>(code);
    } else if (!is_hidden(code)) {
      result += text.substr(begin, at - begin);
    } else if (code < 0x80) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    }
  }
  return result + '"';
}

std::string in_quotes(std::string_view text) {
  return holds_hidden(text) ? escaped(text) : quoted_scalar(text);
}

/// Words and numbers that this or another reader of YAML takes for something else than a text.
bool has_other_meaning(std::string_view text) {
  constexpr std::array<std::string_view, 10> kWords{"true", "false", "null", "yes", "no",
                                                    "on",   "off",   "y",    "n",   "~"};
  const auto lower = to_lower(text);
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  const bool range = text.find("..") != std::string_view::npos;
  const bool digits = std::all_of(lower.begin(), lower.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
           std::string_view{".+-_:exo"}.find(c) != std::string_view::npos;
  });
  return digits && !range && std::isdigit(static_cast<unsigned char>(lower.front())) != 0;
}

/// Whether a text may stand without quotes. Only what is plain to see: others are quoted.
bool is_plain(std::string_view text, bool in_flow) {
  if (text.empty() || holds_hidden(text) || has_other_meaning(text)) return false;
  const bool expression = text.front() == '=';
  if (!is_ascii_word(text.front()) && !is_beyond_ascii(text.front()) && !expression) return false;
  if (text.back() == ' ' || text.back() == ':') return false;
  const std::string_view signs = expression ? " .=+*/()<>%!-'\"`" : " ./+@-";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_ascii_word(c) || is_beyond_ascii(c)) continue;
    if (c == ':' && is_ascii_word(text[at + 1])) continue;
    if (c == ',' && !in_flow) continue;
    if (signs.find(c) == std::string_view::npos) return false;
  }
  return !expression || unmatched_in(text) == '\0';
}

bool is_plain_key(std::string_view text) {
  return !text.empty() && !holds_hidden(text) && !has_other_meaning(text) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_ascii_word(c) || is_beyond_ascii(c) || c == '.'; }) &&
         text.front() != '.';
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error{ErrorCode::unsupported, fmt::format("a file cannot hold {}", what)};
}

void check_utf8(std::string_view text) {
  if (find_invalid_utf8(text)) refuse("a text with invalid UTF-8");
}

class Writer {
 public:
  std::string write(const Node& document) {
    if (is_leaf(document)) {
      text_ = flow(document, 1) + "\n";
    } else {
      block(document, 0);
    }
    if (text_.size() > kMaximumDocumentBytes) {
      refuse(fmt::format("more than {} MiB", kMaximumDocumentBytes >> 20U));
    }
    return std::move(text_);
  }

 private:
  static bool is_leaf(const Node& node) { return node.items.empty() && node.entries.empty(); }

  static std::string key(const Node& node) {
    check_utf8(node.text);
    if (node.text.size() > kLongestKey) {
      refuse(fmt::format("a key of more than {} bytes", kLongestKey));
    }
    return is_plain_key(node.text) ? node.text : in_quotes(node.text);
  }

  static std::string scalar(const Node& node, bool in_flow) {
    check_utf8(node.text);
    if (node.is_number() || node.is_boolean() || is_plain(node.text, in_flow)) return node.text;
    return in_quotes(node.text);
  }

  static void check_level(std::size_t level) {
    if (level > static_cast<std::size_t>(kMaximumDepth)) {
      refuse(fmt::format("more than {} levels", kMaximumDepth));
    }
  }

  /// The node on one line; `level` counts what is open around it and itself.
  static std::string flow(const Node& node, std::size_t level) {
    if (node.kind == NodeKind::null) return "null";
    if (node.kind == NodeKind::scalar) return scalar(node, level > 1);
    check_level(level);
    std::vector<std::string> parts;
    for (const auto& item : node.items) parts.push_back(flow(item, level + 1));
    for (const auto& [name, value] : node.entries) {
      parts.push_back(key(name) + ": " + flow(value, level + 1));
    }
    if (node.kind == NodeKind::sequence) return "[" + join(parts, ", ") + "]";
    return parts.empty() ? "{}" : "{ " + join(parts, ", ") + " }";
  }

  /// Each entry on a line of its own, `level` steps to the right.
  void block(const Node& node, std::size_t level) {
    check_level(level + 1);
    for (const auto& item : node.items) {
      indent(level);
      text_ += "-";
      value(item, level + 1, true);
    }
    for (const auto& [name, entry] : node.entries) {
      indent(level);
      text_ += key(name) + ":";
      value(entry, level + 1, false);
    }
  }

  void value(const Node& node, std::size_t level, bool in_list) {
    if (is_leaf(node)) {
      text_ += " " + (node.kind == NodeKind::scalar ? scalar(node, false) : flow(node, level + 1));
      text_ += "\n";
      return;
    }
    if (level >= kFirstFlowLevel) {
      const auto line = flow(node, level + 1);
      const auto used = text_.size() - (text_.rfind('\n') + 1);
      if (used + 1 + line.size() <= kLineWidth) {
        text_ += " " + line + "\n";
        return;
      }
    }
    if (in_list) {
      text_ += " ";
      joined_ = true;
    } else {
      text_ += "\n";
    }
    block(node, level);
  }

  /// The first line of what stands in a list follows its dash.
  void indent(std::size_t level) {
    if (!joined_) text_.append(2 * level, ' ');
    joined_ = false;
  }

  std::string text_;
  bool joined_ = false;
};

}  // namespace

std::string write_document(const Node& document) {
  return Writer{}.write(document);
}

}  // namespace seedbed::detail
