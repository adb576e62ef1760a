#include "seedbed/factories/files/source_text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed::detail {

namespace {

[[noreturn]] void refuse(const SourceText& source, std::size_t at, std::string message) {
  throw Error{ErrorCode::invalid_input, std::move(message), {.where = source.spot(at)}};
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
  const auto number = static_cast<std::size_t>(line_number(std::min(at, text_.size())));
  const auto start = starts_[number - 1];
  auto end = number < starts_.size() ? starts_[number] - 1 : text_.size();
  if (end > start && text_[end - 1] == '\r') --end;
  return text_.substr(start, end - start);
}

std::string SourceText::with_line(int number, std::string_view replacement) const {
  const auto start = starts_.at(static_cast<std::size_t>(number) - 1);
  const auto end = start + line(start).size();
  return fmt::format("{}{}{}", text_.substr(0, start), replacement, text_.substr(end));
}

std::string too_deep() {
  return fmt::format("nested more than {} levels deep", kMaximumDepth);
}

namespace {

// The control character at `at`, or 0x100.
unsigned control_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto c = byte(at);
  const bool allowed = c >= 0x20 || c == '\n' || c == '\t' || (c == '\r' && byte(at + 1) == '\n');
  return allowed && c != 0x7F ? 0x100 : c;
}

}  // namespace

void check_bytes(const SourceText& source) {
  const auto text = source.text();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    refuse(source, 0, "the file is UTF-16; save it as UTF-8");
  }
  if (const auto bad = find_invalid_utf8(text)) refuse(source, *bad, "invalid UTF-8");
  // Far above what a file holds; the exact limit is checked while the tree is built.
  constexpr int kUnclosedBrackets = 10'000;
  int unclosed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto control = control_at(text, at);
    if (control == '\r') {
      refuse(source, at, "a carriage return without a line feed; lines end with one or both");
    }
    if (control < 0x100) {
      refuse(
          source, at,
          fmt::format(R"(control character U+{:04X}; write it as "\x{:02x}")", control, control));
    }
    const char c = text[at];
    if (c == '[' || c == '{') ++unclosed;
    if ((c == ']' || c == '}') && unclosed > 0) --unclosed;
    if (unclosed > kUnclosedBrackets) refuse(source, at, too_deep());
  }
}

}  // namespace seedbed::detail
