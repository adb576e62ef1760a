#pragma once

#include "seedbed/core/arena.hpp"
#include "seedbed/factories/scalar.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Drawn values as the column holds them: numbers at the column's declared scale, rounded half away
/// from zero; instants cut to its declared digits; everything else checked (length, range, labels).
/// Throws invalid_input, saying what does not fit, without the value.
[[nodiscard]] ScalarColumn fit(ScalarColumn values, const Column& column, Arena& arena);
[[nodiscard]] Scalar fit(const ScalarView& value, const Column& column);

/// A literal of a call, a record or a stored cell, typed by the column; its spelling is kept where
/// the column keeps it ("01234" in text, 1.10 in a decimal without scale). Throws invalid_input.
[[nodiscard]] Scalar typed_literal(const Value& literal, const Column& column);

/// A fitted value as the database takes it.
[[nodiscard]] Value to_cell(const ScalarView& value, const Column& column);

/// How many bits a signed integer of this declaration has.
[[nodiscard]] int integer_bits(const ColumnType& type);

/// The type that expressions see in a column.
[[nodiscard]] ExpressionType expression_type(const ColumnType& type) noexcept;

}  // namespace seedbed::detail
