#include "seedbed/engines/sql_lexer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLongestDelimiter = 16;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_decimal(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_word(char c) noexcept {
  return starts_name(c) || is_decimal(c) || c == '$';
}

}  // namespace

bool SqlToken::is_word(std::string_view keyword) const noexcept {
  return kind == SqlTokenKind::word && equal_ignoring_case(text, keyword);
}

SqlLexer::SqlLexer(std::string_view script, SqlDialect dialect, const std::filesystem::path& file)
    : script_{script}, dialect_{dialect}, file_{file} {
  if (at(kByteOrderMark)) position_ = kByteOrderMark.size();
}

void SqlLexer::fail(std::size_t line, const std::string& problem) const {
  throw Error{ErrorCode::invalid_input,
              problem,
              {.where = {.file = file_, .line = static_cast<int>(line)}}};
}

std::size_t SqlLexer::line_of(std::size_t offset) {
  const auto newlines = std::count(script_.begin() + static_cast<std::ptrdiff_t>(counted_to_),
                                   script_.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  line_ += static_cast<std::size_t>(newlines);
  counted_to_ = offset;
  return line_;
}

SqlToken SqlLexer::token(SqlTokenKind kind, std::size_t begin, std::size_t end) {
  position_ = end;
  return {kind, script_.substr(begin, end - begin), begin, line_of(begin)};
}

SqlToken SqlLexer::next() {
  skip_blanks_and_comments();
  if (position_ == script_.size()) {
    if (executable_) fail(line_of(position_), "the comment '/*!' is not closed");
    return token(SqlTokenKind::end, position_, position_);
  }
  if (at_delimiter()) {
    return token(SqlTokenKind::delimiter, position_, position_ + delimiter_.size());
  }
  const char c = script_[position_];
  const bool mysql = dialect_ == SqlDialect::mysql;
  if (c == '\'' || c == '"') return read_quoted(position_, c, mysql);
  if (c == '`' && dialect_ != SqlDialect::postgres) return read_quoted(position_, c, false);
  if (c == '[' && dialect_ == SqlDialect::sqlite) return read_quoted(position_, ']', false);
  if (dollar_tag_length() > 0) return read_dollar_quoted();
  if (executable_mark_length() > 0) return read_executable_mark();
  if (starts_name(c) || is_decimal(c)) return read_word();
  return token(SqlTokenKind::symbol, position_, position_ + 1);
}

bool SqlLexer::starts_line_comment() const {
  if (dialect_ != SqlDialect::mysql) return at("--");
  // MySQL: "--" needs a blank or the end behind it, since 5--3 is arithmetic.
  if (at("#")) return true;
  return at("--") && (rest().size() == 2 || static_cast<unsigned char>(rest()[2]) <= ' ');
}

void SqlLexer::skip_blanks_and_comments() {
  while (position_ < script_.size() && !at_delimiter()) {
    if (is_blank(script_[position_])) {
      ++position_;
    } else if (starts_line_comment()) {
      position_ = std::min(script_.find('\n', position_), script_.size());
    } else if (at("/*") && executable_mark_length() == 0) {
      skip_block_comment();
    } else {
      return;
    }
  }
}

void SqlLexer::skip_block_comment() {
  const std::size_t begin = position_;
  const bool nests = dialect_ == SqlDialect::postgres;
  std::size_t depth = 0;
  while (position_ < script_.size()) {
    if (at("/*") && (depth == 0 || nests)) {
      ++depth;
      position_ += 2;
    } else if (at("*/")) {
      position_ += 2;
      if (--depth == 0) return;
    } else {
      ++position_;
    }
  }
  fail(line_of(begin), "the comment '/*' is not closed");
}

// A doubled closing quote is a quote in the text, except for SQLite's ']', which cannot be in it.
SqlToken SqlLexer::read_quoted(std::size_t begin, char close, bool backslash) {
  ++position_;
  while (position_ < script_.size()) {
    const char c = script_[position_++];
    if (backslash && c == '\\') {
      position_ = std::min(position_ + 1, script_.size());
    } else if (c == close) {
      const bool doubled =
          close != ']' && position_ < script_.size() && script_[position_] == close;
      if (!doubled) return token(SqlTokenKind::quoted, begin, position_);
      ++position_;
    }
  }
  const char open = close == ']' ? '[' : close;
  fail(line_of(begin), fmt::format("the quote {} is not closed", open));
}

SqlToken SqlLexer::read_word() {
  const std::size_t begin = position_;
  while (position_ < script_.size() && continues_word(script_[position_]) && !at_delimiter()) {
    ++position_;
  }
  const bool escape_string = dialect_ == SqlDialect::postgres && at("'") &&
                             position_ == begin + 1 &&
                             (script_[begin] == 'e' || script_[begin] == 'E');
  if (escape_string) return read_quoted(begin, '\'', true);
  return token(SqlTokenKind::word, begin, position_);
}

// Length of "$tag$" here, or 0 (PostgreSQL manual, section 4.1.2.4). read_word takes a '$' inside a
// name.
std::size_t SqlLexer::dollar_tag_length() const {
  if (dialect_ != SqlDialect::postgres || !at("$")) return 0;
  const std::string_view text = rest();
  std::size_t length = 1;
  while (length < text.size() &&
         (starts_name(text[length]) || (length > 1 && is_decimal(text[length])))) {
    ++length;
  }
  return length < text.size() && text[length] == '$' ? length + 1 : 0;
}

SqlToken SqlLexer::read_dollar_quoted() {
  const std::size_t begin = position_;
  const std::string_view tag = rest().substr(0, dollar_tag_length());
  const std::size_t close = script_.find(tag, begin + tag.size());
  if (close == std::string_view::npos) {
    fail(line_of(begin), fmt::format("the quote {} is not closed", tag));
  }
  return token(SqlTokenKind::quoted, begin, close + tag.size());
}

// MySQL and MariaDB run what is in /*!40101 ... */ and /*M!100100 ... */.
std::size_t SqlLexer::executable_mark_length() const {
  if (dialect_ != SqlDialect::mysql) return 0;
  if (executable_) return at("*/") ? 2 : 0;
  std::size_t length = at("/*!") ? 3 : at("/*M!") ? 4 : 0;
  if (length == 0) return 0;
  while (length < rest().size() && is_decimal(rest()[length])) ++length;
  return length;
}

SqlToken SqlLexer::read_executable_mark() {
  const std::size_t length = executable_mark_length();
  executable_ = !executable_;
  return token(SqlTokenKind::symbol, position_, position_ + length);
}

void SqlLexer::read_delimiter_line() {
  const std::size_t line = line_of(position_);
  const std::size_t end = std::min(script_.find('\n', position_), script_.size());
  std::string_view text = trimmed(script_.substr(position_, end - position_));
  text = text.substr(0, text.find_first_of(" \t"));
  if (text.size() > 2 && (text.front() == '\'' || text.front() == '"') &&
      text.front() == text.back()) {
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty() || text.size() > kLongestDelimiter ||
      text.find('\\') != std::string_view::npos) {
    fail(line,
         fmt::format("DELIMITER needs 1 to {} characters without '\\' behind it, such as '//'",
                     kLongestDelimiter));
  }
  delimiter_ = text;
  position_ = end;
}

}  // namespace seedbed::detail
