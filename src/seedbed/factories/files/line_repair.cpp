#include "seedbed/factories/files/line_repair.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/invisible.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestLine =
    1000;  // that is looked at again; what is longer is no file of people

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

char at_or_nul(std::string_view line, std::size_t at) noexcept {
  return at < line.size() ? line[at] : '\0';
}

bool ends_word(std::string_view line, std::size_t at) noexcept {
  return at >= line.size() || is_blank(line[at]);
}

bool begins_comment(std::string_view line, std::size_t at) noexcept {
  return at_or_nul(line, at) == '#' && (at == 0 || is_blank(line[at - 1]));
}

bool is_flow_end(char c) noexcept {
  return c == ',' || c == ']' || c == '}';
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

std::size_t without_blanks(std::string_view line, std::size_t begin, std::size_t end) {
  while (end > begin && is_blank(line[end - 1])) --end;
  return end;
}

// Where YAML ends the plain scalar that begins at `begin`.
std::size_t plain_end(std::string_view line, std::size_t begin, bool in_flow) {
  for (std::size_t at = begin; at < line.size(); ++at) {
    const bool colon =
        line[at] == ':' && (ends_word(line, at + 1) || (in_flow && is_flow_end(line[at + 1])));
    const bool bracket = in_flow && (is_flow_end(line[at]) || line[at] == '[' || line[at] == '{');
    if (colon || bracket || (at > begin && begins_comment(line, at))) return at;
  }
  return line.size();
}

// Where an expression ends by its own quotes and brackets; kNone if they do not match.
std::size_t expression_end(std::string_view line, std::size_t begin, bool in_flow) {
  Balance balance;
  std::size_t at = begin;
  for (; at < line.size(); ++at) {
    if (balance.level() && (begins_comment(line, at) || (in_flow && is_flow_end(line[at])))) break;
    balance.take(line[at]);
  }
  return balance.unmatched() == '\0' ? without_blanks(line, begin, at) : kNone;
}

// Where a text with expressions in braces ends; kNone if a brace is not closed.
std::size_t template_end(std::string_view line, std::size_t begin, bool in_flow) {
  Balance balance;
  bool inside = false;
  std::size_t at = begin;
  for (; at < line.size(); ++at) {
    if (!inside && begins_comment(line, at) && !looks_like_no_comment(line, at - 1)) break;
    if (!inside && in_flow && is_flow_end(line[at])) break;
    if (inside || line[at] == '{' || line[at] == '(') balance.take(line[at]);
    inside = !balance.level();
  }
  return inside ? kNone : without_blanks(line, begin, at);
}

// The quote that ends the text which begins at `begin`, as it is meant: what follows it can follow
// a value.
std::size_t meant_quote(std::string_view line, std::size_t begin, bool in_flow) {
  for (std::size_t at = begin + 1; at < line.size(); ++at) {
    if (line[begin] == '"' && line[at] == '\\') {
      ++at;
      continue;
    }
    if (line[at] != line[begin]) continue;
    const auto next = line.find_first_not_of(" \t", at + 1);
    if (next == kNone || begins_comment(line, next) || (in_flow && is_flow_end(line[next]))) {
      return at;
    }
  }
  return kNone;
}

// Whether the braces at `at` hold expressions rather than keys with values.
bool is_template(std::string_view line, std::size_t at, bool in_flow) {
  if (line[at] != '{') return false;
  const auto end = bracket_end(line, at);
  if (unmatched_in(line.substr(at, end - at)) != '\0') return false;
  const auto inner = line.substr(at + 1, end - at - 2);
  const bool keys = inner.find(": ") != kNone || inner.find("\":") != kNone ||
                    trimmed(inner).empty() || trimmed(inner).ends_with(':');
  const auto next = std::min(line.find_first_not_of(" \t", end), line.size());
  const bool goes_on =
      next < line.size() && !begins_comment(line, next) && !(in_flow && is_flow_end(line[next]));
  if (goes_on) return !keys || (next == end && line[next] != ':');
  const auto colon = inner.find(':');
  const bool lacks_blank = colon != kNone && inner.find_first_of("({") > colon;
  return !keys && !lacks_blank;
}

// Goes through a line value by value.
class LineWalk {
 public:
  explicit LineWalk(const YamlLine& line)
      : line_{line.text}, open_(line.in_flow ? 1 : 0, std::size_t{0}) {}

  /// Moves to the next piece; false at the end.
  bool next() {
    while (at_ < line_.size()) {
      if (is_blank(line_[at_])) {
        ++at_;
        continue;
      }
      if (begins_comment(line_, at_)) {
        hidden_ = flow() && fresh_ && at_ > 0 && looks_like_no_comment(line_, at_ - 1);
        return false;
      }
      if (!skip_mark()) break;
    }
    if (at_ >= line_.size()) return false;
    take();
    return true;
  }
  [[nodiscard]] std::size_t begin() const noexcept { return begin_; }
  /// Where the value begins that the piece is part of.
  [[nodiscard]] std::size_t value() const noexcept { return value_; }
  [[nodiscard]] bool in_flow() const noexcept { return flow_; }
  [[nodiscard]] bool is_plain() const noexcept { return plain_; }
  /// Whether a value is missing at the end, where a comment begins without a blank.
  [[nodiscard]] bool hides_value() const noexcept { return hidden_; }
  [[nodiscard]] std::size_t end() const noexcept { return at_; }

 private:
  [[nodiscard]] bool flow() const noexcept { return !open_.empty(); }

  void begin_piece() {
    begin_ = at_;
    lead_ = false;
    if (fresh_) value_ = at_;
    fresh_ = false;
    flow_ = flow();
    plain_ = false;
  }

  // What separates values.
  bool skip_mark() {
    const char c = line_[at_];
    const bool entry = !flow() && lead_ && (c == '-' || c == '?') && ends_word(line_, at_ + 1);
    const bool colon = c == ':' && !fresh_;
    if (!entry && !colon && !(flow() && c == ',')) return false;
    ++at_;
    fresh_ = true;
    return true;
  }

  void take() {
    begin_piece();
    const char c = line_[at_];
    if (flow() && (c == ']' || c == '}')) {
      value_ = open_.back();
      open_.pop_back();
      ++at_;
    } else if ((c == '[' || c == '{') && value_ == at_ && !is_template(line_, at_, flow())) {
      open_.push_back(at_++);
      fresh_ = true;
    } else if ((c == '"' || c == '\'') && value_ == at_) {
      take_quoted(c);
    } else {
      plain_ = true;
      const auto end = c == '{' ? template_end(line_, at_, flow()) : plain_end(line_, at_, flow());
      at_ = std::max(at_ + 1, std::min(end, line_.size()));
    }
  }

  void take_quoted(char quote) {
    for (++at_; at_ < line_.size() && line_[at_] != quote; ++at_) {
      if (quote == '"' && line_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, line_.size());
  }

  std::string_view line_;
  std::vector<std::size_t> open_;  // where the brackets are that are open
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  std::size_t value_ = 0;
  bool lead_ = true;   // of the line: '- ' begins an entry
  bool fresh_ = true;  // a value may begin
  bool flow_ = false;
  bool plain_ = false;
  bool hidden_ = false;
};

std::size_t meant_end(std::string_view line, std::size_t begin, bool in_flow) {
  const char c = line[begin];
  std::size_t end = kNone;
  if (c == '=') {
    end = expression_end(line, begin, in_flow);
  } else if (c == '"' || c == '\'') {
    end = meant_quote(line, begin, in_flow);
    if (end != kNone) ++end;
  } else {
    end = template_end(line, begin, in_flow);
  }
  return end != kNone ? end : without_blanks(line, begin, line.size());
}

}  // namespace

char unmatched_in(std::string_view expression) {
  Balance balance;
  for (const char c : expression) balance.take(c);
  return balance.unmatched();
}

std::string quoted_scalar(std::string_view text) {
  if (find_invisible(text)) {
    std::string result = "\"";
    for (const char c : escape_invisible(text)) result += c;
    return result + '"';
  }
  if (text.find_first_of("\"\\") == kNone) return fmt::format("\"{}\"", text);
  std::string result = "'";
  for (const char c : text) {
    result += c;
    if (c == '\'') result += c;
  }
  return result + '\'';
}

std::optional<MeantValue> value_at(const YamlLine& line, std::size_t column) {
  if (line.text.size() > kLongestLine) return std::nullopt;
  std::optional<MeantValue> found;
  for (LineWalk walk{line}; walk.next() && walk.begin() <= column;) {
    found = MeantValue{walk.value(), walk.value(), walk.in_flow()};
  }
  if (!found) return std::nullopt;
  return value_from(line.text, found->begin, found->in_flow);
}

MeantValue value_from(std::string_view line, std::size_t begin, bool in_flow) {
  const bool empty = begin >= line.size() || line.size() > kLongestLine;
  return {begin, empty ? begin : meant_end(line, begin, in_flow), in_flow};
}

std::optional<MeantValue> find_cut_value(const YamlLine& line) {
  if (line.text.size() > kLongestLine) return std::nullopt;
  LineWalk walk{line};
  while (walk.next()) {
    const auto begin = walk.begin();
    const auto rest = line.text.substr(begin);
    if (!walk.is_plain() || walk.value() != begin || rest.starts_with("==")) continue;
    const bool expression = rest.starts_with('=');
    if (!expression && rest.find_first_of("{(") == kNone) continue;
    const auto end = expression ? expression_end(line.text, begin, walk.in_flow())
                                : template_end(line.text, begin, walk.in_flow());
    const auto stop = rest.starts_with('{') ? begin : plain_end(line.text, begin, walk.in_flow());
    if (end == kNone || without_blanks(line.text, begin, stop) >= end) continue;
    // At a colon outside of quotes and brackets it may well be a key.
    const auto before = line.text.substr(begin, stop - begin);
    if (stop > begin && line.text[stop] == ':' && unmatched_in(before) == '\0') continue;
    return MeantValue{begin, end, walk.in_flow()};
  }
  if (walk.hides_value()) return value_from(line.text, walk.end(), true);
  return std::nullopt;
}

std::string_view cause_of_cut(std::string_view line, const MeantValue& value) {
  if (line[value.begin] == '{') return "an unquoted value does not begin with '{'";
  const auto stop = plain_end(line, value.begin, value.in_flow);
  if (line[value.begin] == '#') return "' #' begins a comment";
  if (at_or_nul(line, stop) == '#') return "' #' begins a comment and cuts this expression";
  if (value.in_flow) return "inside { } and [ ] an unquoted value ends at ',' or a bracket";
  return "': ' ends an unquoted value";
}

std::string line_with(std::string_view line, std::size_t begin, std::size_t end,
                      std::string_view replacement) {
  if (line.size() > kLongestLine || begin > end || end > line.size()) return {};
  const auto text = fmt::format("{}{}{}", line.substr(0, begin), replacement, line.substr(end));
  return std::string{trimmed(text)};
}

std::string line_with_quoted(std::string_view line, const MeantValue& value) {
  if (value.begin >= value.end || value.end > line.size()) return {};
  auto text = line.substr(value.begin, value.end - value.begin);
  const char c = text.front();
  const auto second = c == '"' || c == '\'' ? text.find(c, 1) : kNone;
  // "say "hi"" rather than "x" and "y"
  const bool around = second != kNone && text.back() == c && !is_blank(at_or_nul(text, second + 1));
  if (around) {
    text = text.substr(1, text.size() - 2);
  } else if (c == '"' && second == kNone) {
    text.remove_prefix(1);
  }
  const bool brace = c == '}';
  return line_with(line, value.begin, value.end,
                   quoted_scalar(brace ? fmt::format("}}{}", text) : std::string{text}));
}

std::size_t bracket_end(std::string_view line, std::size_t begin) {
  if (line.size() > kLongestLine) return begin;
  Balance balance;
  std::size_t end = begin;
  do balance.take(line[end++]);
  while (end < line.size() && !balance.level());
  return end;
}

bool looks_like_no_comment(std::string_view line, std::size_t at) {
  const auto sign = line.find_first_not_of(" \t", at);
  if (sign == kNone || sign == at || line[sign] != '#') return false;
  const char next = at_or_nul(line, sign + 1);
  return next != '\0' && next != '#' && !is_blank(next) && next != '\r';
}

}  // namespace seedbed::detail
