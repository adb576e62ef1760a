#pragma once

#include "seedbed/factories/expression/arithmetic.hpp"
#include "seedbed/factories/expression/operation.hpp"

namespace seedbed::detail {

/// The parts of the language with rules of their own: operators, and functions that choose which of
/// their arguments to evaluate. Types are checked by the compiler.
[[nodiscard]] OperationPointer make_calculation(Operator op, OperationPointer left,
                                                OperationPointer right, const SourceSpot& where);
[[nodiscard]] OperationPointer make_negation(OperationPointer operand, const SourceSpot& where);
[[nodiscard]] OperationPointer make_range(OperationPointer first, OperationPointer last,
                                          std::uint32_t stream, const SourceSpot& where);

[[nodiscard]] OperationPointer make_not(OperationPointer operand);
[[nodiscard]] OperationPointer make_and(OperationPointer left, OperationPointer right);
[[nodiscard]] OperationPointer make_or(OperationPointer left, OperationPointer right);
[[nodiscard]] OperationPointer make_if(OperationPointer condition, OperationPointer then,
                                       OperationPointer otherwise);
[[nodiscard]] OperationPointer make_coalesce(Operations values);

/// One of the values: by the row number, by a uniform draw, or by a draw with weights.
[[nodiscard]] OperationPointer make_cycle(Operations values);
[[nodiscard]] OperationPointer make_one_of(Operations values, std::uint32_t stream);
/// `weights` sum to less than 2^63 and to more than 0.
[[nodiscard]] OperationPointer make_weighted(Operations values, std::vector<std::uint64_t> weights,
                                             std::uint32_t stream);
[[nodiscard]] OperationPointer make_maybe(OperationPointer probability, OperationPointer value,
                                          std::uint32_t stream, const SourceSpot& where);

/// The texts of the parts, joined; null is empty.
[[nodiscard]] OperationPointer make_concatenation(Operations parts);
[[nodiscard]] OperationPointer make_json_object(const std::vector<std::string>& names,
                                                Operations values);

enum class Aggregate : std::uint8_t { sum, count, min, max };
/// Over the children `relation`; `value` may be null for `count`.
[[nodiscard]] OperationPointer make_aggregate(Aggregate aggregate, std::string relation,
                                              OperationPointer value, const SourceSpot& where);

/// A value between 0 and 1 as a probability. Throws invalid_input for anything else.
[[nodiscard]] double probability_of(const ScalarView& value);

}  // namespace seedbed::detail
