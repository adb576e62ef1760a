#include "seedbed/factories/files/document_writer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/files/invisible.hpp"
#include "seedbed/factories/files/line_repair.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLineWidth = 100;
// Below sections and the names in them, what fits on a line is written on one.
constexpr std::size_t kFirstFlowLevel = 2;

bool is_ascii_word(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_beyond_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Controls of ASCII and Latin 1.
bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool holds_hidden(std::string_view text) {
  if (find_invisible(text)) return true;
  while (!text.empty()) {
    if (is_control(take_code_point(text))) return true;
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    auto rest = text;
    const auto code = take_code_point(rest);
    const auto character = text.substr(0, text.size() - rest.size());
    text = rest;
    if (code == '\n') {
      result += "\\n";
    } else if (code == '\t') {
      result += "\\t";
    } else if (code < 0x80 && is_control(code)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else if (is_control(code)) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    } else {
      result += escape_invisible(character);
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

class DocumentWriter {
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
    if (node.text.size() > kMaximumKeyBytes) {
      refuse(fmt::format("a key of more than {} bytes", kMaximumKeyBytes));
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
  return DocumentWriter{}.write(document);
}

}  // namespace seedbed::detail
