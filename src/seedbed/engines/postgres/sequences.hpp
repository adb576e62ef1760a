#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

[[nodiscard]] std::vector<SequenceState> sequence_states(Connection& connection,
                                                         const Schema& schema);
void set_sequence(Connection& connection, const SequenceState& state);
[[nodiscard]] std::optional<BoundStatement> reserve_keys_statement(const Engine& engine,
                                                                   const Schema& schema,
                                                                   const Table& table,
                                                                   std::size_t count);
[[nodiscard]] std::vector<std::int64_t> reserve_keys(Connection& connection, const Schema& schema,
                                                     const Table& table, std::size_t count);

}  // namespace seedbed::postgres
