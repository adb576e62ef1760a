#include "seedbed/factories/load/key_bases.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

std::optional<std::int64_t> KeyBases::of(const Table& table, std::uint64_t first_row) {
  const auto* counted = counted_column(table);
  if (counted == nullptr) return std::nullopt;
  const auto known = known_.find(&table);
  if (known != known_.end()) return known->second;
  const bool locks = use_ == Use::write && locked_ != &table;
  const auto lock = connection_.engine().lock_table_sql(table.name);
  if (locks && !lock.empty()) connection_.execute(lock);
  const auto before = static_cast<std::int64_t>(first_row - 1);
  const auto highest = highest_stored_key(connection_, table, *counted);
  return known_[&table] = std::max<std::int64_t>(0, highest - before);
}

std::int64_t highest_stored_key(Connection& connection, const Table& table, const Column& counted) {
  const auto& engine = connection.engine();
  const auto highest = connection.query_value(
      fmt::format("SELECT MAX({}) FROM {}", engine.quote(counted.name), engine.quote(table.name)));
  return highest.is_null() ? 0 : highest.as<std::int64_t>();
}

}  // namespace seedbed::detail
