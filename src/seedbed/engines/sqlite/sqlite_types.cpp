#include "seedbed/engines/sqlite/sqlite_types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

using Known = std::pair<std::string_view, TypeClass>;

// Names of a type without its arguments.
constexpr std::array kKnown{
    Known{"bool", TypeClass::boolean},
    Known{"boolean", TypeClass::boolean},
    Known{"dec", TypeClass::decimal},
    Known{"decimal", TypeClass::decimal},
    Known{"money", TypeClass::decimal},
    Known{"number", TypeClass::decimal},
    Known{"numeric", TypeClass::decimal},
    Known{"double", TypeClass::real},
    Known{"double precision", TypeClass::real},
    Known{"float", TypeClass::real},
    Known{"float4", TypeClass::real},
    Known{"float8", TypeClass::real},
    Known{"real", TypeClass::real},
    Known{"binary", TypeClass::bytes},
    Known{"bytea", TypeClass::bytes},
    Known{"varbinary", TypeClass::bytes},
    Known{"date", TypeClass::date},
    Known{"time", TypeClass::time},
    Known{"time without time zone", TypeClass::time},
    Known{"datetime", TypeClass::timestamp},
    Known{"timestamp", TypeClass::timestamp},
    Known{"timestamp without time zone", TypeClass::timestamp},
    Known{"datetimeoffset", TypeClass::timestamptz},
    Known{"timestamp with time zone", TypeClass::timestamptz},
    Known{"timestamptz", TypeClass::timestamptz},
    Known{"interval", TypeClass::interval},
    Known{"guid", TypeClass::uuid},
    Known{"uniqueidentifier", TypeClass::uuid},
    Known{"uuid", TypeClass::uuid},
    Known{"json", TypeClass::json},
    Known{"jsonb", TypeClass::json},
    Known{"string", TypeClass::text},
};

struct Parts {
  std::string name{};  // lower case, single blanks, no arguments
  std::vector<int> arguments{};
};

std::vector<int> numbers_in(std::string_view list) {
  std::vector<int> numbers;
  for (const auto& piece : split(list, ',')) {
    const auto number = trimmed(piece);
    int value = 0;
    const auto [end, problem] =
        std::from_chars(number.data(), number.data() + number.size(), value);
    if (problem == std::errc{} && end == number.data() + number.size()) numbers.push_back(value);
  }
  return numbers;
}

Parts parts_of(std::string_view declared) {
  Parts parts;
  std::string text = to_lower(declared);
  const auto open = text.find('(');
  const auto close = text.find(')', open == std::string::npos ? 0 : open);
  if (open != std::string::npos && close != std::string::npos) {
    parts.arguments = numbers_in(text.substr(open + 1, close - open - 1));
    text.replace(open, close - open + 1, " ");
  }
  for (const auto& word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!parts.name.empty()) parts.name += ' ';
    parts.name += word;
  }
  return parts;
}

TypeClass class_of(const std::string& name) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                  [&](const Known& entry) { return entry.first == name; });
  if (known != kKnown.end()) return known->second;
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  if (has("char") || has("clob") || has("text")) return TypeClass::text;
  if (has("blob")) return TypeClass::bytes;
  if (has("point") || has("interval")) return TypeClass::other;
  return has("int") ? TypeClass::integer : TypeClass::other;
}

void read_arguments(ColumnType& type, const Parts& parts) {
  const auto argument = [&](std::size_t index) -> std::optional<int> {
    if (index >= parts.arguments.size()) return std::nullopt;
    return parts.arguments[index];
  };
  switch (type.type_class) {
    case TypeClass::decimal:
      type.precision = argument(0);
      type.scale = argument(1);
      if (type.precision && !type.scale) type.scale = 0;
      return;
    case TypeClass::text:
    case TypeClass::bytes: type.length = argument(0); return;
    case TypeClass::real: type.length = 8; return;
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz: type.scale = argument(0); return;
    case TypeClass::boolean:
    case TypeClass::integer:
    case TypeClass::date:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::json:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::bit:
    case TypeClass::year:
    case TypeClass::other: return;
  }
}

}  // namespace

ColumnType parse_declared_type(std::string_view declared) {
  const Parts parts = parts_of(declared);
  ColumnType type;
  type.declared = declared;
  type.type_class = class_of(parts.name);
  type.is_unsigned =
      type.type_class == TypeClass::integer && parts.name.find("unsigned") != std::string::npos;
  type.fixed = parts.name == "char" || parts.name == "character" || parts.name == "nchar";
  read_arguments(type, parts);
  return type;
}

}  // namespace seedbed::detail
