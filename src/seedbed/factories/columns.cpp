#include "seedbed/factories/columns.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/record.hpp"

namespace seedbed {

void RowReader::refuse(std::string_view column, std::string_view what) const {
  throw Error{ErrorCode::invalid_input,
              fmt::format("struct '{}': column '{}' of table '{}' {}", type_, column,
                          record_.table().to_string(), what)};
}

const Value* RowReader::find(std::string_view column) const {
  if (record_.find_column(column) == nullptr) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("struct '{}': table '{}' has no column '{}'{}", type_,
                            record_.table().to_string(), column,
                            did_you_mean(column, record_.column_names()))};
  }
  return record_.has(column) ? &record_[column] : nullptr;
}

const Value& RowReader::at(std::string_view column, bool null_allowed) const {
  const auto* cell = find(column);
  if (cell == nullptr) {
    refuse(column,
           "is made by the database, and this row was not written; make the field a "
           "std::optional");
  }
  if (cell->is_null() && !null_allowed) {
    refuse(column, "is NULL; make the field a std::optional");
  }
  return *cell;
}

bool RowReader::boolean(const Value& cell, std::string_view column) const {
  try {
    return cell.as<bool>();
  } catch (const Error&) {
    refuse(column, fmt::format("holds {}, which is no bool", to_string(cell.kind())));
  }
}

std::int64_t RowReader::integer(const Value& cell, std::string_view column, std::int64_t least,
                                std::int64_t most) const {
  std::int64_t number = 0;
  try {
    number = cell.as<std::int64_t>();
  } catch (const Error&) {
    refuse(column,
           fmt::format("holds {} that is no whole number of 64 bits", to_string(cell.kind())));
  }
  if (number < least || number > most) {
    refuse(column, fmt::format("holds a number outside {} to {}, which the field cannot take",
                               least, most));
  }
  return number;
}

std::uint64_t RowReader::natural(const Value& cell, std::string_view column,
                                 std::uint64_t most) const {
  std::uint64_t number = 0;
  if (cell.kind() == ValueKind::text) {
    // Beyond int64 a number travels as its digits.
    const auto& digits = cell.text();
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end) refuse(column, "holds a text that is no whole number");
  } else {
    number = static_cast<std::uint64_t>(
        integer(cell, column, 0, std::numeric_limits<std::int64_t>::max()));
  }
  if (number > most) {
    refuse(column, fmt::format("holds a number above {}, which the field cannot take", most));
  }
  return number;
}

double RowReader::real(const Value& cell, std::string_view column) const {
  try {
    return cell.as<double>();
  } catch (const Error&) {
    refuse(column,
           fmt::format("holds {} that is no floating-point number", to_string(cell.kind())));
  }
}

std::string RowReader::text(const Value& cell, std::string_view column) const {
  if (cell.kind() == ValueKind::bytes) refuse(column, "holds bytes; make the field seedbed::Bytes");
  return cell.as<std::string>();
}

Bytes RowReader::bytes(const Value& cell, std::string_view column) const {
  if (cell.kind() != ValueKind::bytes && cell.kind() != ValueKind::text) {
    refuse(column, fmt::format("holds {}, which is no bytes", to_string(cell.kind())));
  }
  return cell.as<Bytes>();
}

}  // namespace seedbed
