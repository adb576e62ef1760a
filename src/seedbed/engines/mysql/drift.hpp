#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/ddl_tally.hpp"
#include "seedbed/engines/undo_log.hpp"

namespace seedbed::mysql {

/// Keeps what InnoDB calls the tables, and their counters, in "_state". Tables are stored before.
void store_state(Connection& connection, std::string_view prefix);
/// Takes tables that were truncated for the same as before.
void store_numbers(Connection& connection, std::string_view prefix);

struct MovedCounter {
  std::string table{};
  std::string next{};  ///< the value it is to hand out next
};

/// What InnoDB says of the tables, against what it said at the beginning; for people but for
/// `moved`.
struct Drift {
  std::vector<std::string> truncated{};
  std::vector<std::string> schema{};  ///< altered or gone; also views, by their names
  std::vector<std::string> fresh{};   ///< "table extra", "view extra"
  std::vector<std::string> drops{};   ///< statements that would drop those
  std::vector<MovedCounter> moved{};  ///< by table
  std::optional<DdlTally> seen{};     ///< all that it counts is in the above
};
[[nodiscard]] Drift read_drift(Connection& connection, std::string_view prefix);
/// Lets the next look be a short one, where `own` statements of DDL have run since and have put
/// right what `drift` says of the schema.
void keep_tally(Connection& connection, std::string_view prefix, const Drift& drift,
                std::size_t own);
/// DDL, so after the rows: until it has run, counters are found moved. Those of tables that open
/// transactions have used are told in `changes.left`.
void set_counters_back(Connection& connection, const std::vector<MovedCounter>& moved,
                       Changes& changes);

}  // namespace seedbed::mysql
