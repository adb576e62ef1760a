#pragma once

#include <cstdint>
#include <string_view>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/products.hpp"

namespace seedbed::mysql {

/// How many statements that define something (CREATE, ALTER, DROP, TRUNCATE and so on) the whole
/// server has begun. While it is the same, no schema changes but by what had begun before.
struct DdlTally {
  std::int64_t started = 0;  ///< when the server did, in seconds
  std::int64_t statements = 0;

  friend bool operator==(const DdlTally&, const DdlTally&) = default;
};
[[nodiscard]] DdlTally read_ddl_tally(Connection& connection, Product product);

/// Whether another session may be in the middle of such a statement, which is counted already.
/// Rather once too often.
[[nodiscard]] bool ddl_may_be_running(Connection& connection);

/// Kept in the table whose name is `prefix` and "_tally"; at first one that is unlike any other.
void create_tally_table(Connection& connection, std::string_view prefix);
[[nodiscard]] DdlTally stored_tally(Connection& connection, std::string_view prefix);
void store_tally(Connection& connection, std::string_view prefix, const DdlTally& tally);

}  // namespace seedbed::mysql
