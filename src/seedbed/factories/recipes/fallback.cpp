#include "seedbed/factories/recipes/fallback.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

// What a column's name says of its text; the first that the name holds is taken.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> kTextsByName{{
    {"email", "email()"},
    {"mail", "email()"},
    {"first_name", "first_name()"},
    {"firstname", "first_name()"},
    {"given_name", "first_name()"},
    {"last_name", "last_name()"},
    {"lastname", "last_name()"},
    {"surname", "last_name()"},
    {"user_name", "username()"},
    {"username", "username()"},
    {"login", "username()"},
    {"file", "file_name()"},
    {"company", "company()"},
    {"domain", "domain_name()"},
    {"host", "domain_name()"},
    {"product", "product_name()"},
    {"full_name", "full_name()"},
    {"phone", "phone()"},
    {"fax", "phone()"},
    {"mobile", "phone()"},
    {"url", "url()"},
    {"website", "url()"},
    {"country_code", "country_code()"},
    {"country", "country()"},
    {"currency", "currency_code()"},
    {"postal", "postcode()"},
    {"postcode", "postcode()"},
    {"zip", "postcode()"},
    {"city", "city()"},
    {"state", "state()"},
    {"street", "street_address()"},
    {"address", "street_address()"},
    {"color", "color()"},
    {"sku", "sku()"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMoreTexts{{
    {"name", "full_name()"},
    {"title", "headline()"},
    {"subject", "headline()"},
    {"description", "sentence()"},
    {"comment", "sentence()"},
    {"body", "paragraph()"},
    {"content", "paragraph()"},
    {"message", "sentence()"},
    {"token", "hex(32)"},
    {"hash", "hex(32)"},
    {"slug", "slug(words(2))"},
    {"uuid", "uuid()"},
}};

std::string_view text_by_name(const std::string& column) {
  const auto name = to_lower(column);
  const auto holds = [&](const auto& entry) { return name.find(entry.first) != std::string::npos; };
  const auto* first = std::find_if(kTextsByName.begin(), kTextsByName.end(), holds);
  if (first != kTextsByName.end()) return first->second;
  const auto* more = std::find_if(kMoreTexts.begin(), kMoreTexts.end(), holds);
  return more != kMoreTexts.end() ? more->second : "word()";
}

std::string text_expression(const Column& column, bool unique) {
  const auto text = text_by_name(column.name);
  const int length = column.type.length.value_or(0);
  if (unique) {
    if (length > 0 && length < 16) return fmt::format("pad(n, {})", length);
    if (text == "email()") return "concat('user.', n, '@example.com')";
    const auto kept = length > 0 ? std::min(length - 12, 40) : 40;
    return fmt::format("concat(substr({}, 1, {}), '-', n)", text, kept);
  }
  return length > 0 ? fmt::format("substr({}, 1, {})", text, length) : std::string{text};
}

std::string integer_expression(const Table& table, const Column& column, bool unique) {
  if (unique) return "n";
  const bool key = std::find(table.primary_key.begin(), table.primary_key.end(), column.name) !=
                   table.primary_key.end();
  return key ? "index + 1" : "1 .. 100";
}

std::string decimal_expression(const ColumnType& type) {
  const int digits = type.precision.value_or(10) - type.scale.value_or(0);
  if (digits <= 0) return "0.0 .. 0.9";
  return digits == 1 ? "1.00 .. 9.00" : "1.00 .. 99.00";
}

std::string date_expression(const Column& column) {
  const bool birth = to_lower(column.name).find("birth") != std::string::npos;
  return birth ? "date(now - 60y .. now - 18y)" : "date(now - 1y .. now)";
}

std::string other_expression(const Column& column) {
  const auto declared = to_lower(column.type.declared);
  if (declared.starts_with("inet") || declared.starts_with("cidr")) return "ipv4()";
  if (declared.starts_with("macaddr")) return "mac_address()";
  return text_expression(column, false);
}

}  // namespace

std::string fallback_expression(const Table& table, const Column& column) {
  const bool unique = is_unique(table, column.name);
  if (const auto labels = labels_of(table, column); !labels.empty()) {
    std::vector<std::string> quoted_labels;
    quoted_labels.reserve(labels.size());
    for (const auto& label : labels) quoted_labels.push_back(quoted(label));
    return fmt::format("one_of({})", join(quoted_labels, ", "));
  }
  switch (column.type.type_class) {
    case TypeClass::boolean: return "boolean()";
    case TypeClass::integer: return integer_expression(table, column, unique);
    case TypeClass::decimal: return unique ? "n" : decimal_expression(column.type);
    case TypeClass::real: return unique ? "n" : "0.0 .. 100.0";
    case TypeClass::text: return text_expression(column, unique);
    case TypeClass::bytes:
      return fmt::format("bytes({})", std::min(column.type.length.value_or(16), 16));
    case TypeClass::date: return date_expression(column);
    case TypeClass::timestamp:
    case TypeClass::timestamptz: return unique ? "now - 1y + n * 1s" : "now - 1y .. now";
    case TypeClass::time: return "concat(pad(0 .. 23, 2), ':30:00')";
    case TypeClass::interval: return "'01:00:00'";
    case TypeClass::uuid: return "uuid()";
    case TypeClass::json: return "'{}'";
    case TypeClass::set:
      return quoted(column.type.labels.empty() ? "" : column.type.labels.front());
    case TypeClass::array: return "'{}'";
    case TypeClass::bit: {
      const auto bits = static_cast<std::size_t>(std::max(column.type.length.value_or(1), 1));
      return quoted(std::string(bits, '0'));
    }
    case TypeClass::year: return "year(now)";
    case TypeClass::enumeration:
    case TypeClass::other: return other_expression(column);
  }
  return "word()";
}

}  // namespace seedbed::detail
