#include "seedbed/factories/source_text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/document.hpp"

namespace seedbed::detail {

namespace {

[[noreturn]] void refuse(const SourceText& source, std::size_t at, std::string message) {
  throw Error{ErrorCode::invalid_input, std::move(message), {.where = source.spot(at)}};
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

// Follows the quotes and brackets of an expression, one character at a time.
class Balance {
 public:
  void take(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (quote_ != '\0') {
      if (c == '\\') escaped_ = true;
      if (c == quote_) quote_ = '\0';
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else if (c == '(' || c == '[' || c == '{') {
      open_ += c;
    } else if (c == ')' || c == ']' || c == '}') {
      close(c);
    }
  }
  [[nodiscard]] bool level() const noexcept { return quote_ == '\0' && open_.empty(); }
  [[nodiscard]] char unmatched() const noexcept {
    if (stray_ != '\0') return stray_;
    if (quote_ != '\0') return quote_;
    return open_.empty() ? '\0' : open_.back();
  }

 private:
  void close(char c) {
    const char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (!open_.empty() && open_.back() == opener) {
      open_.pop_back();
    } else if (stray_ == '\0') {
      stray_ = c;
    }
  }

  std::string open_;
  char quote_ = '\0';
  char stray_ = '\0';
  bool escaped_ = false;
};

// Whether a value may begin at `at`: after "- ", "key: ", "{ ", "[ " or ", ".
bool begins_value(std::string_view line, std::size_t at) {
  const auto before = line.substr(0, at).find_last_not_of(" \t");
  if (before == std::string_view::npos) return true;
  const char c = line[before];
  if (c == '{' || c == '[' || c == ',') return true;
  return (c == ':' || c == '-') && before + 1 < at;
}

bool opens_flow(std::string_view line) {
  const auto at = line.find_first_of("{[");
  return at != std::string_view::npos && begins_value(line, at);
}

}  // namespace

SourceText::SourceText(std::string_view text, std::filesystem::path file)
    : text_{text}, file_{std::move(file)}, starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts_.push_back(i + 1);
  }
}

int SourceText::line_number(std::size_t at) const {
  return static_cast<int>(std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin());
}

std::size_t SourceText::line_start(std::size_t at) const {
  return starts_[static_cast<std::size_t>(line_number(at)) - 1];
}

SourceSpot SourceText::spot(std::size_t at) const {
  at = std::min(at, text_.size());
  const std::size_t start = line_start(at);
  if (at < last_at_ || start > last_at_) {
    last_at_ = start;
    last_column_ = 0;
  }
  last_column_ += count_code_points(text_.substr(last_at_, at - last_at_));
  last_at_ = at;
  return {file_, line_number(at), static_cast<int>(last_column_) + 1};
}

std::string_view SourceText::line(std::size_t at) const {
  const std::size_t start = line_start(std::min(at, text_.size()));
  const auto end = text_.find_first_of("\r\n", start);
  return text_.substr(start, end == std::string_view::npos ? end : end - start);
}

std::string too_deep() {
  return fmt::format("nested more than {} levels deep", kMaximumDepth);
}

void check_bytes(const SourceText& source) {
  const auto text = source.text();
  if (const auto bad = find_invalid_utf8(text)) refuse(source, *bad, "invalid UTF-8");
  // Far above what a file holds; the exact limit is checked while the tree is built.
  constexpr int kUnclosedBrackets = 10'000;
  int unclosed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F) {
      refuse(source, at,
             fmt::format("control character U+{:04X}; write it as \"\\x{:02x}\"", c, c));
    }
    if (c == '[' || c == '{') ++unclosed;
    if ((c == ']' || c == '}') && unclosed > 0) --unclosed;
    if (unclosed > kUnclosedBrackets) {
      refuse(source, at, too_deep());
    }
  }
}

Extent expression_extent(std::string_view line, bool in_flow) {
  Balance balance;
  std::size_t end = 0;
  for (; end < line.size(); ++end) {
    const char c = line[end];
    if (balance.level()) {
      if (c == '#' && end > 0 && is_blank(line[end - 1])) break;
      if (in_flow && (c == ',' || c == '}' || c == ']')) break;
    }
    balance.take(c);
  }
  return {line.substr(0, end).find_last_not_of(" \t") + 1, balance.unmatched()};
}

char unmatched_in(std::string_view expression) {
  Balance balance;
  for (const char c : expression) balance.take(c);
  return balance.unmatched();
}

std::string quoted(std::string_view text) {
  if (text.find_first_of("\"\\") == std::string_view::npos) return fmt::format("\"{}\"", text);
  std::string result = "'";
  for (const char c : text) {
    result += c;
    if (c == '\'') result += c;
  }
  return result + '\'';
}

std::optional<std::string> line_with_value_quoted(std::string_view line, std::size_t column) {
  std::size_t at = std::min(column + 1, line.size());
  while (at-- > 0) {
    if ((line[at] != '=' && line[at] != '{') || !begins_value(line, at)) continue;
    const bool in_flow = opens_flow(line.substr(0, at));
    const Extent extent = expression_extent(line.substr(at), in_flow);
    const auto value = line.substr(at, extent.length);
    if (extent.open != '\0' || (line[at] == '{' && value.back() == '}')) continue;
    return fmt::format("{}{}{}", trimmed(line.substr(0, at)).empty() ? "" : line.substr(0, at),
                       quoted(value), line.substr(at + extent.length));
  }
  return std::nullopt;
}

}  // namespace seedbed::detail
