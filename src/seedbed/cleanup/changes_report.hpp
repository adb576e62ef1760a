#pragma once

#include <string>
#include <vector>

#include "seedbed/engines/undo_log.hpp"

namespace seedbed {

/// Without Seedbed's own tables, which are put back with the others.
[[nodiscard]] Changes without_own_tables(Changes changes);

/// Lines for people: "orders: 2 inserted (7, 8), 1 deleted (3)", "schema: ALTER TABLE orders".
[[nodiscard]] std::vector<std::string> describe(const Changes& changes);

/// A JSON object: `tables` (table, inserted, updated, deleted and, where rows are known, key and
/// rows), `counters`, `obstacles`, `schema`, `dropped` and `left`.
[[nodiscard]] std::string to_json_text(const Changes& changes);

}  // namespace seedbed
