#include "seedbed/engines/statement_splitter.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sql_bodies.hpp"
#include "seedbed/engines/sql_lexer.hpp"

namespace seedbed {

namespace {

using detail::SqlToken;
using detail::SqlTokenKind;

class Splitter {
 public:
  Splitter(std::string_view script, SqlDialect dialect, const std::filesystem::path& file)
      : script_{script},
        dialect_{dialect},
        lexer_{script, dialect, file},
        body_{detail::make_body_tracker(dialect)} {}

  std::vector<SqlStatement> run() {
    for (SqlToken token = lexer_.next(); token.kind != SqlTokenKind::end; token = lexer_.next()) {
      if (token.kind == SqlTokenKind::delimiter && !in_body()) {
        finish_statement();
      } else if (empty_ && dialect_ == SqlDialect::mysql && token.is_word("DELIMITER")) {
        lexer_.read_delimiter_line();
      } else {
        add(token);
      }
    }
    if (!empty_ && !body_->missing().empty()) {
      lexer_.fail(statement_.line, std::string{body_->missing()});
    }
    finish_statement();
    return std::move(statements_);
  }

 private:
  [[nodiscard]] bool in_body() const { return !empty_ && body_->open(); }

  void add(const SqlToken& token) {
    if (empty_) {
      statement_.line = token.line;
      begin_ = token.offset;
      copy_ = token.is_word("COPY");
      empty_ = false;
    }
    end_ = token.offset + token.text.size();
    if (dialect_ == SqlDialect::postgres) refuse_psql(token);
    body_->add(token);
  }

  void refuse_psql(const SqlToken& token) {
    if (token.is_symbol('\\') && begin_ == token.offset) {
      lexer_.fail(token.line, "a backslash command is psql's, not SQL: remove the line");
    }
    if (copy_ && behind_from_ && token.is_word("STDIN")) {
      lexer_.fail(statement_.line,
                  "COPY ... FROM stdin is followed by data that only psql can send: write the rows "
                  "as INSERT");
    }
    behind_from_ = token.is_word("FROM");
  }

  void finish_statement() {
    if (!empty_) {
      statement_.text = script_.substr(begin_, end_ - begin_);
      statements_.push_back(std::move(statement_));
    }
    statement_ = {};
    empty_ = true;
    behind_from_ = false;
    body_->reset();
  }

  std::string_view script_;
  SqlDialect dialect_;
  detail::SqlLexer lexer_;
  std::unique_ptr<detail::BodyTracker> body_;
  std::vector<SqlStatement> statements_;
  SqlStatement statement_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool empty_ = true;  // no token since the last delimiter
  bool copy_ = false;  // the statement begins with COPY
  bool behind_from_ = false;
};

}  // namespace

SqlDialect dialect_of(std::string_view engine) {
  if (engine == "sqlite") return SqlDialect::sqlite;
  if (engine == "postgres") return SqlDialect::postgres;
  if (engine == "mysql") return SqlDialect::mysql;
  throw Error{ErrorCode::internal, fmt::format("no SQL dialect is known for engine '{}'", engine)};
}

std::vector<SqlStatement> split_statements(std::string_view script, SqlDialect dialect,
                                           const std::filesystem::path& file) {
  return Splitter{script, dialect, file}.run();
}

}  // namespace seedbed
