#pragma once

#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// The schema of the connected database by a fixed number of queries. Throws invalid_input when
/// the connection has no database.
[[nodiscard]] Schema read_schema(Connection& connection);

/// A text of the catalog, some of which MySQL 8 calls binary; empty for NULL.
[[nodiscard]] std::string text_of(const Value& value);

/// AUTO_INCREMENT of every sequence of `schema`, in its order.
[[nodiscard]] std::vector<SequenceState> read_sequences(Connection& connection,
                                                        const Schema& schema);

}  // namespace seedbed::mysql
