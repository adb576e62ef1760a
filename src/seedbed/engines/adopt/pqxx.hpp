#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace pqxx {
class transaction_base;
}

namespace seedbed {

/// A Connection over the user's own libpqxx transaction, which outlives the result and is neither
/// committed nor aborted by it. Seedbed's transactions inside are savepoints.
[[nodiscard]] std::unique_ptr<Connection> adopt(pqxx::transaction_base& transaction);

}  // namespace seedbed
