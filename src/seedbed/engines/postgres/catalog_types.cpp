#include "seedbed/engines/postgres/catalog_types.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace seedbed::postgres {

namespace {

constexpr const char* kTypesSql = R"sql(
WITH RECURSIVE used(type) AS (
  SELECT DISTINCT a.atttypid FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  UNION
  SELECT t.typbasetype FROM used u JOIN pg_type t ON t.oid = u.type WHERE t.typtype = 'd')
SELECT t.oid, t.typname, t.typtype::text, t.typcategory::text, t.typbasetype, t.typtypmod,
       t.typnotnull, e.enumlabel
FROM used u JOIN pg_type t ON t.oid = u.type LEFT JOIN pg_enum e ON e.enumtypid = t.oid
ORDER BY t.oid, e.enumsortorder)sql";

constexpr std::array<std::pair<std::string_view, TypeClass>, 23> kClasses{{
    {"bool", TypeClass::boolean},
    {"int2", TypeClass::integer},
    {"int4", TypeClass::integer},
    {"int8", TypeClass::integer},
    {"oid", TypeClass::integer},
    {"numeric", TypeClass::decimal},
    {"float4", TypeClass::real},
    {"float8", TypeClass::real},
    {"text", TypeClass::text},
    {"varchar", TypeClass::text},
    {"bpchar", TypeClass::text},
    {"name", TypeClass::text},
    {"citext", TypeClass::text},
    {"bytea", TypeClass::bytes},
    {"date", TypeClass::date},
    {"time", TypeClass::time},
    {"timestamp", TypeClass::timestamp},
    {"timestamptz", TypeClass::timestamptz},
    {"interval", TypeClass::interval},
    {"uuid", TypeClass::uuid},
    {"json", TypeClass::json},
    {"jsonb", TypeClass::json},
    {"bit", TypeClass::bit},
}};

TypeClass class_of(std::string_view name) {
  for (const auto& [known, type_class] : kClasses) {
    if (name == known) return type_class;
  }
  return name == "varbit" ? TypeClass::bit : TypeClass::other;
}

// Type modifiers as each type's typmodout reads them (src/backend/utils/adt/varchar.c, numeric.c).
constexpr int kHeaderBytes = 4;
constexpr int kMicroseconds = 6;

void read_numeric_modifier(ColumnType& type, int modifier) {
  if (modifier < kHeaderBytes) return;
  const int packed = modifier - kHeaderBytes;
  type.precision = (packed / 0x10000) % 0x10000;
  type.scale = ((packed % 0x800) ^ 0x400) - 0x400;  // eleven bits, signed since PostgreSQL 15
}

void read_modifier(ColumnType& type, std::string_view name, int modifier) {
  const TypeClass kind = type.type_class;
  if (kind == TypeClass::decimal) {
    read_numeric_modifier(type, modifier);
  } else if (kind == TypeClass::real) {
    type.length = name == "float4" ? 4 : 8;
  } else if (kind == TypeClass::text) {
    if (modifier >= kHeaderBytes) type.length = modifier - kHeaderBytes;
    type.fixed = name == "bpchar";
  } else if (kind == TypeClass::bit) {
    if (modifier > 0) type.length = modifier;
  } else if (kind == TypeClass::time || kind == TypeClass::timestamp ||
             kind == TypeClass::timestamptz) {
    type.scale = modifier >= 0 ? modifier : kMicroseconds;
  }
}

}  // namespace

TypeCatalog::TypeCatalog(Connection& connection) {
  for (const auto& row : connection.query(kTypesSql).rows) {
    Type& type = types_[row[0].integer()];
    type.name = row[1].text();
    type.kind = row[2].text().front();
    type.category = row[3].text().front();
    type.base = row[4].integer();
    type.modifier = static_cast<int>(row[5].integer());
    type.not_null = row[6].boolean();
    if (!row[7].is_null()) type.labels.push_back(row[7].text());
  }
}

ColumnType TypeCatalog::column_type(std::int64_t type, int modifier, std::string declared) const {
  ColumnType result{.declared = std::move(declared)};
  auto found = types_.find(type);
  while (found != types_.end() && found->second.kind == 'd') {
    modifier = found->second.modifier;
    found = types_.find(found->second.base);
  }
  if (found == types_.end()) return result;
  const Type& base = found->second;
  if (base.kind == 'e') {
    result.type_class = TypeClass::enumeration;
    result.labels = base.labels;
  } else if (base.category == 'A') {
    result.type_class = TypeClass::array;
  } else {
    result.type_class = class_of(base.name);
    result.json_binary = base.name == "jsonb";
    read_modifier(result, base.name, modifier);
  }
  return result;
}

bool TypeCatalog::forbids_null(std::int64_t type) const {
  for (auto found = types_.find(type); found != types_.end() && found->second.kind == 'd';
       found = types_.find(found->second.base)) {
    if (found->second.not_null) return true;
  }
  return false;
}

}  // namespace seedbed::postgres
