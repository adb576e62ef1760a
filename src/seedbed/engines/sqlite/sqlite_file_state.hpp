#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/undo_log.hpp"

namespace seedbed::detail {

/// What a file was besides its rows, kept in tables whose names begin with `prefix`.
struct FileState {
  std::string_view prefix{};
  Value schema_version{};
  std::array<Value, 2> header{};  ///< user_version and application_id
  bool counters = false;          ///< it had a table of AUTOINCREMENT counters
};
void store_file_state(Connection& connection, std::string_view prefix);
[[nodiscard]] FileState read_file_state(Connection& connection, std::string_view prefix);

/// Statements that would drop what is new, and what else is not as it was, for people.
struct SchemaChanges {
  std::vector<std::string> drops{};
  std::vector<std::string> fresh{};
  std::vector<std::string> changed{};
};
[[nodiscard]] SchemaChanges schema_changes(Connection& connection, const FileState& before);
/// Takes the schema for the same as before.
void store_schema_version(Connection& connection, std::string_view prefix);

/// The AUTOINCREMENT counters that are not as they were, by table.
[[nodiscard]] std::vector<std::string> moved_counters(Connection& connection,
                                                      const FileState& before);
void put_counters_back(Connection& connection, const FileState& before);

/// Numbers in the file's header that belong to the application; those that were not as before are
/// added to `changes.counters`.
void put_header_back(Connection& connection, const FileState& before, Changes& changes);

}  // namespace seedbed::detail
