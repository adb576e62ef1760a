#include "seedbed/engines/sandbox_transaction.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/sql_lexer.hpp"

namespace seedbed::detail {

namespace {

// How it begins, which holds no values.
std::string two_words(std::string_view statement) {
  std::string_view text = trimmed(statement);
  if (text.ends_with(';')) text.remove_suffix(1);
  if (text.find(';') != std::string_view::npos) return "one of several statements";
  const auto first = text.find_first_of(" \n\t(");
  if (first == std::string_view::npos) return fmt::format("'{}'", text);
  return fmt::format("'{}'", text.substr(0, text.find_first_of(" \n\t(;", first + 1)));
}

StatementRole role_of(SqlLexer& lexer) {
  const SqlToken verb = lexer.next();
  if (verb.is_word("BEGIN") || verb.is_word("START")) return StatementRole::begin;
  if (verb.is_word("COPY")) return StatementRole::copy;
  if (verb.is_word("SAVEPOINT") || verb.is_word("RELEASE")) return StatementRole::savepoint;
  if (verb.is_word("COMMIT") || verb.is_word("END") || verb.is_word("ABORT")) {
    return StatementRole::end;
  }
  if (verb.is_word("PREPARE")) {
    return lexer.next().is_word("TRANSACTION") ? StatementRole::end : StatementRole::plain;
  }
  if (!verb.is_word("ROLLBACK")) return StatementRole::plain;
  SqlToken next = lexer.next();
  if (next.is_word("WORK") || next.is_word("TRANSACTION")) next = lexer.next();
  return next.is_word("TO") ? StatementRole::savepoint : StatementRole::end;
}

}  // namespace

StatementRole role_of(std::string_view statement) {
  try {
    const std::filesystem::path unnamed;
    SqlLexer lexer{statement, SqlDialect::postgres, unnamed};
    return role_of(lexer);
  } catch (const Error&) {
    return StatementRole::plain;  // it is broken, and the server says how
  }
}

Error sandbox_ended(ErrorDetails details) {
  const std::string by = details.statement.empty()
                             ? "COMMIT, ROLLBACK, an error that ends it, or a statement that "
                               "commits by itself"
                             : two_words(details.statement);
  return {ErrorCode::conflict,
          fmt::format("the transaction of the sandbox was ended by the code under test ({}), so "
                      "changes may have stayed: use Seedbed's Transaction in it, 'savepoints' of "
                      "engines/adopt, or another strategy",
                      by),
          std::move(details)};
}

}  // namespace seedbed::detail
