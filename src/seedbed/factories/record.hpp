#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/factories/columns.hpp"
#include "seedbed/factories/tags.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

struct RecordGraph;  // see record.cpp

/// One row that a session created or built, with the rows that were made with it. A cheap handle on
/// an immutable graph: copies share it.
class Record {
 public:
  Record(std::shared_ptr<const RecordGraph> graph, std::size_t position);

  [[nodiscard]] const std::string& factory() const noexcept;
  [[nodiscard]] const TableName& table() const noexcept;
  /// The row number `n`; 0 for a row that was not made from one.
  [[nodiscard]] std::uint64_t row() const noexcept;

  [[nodiscard]] bool has(std::string_view column) const noexcept;
  /// Throws not_found, with the nearest name, for a column that the row does not carry (a built row
  /// has none that the database makes).
  [[nodiscard]] const Value& operator[](std::string_view column) const;
  /// How the schema declares a column; nullptr for a name that is none.
  [[nodiscard]] const Column* find_column(std::string_view column) const noexcept;
  /// The names of the table's columns, in its order.
  [[nodiscard]] std::vector<std::string> column_names() const;
  /// A column's value by its tag, with the tag's type. Throws as `RowReader::get`.
  template <typename Row, typename T>
  [[nodiscard]] T get(const ColumnTag<Row, T>& column) const {
    return RowReader{*this, detail::type_name<Row>()}.template get<T>(column);
  }
  /// The row as a plain struct; see `Columns`. Throws as `RowReader::get`.
  template <typename T>
  [[nodiscard]] T as() const {
    return detail::read_struct<T>(*this);
  }
  /// The only column of the primary key. Throws invalid_input when the key has several columns or
  /// none.
  [[nodiscard]] const Value& id() const;
  /// The value as a bool, std::int64_t, int, double, std::string or Bytes, or as an optional of
  /// these, which is empty for NULL. Throws invalid_input, naming the column, where it is not one.
  template <typename T>
  [[nodiscard]] T get(std::string_view column) const;
  /// A param's value while hooks run. Throws not_found for a row whose factory has no hooks.
  [[nodiscard]] const Value& param(std::string_view name) const;
  /// Columns and values in the table's order.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> values() const;

  /// The relations that lead to rows above, and those that lead to rows below, in the order of
  /// their definition.
  [[nodiscard]] std::vector<std::string> relations() const;
  [[nodiscard]] std::vector<std::string> child_relations() const;
  /// The row above, also when it existed before. Throws not_found when there is none, or no such
  /// relation.
  [[nodiscard]] Record relation(std::string_view name) const;
  /// The rows below, in order. Throws not_found, with the nearest name, for an unknown relation.
  [[nodiscard]] std::vector<Record> children(std::string_view name) const;
  /// The row without what it takes from other rows: no relations, no columns of their keys.
  [[nodiscard]] Record alone() const;

 private:
  [[noreturn]] void throw_wrong_type(std::string_view column, const Error& error) const;

  std::shared_ptr<const RecordGraph> graph_;
  std::size_t position_;
};

template <typename T>
T Record::get(std::string_view column) const {
  const auto& value = (*this)[column];
  try {
    if constexpr (requires(T optional) { optional.has_value(); }) {
      return value.is_null() ? T{} : T{value.as<typename T::value_type>()};
    } else {
      return value.as<T>();
    }
  } catch (const Error& error) {
    throw_wrong_type(column, error);
  }
}

/// Each record as a plain struct.
template <typename T>
[[nodiscard]] std::vector<T> structs_of(const std::vector<Record>& records) {
  std::vector<T> structs;
  structs.reserve(records.size());
  for (const auto& record : records) structs.push_back(record.as<T>());
  return structs;
}

}  // namespace seedbed
