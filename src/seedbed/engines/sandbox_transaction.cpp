#include "seedbed/engines/sandbox_transaction.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

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

}  // namespace

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
