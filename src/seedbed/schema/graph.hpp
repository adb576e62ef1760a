#pragma once

#include <string>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// A foreign key that cannot be satisfied when its row is inserted, because its parent comes later.
struct LateKey {
  TableName table{};
  ForeignKey key{};
  bool nullable = false;  ///< at least one column allows NULL: insert NULL, fill in afterwards
  friend bool operator==(const LateKey&, const LateKey&) = default;
};

/// Parents before children. A key to the row's own table is no reason for an order and is not
/// listed.
struct InsertOrder {
  std::vector<TableName> tables{};  ///< every table of the schema once
  std::vector<LateKey> late{};      ///< the keys that close a cycle, fewest NOT NULL ones
  std::vector<std::vector<TableName>>
      cycles{};  ///< groups of two or more tables that reach each other, sorted

  friend bool operator==(const InsertOrder&, const InsertOrder&) = default;
};

/// A deterministic order: among tables that are ready, by name. Parents outside the schema are
/// ignored.
[[nodiscard]] InsertOrder insert_order(const Schema& schema);

/// The tables that refer to `parent`, directly, its own self references left out; sorted.
[[nodiscard]] std::vector<TableName> children_of(const Schema& schema, const TableName& parent);

}  // namespace seedbed
