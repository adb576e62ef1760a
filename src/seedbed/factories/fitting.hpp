#pragma once

#include <string>

#include "seedbed/factories/scalar.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// A drawn value as the column holds it: numbers at the column's declared scale, rounded half away
/// from zero; instants cut to its declared digits; everything else checked (length, range, labels).
/// Throws invalid_input, saying what does not fit, without the value.
[[nodiscard]] Scalar fit(Scalar value, const Column& column);

/// A literal of a call, a record or a stored cell, typed by the column; its spelling is kept where
/// the column keeps it ("01234" in text, 1.10 in a decimal without scale). Throws invalid_input.
[[nodiscard]] Scalar typed_literal(const Value& literal, const Column& column);

/// A fitted value as the database takes it.
[[nodiscard]] Value to_cell(const Scalar& value, const Column& column);

/// The type that expressions see in a column.
[[nodiscard]] ExpressionType expression_type(const ColumnType& type) noexcept;

}  // namespace seedbed::detail
