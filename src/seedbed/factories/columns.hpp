#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "seedbed/core/value.hpp"
#include "seedbed/factories/aggregate.hpp"

namespace seedbed {

class Record;

/// Which columns the fields of a struct hold, for `create<User>` and `Record::as<User>`:
///
///   template <>
///   struct seedbed::Columns<User> {
///     static constexpr std::array names{"id", "name", "nickname"};  // in the order of the fields
///   };
///
/// A static member `columns` of the struct does the same. A struct of more than 24 fields has
/// `static User read(const RowReader&)` instead, as the headers of `seedbed schema cpp` have.
template <typename T>
struct Columns;

namespace detail {

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// char is no number, and no text of one letter either.
template <typename T>
concept FieldInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;
template <typename T>
concept PlainField = std::same_as<T, bool> || FieldInteger<T> || std::floating_point<T> ||
    std::same_as<T, std::string> || std::same_as<T, Bytes> || std::same_as<T, Value>;

}  // namespace detail

/// A row as the fields of a struct. All members throw invalid_input, naming the struct, the table
/// and the column: for a column that the table has not (with the nearest name) or the row does not
/// carry, NULL where the field is no std::optional, and a value that does not fit the type.
class RowReader {
 public:
  /// `record` outlives the reader; `type` is the struct's name in messages.
  RowReader(const Record& record, std::string_view type) : record_{record}, type_{type} {}

  /// T is bool, an integer, a floating-point number, std::string, Bytes, Value, or std::optional of
  /// one of them: absent for NULL, and for what a built row does not carry.
  template <typename T>
  [[nodiscard]] T get(std::string_view column) const {
    if constexpr (detail::kIsOptional<T>) {
      const Value* cell = find(column);
      if (cell == nullptr || cell->is_null()) return std::nullopt;
      return convert<typename T::value_type>(*cell, column);
    } else {
      return convert<T>(at(column, std::same_as<T, Value>), column);
    }
  }

 private:
  template <typename T>
  [[nodiscard]] T convert(const Value& cell, std::string_view column) const {
    static_assert(detail::PlainField<T>,
                  "a field is bool, an integer, a floating-point number, std::string, "
                  "seedbed::Bytes, seedbed::Value, or std::optional of one of them");
    if constexpr (std::same_as<T, bool>) {
      return boolean(cell, column);
    } else if constexpr (std::unsigned_integral<T>) {
      return static_cast<T>(natural(cell, column, std::numeric_limits<T>::max()));
    } else if constexpr (std::integral<T>) {
      return static_cast<T>(
          integer(cell, column, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
    } else if constexpr (std::floating_point<T>) {
      return static_cast<T>(real(cell, column));
    } else if constexpr (std::same_as<T, Value>) {
      return cell;
    } else if constexpr (std::same_as<T, Bytes>) {
      return bytes(cell, column);
    } else {
      return text(cell, column);
    }
  }

  /// nullptr when the row does not carry the column.
  [[nodiscard]] const Value* find(std::string_view column) const;
  [[nodiscard]] const Value& at(std::string_view column, bool null_allowed) const;
  [[nodiscard]] bool boolean(const Value& cell, std::string_view column) const;
  [[nodiscard]] std::int64_t integer(const Value& cell, std::string_view column, std::int64_t least,
                                     std::int64_t most) const;
  [[nodiscard]] std::uint64_t natural(const Value& cell, std::string_view column,
                                      std::uint64_t most) const;
  [[nodiscard]] double real(const Value& cell, std::string_view column) const;
  [[nodiscard]] std::string text(const Value& cell, std::string_view column) const;
  [[nodiscard]] Bytes bytes(const Value& cell, std::string_view column) const;
  [[noreturn]] void refuse(std::string_view column, std::string_view what) const;

  const Record& record_;
  std::string_view type_;
};

namespace detail {

template <typename T>
[[nodiscard]] constexpr const auto& column_names() {
  if constexpr (requires { Columns<T>::names; }) {
    return Columns<T>::names;
  } else {
    static_assert(
        requires { T::columns; },
        "say which columns the fields hold: template <> struct seedbed::Columns<T> { static "
        "constexpr std::array names{\"id\", \"name\"}; };");
    return T::columns;
  }
}

template <typename T>
[[nodiscard]] T read_struct(const Record& record) {
  const RowReader row{record, type_name<T>()};
  if constexpr (requires { Columns<T>::read(row); }) {
    return Columns<T>::read(row);
  } else {
    constexpr const auto& kNames = column_names<T>();
    constexpr std::size_t kCount = std::size(kNames);
    static_assert(std::is_aggregate_v<T>, "a typed record is a plain struct, without constructors");
    static_assert(kCount <= kMostFields, "more than 24 fields: give Columns<T> a function 'read'");
    static_assert(kHasFields<T, kCount>, "the struct has another number of fields than columns");
    T value{};
    visit_fields<kCount>(value, [&](auto&... fields) {
      std::size_t at = 0;
      ((fields = row.get<std::remove_cvref_t<decltype(fields)>>(kNames[at++])), ...);
    });
    return value;
  }
}

}  // namespace detail

}  // namespace seedbed
