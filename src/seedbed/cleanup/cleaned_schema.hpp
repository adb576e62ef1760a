#pragma once

#include <set>
#include <span>
#include <string>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

using Names = std::set<TableName>;

/// The tables of these names and the counters that belong to them.
[[nodiscard]] Schema restricted(const Schema& schema, const Names& names);
/// The part of the schema that is emptied when the tables of `keep` stay as they are; closed under
/// "refers to". Throws, with every finding: not_found (a kept table that does not exist), conflict
/// (a kept table refers to an emptied one).
[[nodiscard]] Schema cleaned_schema(const Schema& schema, std::span<const std::string> keep);

}  // namespace seedbed::detail
