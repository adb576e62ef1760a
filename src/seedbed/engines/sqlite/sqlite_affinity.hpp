#pragma once

#include <cstdint>
#include <string_view>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// What SQLite converts values of a column to, by the text of its declared type
/// (https://www.sqlite.org/datatype3.html, section 3.1).
enum class Affinity : std::uint8_t { blob, text, numeric, integer, real };
[[nodiscard]] Affinity affinity_of(std::string_view declared);

/// How a cell must be bound so that the affinity does not change what it says.
struct Fitted {
  enum class How : std::uint8_t { as_given, integer, real, changed };
  How how = How::as_given;  ///< `changed`: there is no way
  std::int64_t integer = 0;
  double real = 0;
};

/// A number may change its spelling ("1.10" to 1.1) in a column of numbers, never its value; in any
/// other column not even its spelling.
[[nodiscard]] Fitted fit_cell(const BatchColumn& cells, std::size_t row, Affinity affinity,
                              TypeClass type_class);

}  // namespace seedbed::detail
