#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// What the keys of a load are counted from, so that they come after those that tables hold.
class KeyBases {
 public:
  /// A load that writes locks each table until its transaction ends.
  enum class Use : unsigned char { write, look };

  KeyBases(Connection& connection, Use use) : connection_{connection}, use_{use} {}

  /// The table is locked already.
  void leave_unlocked(const Table& table) { locked_ = &table; }
  /// The key of row n will be n + this; nothing for a table without a counter. `first_row` is the
  /// number of the first row to come.
  [[nodiscard]] std::optional<std::int64_t> of(const Table& table, std::uint64_t first_row);

 private:
  Connection& connection_;
  Use use_;
  const Table* locked_ = nullptr;
  std::map<const Table*, std::int64_t> known_;
};

/// The highest key that a counter gave to a row of `table`; 0 when there is none.
[[nodiscard]] std::int64_t highest_stored_key(Connection& connection, const Table& table,
                                              const Column& counted);

}  // namespace seedbed::detail
