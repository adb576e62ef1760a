#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

void prepare_own_tables(Connection& connection);
[[nodiscard]] bool own_table_exists(Connection& connection, std::string_view name);
[[nodiscard]] std::string database_binding(Connection& connection);
[[nodiscard]] std::optional<MarkRecord> read_mark(Connection& connection);
void write_mark(Connection& connection, const MarkRecord& mark);

[[nodiscard]] bool try_lock(Connection& connection, std::string_view lock, int milliseconds);
void unlock(Connection& connection, std::string_view lock);

}  // namespace seedbed::postgres
