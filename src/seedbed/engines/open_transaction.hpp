#pragma once

#include <string_view>

#include "seedbed/engines/connection.hpp"

namespace seedbed::detail {

/// Throws conflict when a transaction is open; `what` ends "a transaction is open, in which ...".
void refuse_open_transaction(Connection& connection, std::string_view what);

}  // namespace seedbed::detail
