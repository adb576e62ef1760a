#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace seedbed {

/// A column by a name that the compiler knows, as the headers of `seedbed schema cpp` have them: a
/// column that is renamed does not compile. It stands wherever a column's name does; a path leads
/// to it through relations: `shop::orders::customer / shop::users::name`.
template <typename Row, typename T>
struct ColumnTag {
  std::string_view name;

  // NOLINTBEGIN(google-explicit-constructor): a tag is written where a name is.
  constexpr operator std::string_view() const noexcept { return name; }
  operator std::string() const { return std::string{name}; }
  // NOLINTEND(google-explicit-constructor)
};

/// A relation from the rows of one table to those of another, above.
template <typename From, typename To>
struct RelationTag {
  std::string_view name;

  // NOLINTBEGIN(google-explicit-constructor): a tag is written where a name is.
  constexpr operator std::string_view() const noexcept { return name; }
  operator std::string() const { return std::string{name}; }
  // NOLINTEND(google-explicit-constructor)
};

/// A way from the rows of a table through relations to a row (`To`) or one of its columns.
template <typename From, typename To>
struct TagPath {
  std::string text{};

  operator std::string() const { return text; }  // NOLINT(google-explicit-constructor)
};

/// What a path to a column ends with.
template <typename T>
struct ColumnEnd {};

template <typename From, typename To, typename T>
[[nodiscard]] TagPath<From, ColumnEnd<T>> operator/(RelationTag<From, To> relation,
                                                    ColumnTag<To, T> column) {
  return {std::string{relation.name} + '.' + std::string{column.name}};
}
template <typename From, typename To, typename Next>
[[nodiscard]] TagPath<From, Next> operator/(RelationTag<From, To> relation,
                                            RelationTag<To, Next> next) {
  return {std::string{relation.name} + '.' + std::string{next.name}};
}
template <typename From, typename To, typename T>
[[nodiscard]] TagPath<From, ColumnEnd<T>> operator/(TagPath<From, To> path,
                                                    ColumnTag<To, T> column) {
  return {std::move(path.text) + '.' + std::string{column.name}};
}
template <typename From, typename To, typename Next>
[[nodiscard]] TagPath<From, Next> operator/(TagPath<From, To> path, RelationTag<To, Next> next) {
  return {std::move(path.text) + '.' + std::string{next.name}};
}

}  // namespace seedbed
