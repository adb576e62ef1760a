#include "seedbed/engines/sqlite/sqlite_ddl.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

struct Token {
  enum class Kind { word, quoted, symbol, end };
  Kind kind = Kind::end;
  std::string_view text{};  // as written, quotes included
  std::size_t begin = 0;    // in the statement

  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == Kind::word && equal_ignoring_case(text, word);
  }
  [[nodiscard]] bool is_symbol(char c) const { return kind == Kind::symbol && text.front() == c; }
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// Position after blanks and comments (https://www.sqlite.org/lang_comment.html).
std::size_t skip_blanks(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    if (std::string_view{" \t\r\n\f"}.find(sql[at]) != std::string_view::npos) {
      ++at;
    } else if (sql.substr(at).starts_with("--")) {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at).starts_with("/*")) {
      const auto close = sql.find("*/", at + 2);
      at = close == std::string_view::npos ? sql.size() : close + 2;
    } else {
      break;
    }
  }
  return at;
}

// Position after the quoted text that begins at `at`; a doubled quote is a part of it.
std::size_t skip_quoted(std::string_view sql, std::size_t at) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] != close) continue;
    const bool doubled = close != ']' && at + 1 < sql.size() && sql[at + 1] == close;
    if (!doubled) return at + 1;
    ++at;
  }
  return at;
}

Token token_at(std::string_view sql, std::size_t at) {
  at = skip_blanks(sql, at);
  if (at >= sql.size()) return {Token::Kind::end, {}, at};
  const char c = sql[at];
  if (c == '\'' || c == '"' || c == '`' || c == '[') {
    return {Token::Kind::quoted, sql.substr(at, skip_quoted(sql, at) - at), at};
  }
  std::size_t end = at;
  while (end < sql.size() && is_word_character(sql[end])) ++end;
  if (end > at) return {Token::Kind::word, sql.substr(at, end - at), at};
  return {Token::Kind::symbol, sql.substr(at, 1), at};
}

std::vector<Token> tokenize(std::string_view sql) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  for (;;) {
    tokens.push_back(token_at(sql, at));
    if (tokens.back().kind == Token::Kind::end) return tokens;
    at = tokens.back().begin + tokens.back().text.size();
  }
}

std::string identifier_of(const Token& token) {
  if (token.kind != Token::Kind::quoted || token.text.size() < 2) return std::string{token.text};
  const char quote = token.text.front();
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  std::string name;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    name += inner[i];
    if (quote != '[' && inner[i] == quote) ++i;
  }
  return name;
}

// Walks the list of columns and constraints. The words it looks for are reserved, so outside quotes
// and inner parentheses they mean nothing else.
class TableReader {
 public:
  explicit TableReader(std::string_view sql) : sql_{sql}, tokens_{tokenize(sql)} {}

  TableText read() {
    while (!at_end() && !current().is_symbol('(')) ++position_;
    if (at_end()) return {};
    ++position_;
    while (!at_end() && !current().is_symbol(')')) read_item();
    return std::move(result_);
  }

 private:
  [[nodiscard]] const Token& current() const { return tokens_[position_]; }
  [[nodiscard]] const Token& ahead(std::size_t count) const {
    return tokens_[std::min(position_ + count, tokens_.size() - 1)];
  }
  [[nodiscard]] bool at_end() const { return current().kind == Token::Kind::end; }

  void read_item() {
    if (current().is_symbol(',')) {
      constraint_.clear();
      ++position_;
    } else if (current().is_word("CONSTRAINT")) {
      constraint_ = identifier_of(ahead(1));
      position_ = std::min(position_ + 2, tokens_.size() - 1);
    } else if (current().is_word("CHECK") && ahead(1).is_symbol('(')) {
      ++position_;
      const auto begin = current().begin + 1;
      const auto end = skip_parentheses();
      result_.checks.push_back(
          {std::exchange(constraint_, {}), std::string{trimmed(sql_.substr(begin, end - begin))}});
    } else if (current().is_word("REFERENCES")) {
      read_reference();
    } else if (current().is_symbol('(')) {
      skip_parentheses();
    } else {
      result_.autoincrement = result_.autoincrement || current().is_word("AUTOINCREMENT");
      ++position_;
    }
  }

  // Steps over balanced parentheses; returns where the closing one is in the statement.
  std::size_t skip_parentheses() {
    int depth = 0;
    for (; !at_end(); ++position_) {
      if (current().is_symbol('(')) ++depth;
      if (current().is_symbol(')') && --depth == 0) return tokens_[position_++].begin;
    }
    return sql_.size();
  }

  void read_reference() {
    TableText::Reference reference{.constraint = std::exchange(constraint_, {})};
    position_ = std::min(position_ + 2, tokens_.size() - 1);  // REFERENCES and the parent
    if (current().is_symbol('(')) skip_parentheses();
    for (;;) {
      if (current().is_word("ON")) {
        const bool two_words = ahead(2).is_word("SET") || ahead(2).is_word("NO");
        position_ = std::min<std::size_t>(position_ + (two_words ? 4 : 3), tokens_.size() - 1);
      } else if (current().is_word("MATCH")) {
        position_ = std::min(position_ + 2, tokens_.size() - 1);
      } else if (current().is_word("DEFERRABLE")) {
        reference.deferrable = !tokens_[position_ - 1].is_word("NOT");
        ++position_;
      } else if (current().is_word("NOT") && ahead(1).is_word("DEFERRABLE")) {
        ++position_;
      } else if (current().is_word("INITIALLY")) {
        reference.initially_deferred = reference.deferrable && ahead(1).is_word("DEFERRED");
        position_ = std::min(position_ + 2, tokens_.size() - 1);
      } else {
        break;
      }
    }
    result_.references.push_back(std::move(reference));
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t position_ = 0;
  std::string constraint_;  // the name that the next constraint gets
  TableText result_;
};

}  // namespace

TableText parse_table_text(std::string_view sql) {
  return TableReader{sql}.read();
}

}  // namespace seedbed::detail
