#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/undo_log.hpp"

namespace seedbed::postgres {

/// A call of a function of ours that puts rows right.
struct RowCall {
  std::string sql{};
  std::string begin{};         ///< begins the transaction
  std::string also_retried{};  ///< SQLSTATE that others may be the cause of; may be empty
};
/// Runs it in a transaction of its own, and again when others were in its way. Transactions that
/// somebody prepared and left are rolled back: they would keep their rows, and their locks, for
/// ever. Returns its rows: (kind, schema, name, inserted, updated, deleted).
[[nodiscard]] std::vector<Row> call_atomically(Connection& connection, const RowCall& call);
/// What one of these rows tells.
void add_change(Changes& changes, const Row& row);

/// SELECT of what others are still at, as `Changes::left` has it.
[[nodiscard]] std::string_view left_by_others_sql();

}  // namespace seedbed::postgres
