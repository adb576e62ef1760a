#include "seedbed/engines/mysql/column_types.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace seedbed::mysql {

namespace {

struct Known {
  std::string_view data_type;
  TypeClass type_class;
};

constexpr std::array kKnown{
    Known{"tinyint", TypeClass::integer},
    Known{"smallint", TypeClass::integer},
    Known{"mediumint", TypeClass::integer},
    Known{"int", TypeClass::integer},
    Known{"bigint", TypeClass::integer},
    Known{"decimal", TypeClass::decimal},
    Known{"float", TypeClass::real},
    Known{"double", TypeClass::real},
    Known{"char", TypeClass::text},
    Known{"varchar", TypeClass::text},
    Known{"tinytext", TypeClass::text},
    Known{"text", TypeClass::text},
    Known{"mediumtext", TypeClass::text},
    Known{"longtext", TypeClass::text},
    Known{"binary", TypeClass::bytes},
    Known{"varbinary", TypeClass::bytes},
    Known{"tinyblob", TypeClass::bytes},
    Known{"blob", TypeClass::bytes},
    Known{"mediumblob", TypeClass::bytes},
    Known{"longblob", TypeClass::bytes},
    Known{"date", TypeClass::date},
    Known{"time", TypeClass::time},
    Known{"datetime", TypeClass::timestamp},
    Known{"timestamp", TypeClass::timestamptz},
    Known{"year", TypeClass::year},
    Known{"json", TypeClass::json},
    Known{"enum", TypeClass::enumeration},
    Known{"set", TypeClass::set},
    Known{"bit", TypeClass::bit},
    Known{"uuid", TypeClass::uuid},
};

TypeClass class_of(std::string_view data_type) {
  const auto* found = std::ranges::find(kKnown, data_type, &Known::data_type);
  return found == kKnown.end() ? TypeClass::other : found->type_class;
}

std::optional<int> small(const Value& value) {
  if (value.kind() != ValueKind::integer || value.integer() > 2'147'483'647) return std::nullopt;
  return static_cast<int>(value.integer());
}

// TEXT and BLOB are limited in bytes; only the tiny ones are small enough to matter. 63 characters
// of utf8mb4 fit 255 bytes.
std::optional<int> text_length(const TypeFacts& facts) {
  if (facts.data_type == "char" || facts.data_type == "varchar") return small(facts.characters);
  return facts.data_type == "tinytext" ? std::optional{63} : std::nullopt;
}

std::optional<int> bytes_length(const TypeFacts& facts) {
  const bool limited = facts.data_type == "binary" || facts.data_type == "varbinary" ||
                       facts.data_type == "tinyblob";
  return limited ? small(facts.octets) : std::nullopt;
}

void set_limits(ColumnType& type, const TypeFacts& facts) {
  switch (type.type_class) {
    case TypeClass::text:
      type.length = text_length(facts);
      type.fixed = facts.data_type == "char";
      return;
    case TypeClass::bytes: type.length = bytes_length(facts); return;
    case TypeClass::decimal:
      type.precision = small(facts.precision);
      type.scale = small(facts.scale);
      return;
    case TypeClass::real: type.length = facts.data_type == "float" ? 4 : 8; return;
    case TypeClass::bit: type.length = small(facts.precision); return;
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz: type.scale = small(facts.fraction); return;
    case TypeClass::enumeration:
    case TypeClass::set: type.labels = parse_labels(facts.column_type); return;
    case TypeClass::json: type.json_binary = true; return;
    case TypeClass::boolean:
    case TypeClass::integer:
    case TypeClass::date:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::array:
    case TypeClass::year:
    case TypeClass::other: return;
  }
}

}  // namespace

std::vector<std::string> parse_labels(std::string_view column_type) {
  std::vector<std::string> labels;
  bool inside = false;
  for (std::size_t i = 0; i < column_type.size(); ++i) {
    const char c = column_type[i];
    if (c != '\'') {
      if (inside) labels.back() += c;
    } else if (!inside) {
      labels.emplace_back();
      inside = true;
    } else if (i + 1 < column_type.size() && column_type[i + 1] == '\'') {
      labels.back() += c;
      ++i;
    } else {
      inside = false;
    }
  }
  return labels;
}

ColumnType column_type(const TypeFacts& facts) {
  ColumnType type;
  const bool flag = facts.column_type == "tinyint(1)";
  type.type_class = flag ? TypeClass::boolean : class_of(facts.data_type);
  type.declared = facts.column_type;
  type.is_unsigned = facts.column_type.find(" unsigned") != std::string::npos;
  set_limits(type, facts);
  return type;
}

}  // namespace seedbed::mysql
