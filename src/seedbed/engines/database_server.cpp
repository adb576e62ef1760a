#include "seedbed/engines/database_server.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

namespace {

constexpr std::size_t kLongestName = 63;  // bytes; PostgreSQL cuts what is longer

}  // namespace

void require_own_name(std::string_view name) {
  const bool plain = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (plain && name.starts_with("seedbed_") && name.size() <= kLongestName) return;
  throw Error{ErrorCode::refused,
              fmt::format("'{}' is not the name of a database that Seedbed makes for itself: those "
                          "begin with 'seedbed_', and have at most {} letters, digits and '_'",
                          name, kLongestName)};
}

bool is_half_replaced(Connection& connection) {
  return connection.engine().own_table_exists(connection, detail::kReplacing);
}

ReplacementNames replacement_names(std::string_view target) {
  const std::string id = sha256(target).hex().substr(0, 16);
  return {"seedbed_incoming_" + id, "seedbed_outgoing_" + id};
}

}  // namespace seedbed
