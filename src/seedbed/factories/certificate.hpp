#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Rows as one number, whatever their order: the first 16 bytes of each row's SHA-256, little
/// endian, added modulo 2^128. A row is its cells in their neutral form (as in a snapshot's logical
/// digest), in the order of the columns' names, separated by TAB and ended by LF.
struct RowSum {
  std::uint64_t rows = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  void add(const RowSum& other) noexcept;
  [[nodiscard]] std::string hex() const;  ///< 32 digits, the highest first
  friend bool operator==(const RowSum&, const RowSum&) = default;
};

/// What the rows of one table add up to.
struct TableCertificate {
  TableName table{};
  std::vector<std::string> columns{};   ///< that count, by name
  std::vector<std::string> left_out{};  ///< that a database makes, or that have no neutral form
  RowSum sum{};
  friend bool operator==(const TableCertificate&, const TableCertificate&) = default;
};

/// What a data set adds up to: equal on every engine, and the sum of its parts.
struct Certificate {
  std::vector<TableCertificate> tables{};  ///< by name
  friend bool operator==(const Certificate&, const Certificate&) = default;
};

[[nodiscard]] std::string to_json(const Certificate& certificate);
/// Throws invalid_input, at `file`, for what `to_json` never writes.
[[nodiscard]] Certificate parse_certificate(std::string_view json,
                                            const std::filesystem::path& file);

/// The parts together. Throws invalid_input when they disagree about the columns of a table.
[[nodiscard]] Certificate sum_of(std::span<const Certificate> parts);

/// The certificate of all rows of the same tables as they are now, each read once. Throws not_found
/// for a table or column that the database does not have.
[[nodiscard]] Certificate certify(Connection& connection, const Schema& schema,
                                  const Certificate& wanted, Progress& progress);

}  // namespace seedbed
