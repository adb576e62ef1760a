#include "seedbed/factories/files/text_marks.hpp"

#include <algorithm>

namespace seedbed::detail {

namespace {

// Walks through a scalar as the file spells it, and through its value, side by side.
class Alignment {
 public:
  Alignment(const SourceText& source, std::size_t at, std::string_view value)
      : source_{source}, raw_{source.text()}, value_{value}, at_{at}, style_{source.at(at)} {
    if (style_ == '"' || style_ == '\'') ++at_;
    if (style_ == '|' || style_ == '>') begin_block();
  }

  std::vector<TextMark> run() {
    mark();
    while (next_ < value_.size() && at_ < raw_.size() && step()) {
    }
    return std::move(marks_);
  }

 private:
  void mark() {
    const auto where = source_.spot(at_);
    marks_.push_back({next_, where.line, where.column});
  }

  [[nodiscard]] bool is_block() const noexcept { return style_ == '|' || style_ == '>'; }

  void begin_block() {
    at_ = std::min(raw_.find('\n', at_), raw_.size());
    auto first = std::min(raw_.find_first_not_of(" \r\n", at_), raw_.size());
    indent_ = first - source_.line_start(first);
    at_ = first;
  }

  bool step() {
    if (style_ == '"' && raw_[at_] == '\\') return escape();
    if (style_ == '\'' && raw_.substr(at_).starts_with("''")) return skip(1, 2);
    const auto gap = raw_.find_first_not_of(is_block() ? "\r" : " \t\r", at_);
    if (gap != std::string_view::npos && raw_[gap] == '\n') return fold(gap);
    if (raw_[at_] != value_[next_]) return false;
    ++at_;
    ++next_;
    return true;
  }

  bool skip(std::size_t of_value, std::size_t of_file) {
    next_ += of_value;
    at_ += of_file;
    mark();
    return true;
  }

  // A line break, and what empty lines and indentation follow it.
  bool fold(std::size_t at) {
    if (is_block()) {
      const auto line = raw_.find_first_not_of(' ', at + 1);
      at_ = std::min(at + 1 + indent_, std::min(line, raw_.size()));
    } else {
      at_ = std::min(raw_.find_first_not_of(" \t\r\n", at), raw_.size());
    }
    if (value_[next_] == ' ' || is_block()) {
      ++next_;
    } else {
      while (next_ < value_.size() && value_[next_] == '\n') ++next_;
    }
    mark();
    return true;
  }

  bool escape() {
    const char c = source_.at(at_ + 1);
    if (c == '\n' || c == '\r') {
      at_ = std::min(raw_.find_first_not_of(" \t\r\n", at_ + 1), raw_.size());
      mark();
      return true;
    }
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    // As many bytes as the character has that the value holds here.
    const auto lead = static_cast<unsigned char>(value_[next_]);
    return skip(lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, 2 + digits);
  }

  const SourceText& source_;
  std::string_view raw_;
  std::string_view value_;
  std::vector<TextMark> marks_;
  std::size_t at_;
  std::size_t next_ = 0;
  std::size_t indent_ = 0;
  char style_;
};

}  // namespace

std::vector<TextMark> marks_of(const SourceText& source, std::size_t at, std::string_view value) {
  const char first = source.at(at);
  const bool quoted = first == '"' || first == '\'';
  if (first != '|' && first != '>' &&
      source.text().substr(quoted ? at + 1 : at).starts_with(value)) {
    return {};
  }
  return Alignment{source, at, value}.run();
}

}  // namespace seedbed::detail
