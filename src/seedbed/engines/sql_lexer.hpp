#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "seedbed/engines/statement_splitter.hpp"

namespace seedbed::detail {

enum class SqlTokenKind : unsigned char {
  end,        ///< of the script
  word,       ///< keyword, plain identifier or number
  quoted,     ///< string or quoted identifier
  symbol,     ///< one other character, or a mark of an executable comment
  delimiter,  ///< what ends a statement now
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::end;
  std::string_view text{};
  std::size_t offset = 0;
  std::size_t line = 1;

  /// `keyword` is upper case.
  [[nodiscard]] bool is_word(std::string_view keyword) const noexcept;
  [[nodiscard]] bool is_symbol(char c) const noexcept {
    return kind == SqlTokenKind::symbol && text.front() == c;
  }
};

/// Cuts a script into tokens, leaving out blanks and comments; the first error ends it. Tokens
/// point into the script, which outlives the lexer.
class SqlLexer {
 public:
  SqlLexer(std::string_view script, SqlDialect dialect, const std::filesystem::path& file);

  [[nodiscard]] SqlToken next();
  /// Reads the rest of the line after the word DELIMITER and obeys it.
  void read_delimiter_line();
  /// Throws invalid_input at that line.
  [[noreturn]] void fail(std::size_t line, const std::string& problem) const;

 private:
  void skip_blanks_and_comments();
  [[nodiscard]] bool starts_line_comment() const;
  void skip_block_comment();
  [[nodiscard]] SqlToken read_quoted(std::size_t begin, char close, bool backslash);
  [[nodiscard]] SqlToken read_word();
  [[nodiscard]] SqlToken read_dollar_quoted();
  [[nodiscard]] SqlToken read_executable_mark();
  [[nodiscard]] std::size_t dollar_tag_length() const;
  [[nodiscard]] std::size_t executable_mark_length() const;
  [[nodiscard]] bool at(std::string_view text) const { return rest().starts_with(text); }
  [[nodiscard]] bool at_delimiter() const { return !executable_ && at(delimiter_); }
  [[nodiscard]] std::string_view rest() const { return script_.substr(position_); }
  [[nodiscard]] SqlToken token(SqlTokenKind kind, std::size_t begin, std::size_t end);
  [[nodiscard]] std::size_t line_of(std::size_t offset);

  std::string_view script_;
  SqlDialect dialect_;
  const std::filesystem::path& file_;
  std::string delimiter_ = ";";
  std::size_t position_ = 0;
  std::size_t counted_to_ = 0;  // line_ is the line of this offset
  std::size_t line_ = 1;
  bool executable_ = false;  // inside MySQL's /*! ... */
};

}  // namespace seedbed::detail
