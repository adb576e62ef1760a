#pragma once

#include <cstdint>
#include <string>

#include "seedbed/engines/engine.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

/// What a person must see before a database is declared disposable.
struct AdoptionReport {
  std::string name{};     ///< what must be typed: the database's name, for SQLite the file's name
  std::string address{};  ///< the redacted URL
  std::string product{};  ///< "PostgreSQL 15.20"
  std::uint64_t tables = 0;
  std::uint64_t rows = 0;  ///< exact
  MarkState state = MarkState::unmarked;
};

/// Reads only. Counts every row, so it takes as long as a scan of all tables.
[[nodiscard]] AdoptionReport inspect_for_adoption(Connection& connection, const DatabaseUrl& url);

/// Marks the database when `typed_name` is exactly its name; throws refused otherwise.
void adopt_database(Connection& connection, const DatabaseUrl& url, const std::string& typed_name);

}  // namespace seedbed
