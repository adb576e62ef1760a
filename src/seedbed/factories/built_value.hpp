#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "seedbed/factories/call.hpp"
#include "seedbed/factories/code_place.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed {

namespace detail {
class Draft;
}

/// A text with expressions in braces: `text_template("{slug(name)}.{n}@example.com")`.
struct TextTemplate {
  std::string text{};
};
[[nodiscard]] inline TextTemplate text_template(std::string text) {
  return {std::move(text)};
}

/// What stands in a file as a plain word: a number, a text, a boolean, NULL.
template <typename T>
concept FileLiteral =
    std::constructible_from<Value, T> && !std::same_as<std::remove_cvref_t<T>, Bytes> &&
    !std::same_as<std::remove_cvref_t<T>, Value>;

/// What a builder's `set` or `param` gives: a literal that stays as it is, whatever it looks like,
/// an `expr(...)`, a `text_template(...)`, or the `Document` of a JSON column.
class BuiltValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a setting is written as the value it gives.
  BuiltValue(const FileLiteral auto& literal) : data_{Value{literal}} {}
  BuiltValue(Expr expression) : data_{std::move(expression)} {}
  BuiltValue(TextTemplate text) : data_{std::move(text)} {}
  BuiltValue(Document document) : data_{std::move(document)} {}
  // NOLINTEND(google-explicit-constructor)

 private:
  friend class detail::Draft;
  std::variant<Value, Expr, TextTemplate, Document> data_;
};

/// What a builder's record is given: a literal, a `Document`, or another record,
/// `RecordName{"john"}`. A text that begins with `@` names a record where it stands for a row, as
/// in a file.
class BuiltLiteral {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a setting is written as the value it gives.
  BuiltLiteral(const FileLiteral auto& literal) : data_{Value{literal}} {}
  BuiltLiteral(Document document) : data_{std::move(document)} {}
  BuiltLiteral(RecordName record) : data_{std::move(record)} {}
  // NOLINTEND(google-explicit-constructor)

 private:
  friend class detail::Draft;
  std::variant<Value, Document, RecordName> data_;
};

/// How many rows: a number, "0..3", "1.5M", or an `expr(...)`.
class BuiltCount {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a count is written as what it is.
  BuiltCount(std::unsigned_integral auto count) : text_{std::to_string(count)} {}
  BuiltCount(std::signed_integral auto count) : text_{std::to_string(count)} {}
  BuiltCount(std::string text) : text_{std::move(text)} {}
  BuiltCount(const char* text) : text_{text} {}
  BuiltCount(Expr expression) : text_{std::move(expression.text)}, is_expression_{true} {}
  // NOLINTEND(google-explicit-constructor)

 private:
  friend class detail::Draft;
  std::string text_;
  bool is_expression_ = false;
};

/// One setting of a `when`: `{"role", "staff"}`.
struct BuiltSetting {
  BuiltSetting(std::string column, BuiltValue given, CodePlace here = CodePlace::current())
      : name{std::move(column)}, value{std::move(given)}, place{here} {}

  std::string name;
  BuiltValue value;
  CodePlace place;
};

}  // namespace seedbed
