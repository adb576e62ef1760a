#include "seedbed/engines/connection.hpp"

#include "seedbed/core/error.hpp"

namespace seedbed {

RowSet Connection::query(std::string_view sql, std::span<const Value> arguments) {
  const auto rows = stream(sql, arguments);
  RowSet result;
  result.columns = rows->columns();
  ColumnBatch batch;
  while (rows->next(batch)) {
    for (std::size_t i = 0; i < batch.row_count(); ++i) result.rows.push_back(batch.row(i));
  }
  return result;
}

std::vector<std::vector<Row>> Connection::run_all(std::span<const BoundStatement> statements,
                                                  const Brackets& brackets) {
  std::vector<std::vector<Row>> results;
  if (statements.empty()) return results;
  if (!brackets.begin.empty()) execute(brackets.begin);
  results.reserve(statements.size());
  for (const auto& statement : statements) {
    results.push_back(query(statement.sql, statement.arguments).rows);
  }
  if (!brackets.end.empty()) execute(brackets.end);
  return results;
}

Value Connection::query_value(std::string_view sql, std::span<const Value> arguments) {
  const RowSet result = query(sql, arguments);
  if (result.rows.size() != 1 || result.rows.front().size() != 1) {
    throw Error{ErrorCode::internal,
                "a statement that must give one value gave none or several",
                {.statement = std::string{sql}}};
  }
  return result.rows.front().front();
}

}  // namespace seedbed
