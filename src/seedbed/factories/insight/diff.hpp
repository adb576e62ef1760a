#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/library.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

enum class CellChange : unsigned char { unchanged, added, removed, changed };
[[nodiscard]] std::string_view to_string(CellChange change) noexcept;

/// How the cells of one column differ between two libraries.
struct ColumnDiff {
  std::string factory{};
  std::string trait{};  ///< of rows with this trait; empty: without any
  TableName table{};
  std::string
      column{};  ///< "has items" for numbers of rows below; empty: all of the factory or trait
  CellChange change = CellChange::unchanged;
  std::uint64_t row = 0;  ///< the first that differs; 0 where no values are compared
  std::string before{};   ///< its value, or what the reference was
  std::string after{};
};

struct FactoriesDiff {
  std::uint64_t rows = 0;  ///< of each factory that were compared
  std::vector<ColumnDiff> columns{};

  [[nodiscard]] bool differs() const noexcept;
};

/// Makes the first `rows` rows of every factory of both libraries under one schema, alone and with
/// each trait, and compares their cells. Columns that the database makes are left out on both
/// sides; a column that only one side makes is added or removed. Throws as creating the rows would.
[[nodiscard]] FactoriesDiff diff_factories(const Schema& schema, const FactoryLibrary& before,
                                           const FactoryLibrary& after,
                                           const SessionOptions& options, std::uint64_t rows);

inline constexpr std::uint64_t kMostDiffRows = 100'000;

}  // namespace seedbed
