#pragma once

#include <cstdint>
#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

[[nodiscard]] std::vector<SequenceState> sequence_states(Connection& connection,
                                                         const Schema& schema);
void set_sequence(Connection& connection, const SequenceState& state);
[[nodiscard]] std::vector<std::int64_t> reserve_keys(Connection& connection, const Schema& schema,
                                                     const Table& table, std::size_t count);

}  // namespace seedbed::postgres
