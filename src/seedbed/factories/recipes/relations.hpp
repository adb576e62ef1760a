#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// The name of the relation that a foreign key makes: its column without `_id` (or `Id`); of a
/// composite key, the last column that no other key of the table uses alone.
[[nodiscard]] std::string relation_name(const Table& table, const ForeignKey& key);

/// The relations of `table`, in the order of its foreign keys; two keys of one name are both left
/// with their column's full name.
[[nodiscard]] std::vector<std::string> relation_names(const Table& table);

/// Whether `column` is one of a key's.
[[nodiscard]] bool has_column(const ForeignKey& key, std::string_view column) noexcept;
/// Whether every column of `inner` is one of `outer`'s, and `outer` has more.
[[nodiscard]] bool covers(const ForeignKey& outer, const ForeignKey& inner) noexcept;
/// Whether a row may do without a parent by this key.
[[nodiscard]] bool may_be_null(const Table& table, const ForeignKey& key) noexcept;
/// Whether a row must be given a parent by this key: the database has no default either.
[[nodiscard]] bool required(const Table& table, const ForeignKey& key) noexcept;

/// The column whose values count the table's rows: by the database's counter, or where it has none,
/// a primary key of one integer, by Seedbed. nullptr when there is neither.
[[nodiscard]] const Column* counted_column(const Table& table) noexcept;

/// The labels that `column` is limited to: of an enum, or of a CHECK (column IN (...)). Empty when
/// it is not.
[[nodiscard]] std::vector<std::string> labels_of(const Table& table, const Column& column);

/// Whether no two rows may have the same value in `column`.
[[nodiscard]] bool is_unique(const Table& table, std::string_view column) noexcept;

/// Whether only one row may have NULL in all of these columns: a unique key says NULLS NOT
/// DISTINCT.
[[nodiscard]] bool is_null_unique(const Table& table,
                                  const std::vector<std::string>& columns) noexcept;

/// "order" for "orders", "category" for "categories", "box" for "boxes"; the name itself when it is
/// no plural.
[[nodiscard]] std::string singular(std::string_view plural);
/// "orders", "categories", "boxes".
[[nodiscard]] std::string plural(std::string_view singular);

}  // namespace seedbed::detail
