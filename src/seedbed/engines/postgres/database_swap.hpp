#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/url.hpp"

namespace seedbed::postgres {

// Of one database taking the place of another. The connection is to a third.

/// Throws not_found; unsupported for a database that cannot be renamed from here.
void require_replaceable(Connection& connection, const DatabaseUrl& url);

/// Gives `to` the owner, the rights, the limit of connections and the comment of `from`.
void copy_rights(Connection& connection, const std::string& from, const std::string& to);

struct DatabaseSwap {
  std::string name{};
  std::string incoming{};  ///< has that name afterwards
  std::string outgoing{};  ///< what the database of that name is called then
};
/// Ends all connections to the database; then it happens at once, or not at all. Throws unavailable
/// when others connect again and again, or may not be disconnected.
void swap_databases(Connection& connection, const DatabaseSwap& swap);

}  // namespace seedbed::postgres
