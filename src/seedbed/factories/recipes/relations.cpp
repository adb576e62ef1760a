#include "seedbed/factories/recipes/relations.hpp"

#include <algorithm>
#include <cctype>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// The words and string literals of a CHECK.
struct CheckText {
  std::vector<std::string> words;
  std::vector<std::string> literals;
};

/// The literal whose opening quote is at `at`, which moves behind its closing one.
std::string take_literal(std::string_view text, std::size_t& at) {
  std::string literal;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\'' && (++at == text.size() || text[at] != '\'')) break;
    literal += text[at];
  }
  return literal;
}

CheckText scan(std::string_view text) {
  CheckText found;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\'') {
      found.literals.push_back(take_literal(text, at));
    } else if (is_word(text[at])) {
      const auto start = at;
      while (at < text.size() && is_word(text[at])) ++at;
      found.words.emplace_back(text.substr(start, at - start));
    } else {
      ++at;
    }
  }
  return found;
}

// The engines print casts around the column and the labels: PostgreSQL `((status)::text = ANY
// ((ARRAY['a'::character varying])::text[]))`, MariaDB a character set before each label.
bool is_membership(const CheckText& text, const std::string& column) {
  static const std::vector<std::string> kNoise{"in",        "any",     "array",   "text",
                                               "character", "varying", "bpchar",  "_utf8mb4",
                                               "_latin1",   "char",    "varchar", "_utf8mb3"};
  bool member = false;
  std::size_t mentions = 0;
  for (const auto& word : text.words) {
    const auto lower = to_lower(word);
    member = member || lower == "in" || lower == "any";
    if (equal_ignoring_case(word, column)) {
      ++mentions;
    } else if (std::find(kNoise.begin(), kNoise.end(), lower) == kNoise.end()) {
      return false;
    }
  }
  return member && mentions == 1 && !text.literals.empty();
}

std::string without_suffix(const std::string& column) {
  if (column.size() > 3 &&
      equal_ignoring_case(std::string_view{column}.substr(column.size() - 3), "_id")) {
    return column.substr(0, column.size() - 3);
  }
  if (column.size() > 2 && column.ends_with("Id")) return column.substr(0, column.size() - 2);
  return column;
}

const std::string& naming_column(const Table& table, const ForeignKey& key) {
  for (auto column = key.columns.rbegin(); column != key.columns.rend(); ++column) {
    const bool alone = std::any_of(
        table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& other) {
          return other.columns.size() == 1 && other.columns.front() == *column;
        });
    if (!alone || key.columns.size() == 1) return *column;
  }
  return key.columns.back();
}

}  // namespace

std::string relation_name(const Table& table, const ForeignKey& key) {
  return without_suffix(naming_column(table, key));
}

std::vector<std::string> relation_names(const Table& table) {
  std::vector<std::string> names;
  for (const auto& key : table.foreign_keys) names.push_back(relation_name(table, key));
  std::vector<std::string> result = names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::count(names.begin(), names.end(), names[i]) > 1) {
      result[i] = join(table.foreign_keys[i].columns, "_");
    }
  }
  return result;
}

bool has_column(const ForeignKey& key, std::string_view column) noexcept {
  return std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
}

bool covers(const ForeignKey& outer, const ForeignKey& inner) noexcept {
  return outer.columns.size() > inner.columns.size() &&
         std::all_of(inner.columns.begin(), inner.columns.end(),
                     [&](const std::string& column) { return has_column(outer, column); });
}

bool may_be_null(const Table& table, const ForeignKey& key) noexcept {
  return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
    const auto* column = table.find_column(name);
    return column != nullptr && column->nullable;
  });
}

bool required(const Table& table, const ForeignKey& key) noexcept {
  return std::none_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
    const auto* column = table.find_column(name);
    return column == nullptr || column->nullable || column->default_sql.has_value();
  });
}

const Column* counted_column(const Table& table) noexcept {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](const Column& c) { return c.identity != Identity::no; });
  if (found != table.columns.end()) return &*found;
  if (table.primary_key.size() != 1) return nullptr;
  const auto* key = table.find_column(table.primary_key.front());
  const bool plain = key != nullptr && key->type.type_class == TypeClass::integer &&
                     !key->default_sql && key->generated == Generated::no;
  return plain ? key : nullptr;
}

std::vector<std::string> labels_of(const Table& table, const Column& column) {
  if (column.type.type_class == TypeClass::enumeration) return column.type.labels;
  for (const auto& check : table.checks) {
    const auto text = scan(check.expression);
    if (is_membership(text, column.name)) return text.literals;
  }
  return {};
}

bool is_unique(const Table& table, std::string_view column) noexcept {
  const auto alone = [&](const std::vector<std::string>& columns) {
    return columns.size() == 1 && columns.front() == column;
  };
  return alone(table.primary_key) ||
         std::any_of(table.unique_keys.begin(), table.unique_keys.end(),
                     [&](const UniqueKey& key) { return !key.expression && alone(key.columns); });
}

bool is_null_unique(const Table& table, const std::vector<std::string>& columns) noexcept {
  return std::any_of(table.unique_keys.begin(), table.unique_keys.end(), [&](const auto& key) {
    return key.plain() && key.nulls_not_distinct &&
           std::all_of(key.columns.begin(), key.columns.end(), [&](const auto& column) {
             return std::find(columns.begin(), columns.end(), column) != columns.end();
           });
  });
}

std::string singular(std::string_view plural) {
  const auto cut = [&](std::size_t count) {
    return std::string{plural.substr(0, plural.size() - count)};
  };
  if (plural.size() > 3 && plural.ends_with("ies")) return cut(3) + "y";
  for (const std::string_view ending : {"sses", "shes", "ches", "xes", "zes"}) {
    if (plural.ends_with(ending)) return cut(2);
  }
  if (plural.size() > 1 && plural.ends_with('s') && !plural.ends_with("ss")) return cut(1);
  return std::string{plural};
}

std::string plural(std::string_view singular) {
  const std::string name{singular};
  constexpr std::string_view kVowels = "aeiou";
  if (name.size() > 1 && name.back() == 'y' &&
      kVowels.find(name[name.size() - 2]) == std::string_view::npos) {
    return name.substr(0, name.size() - 1) + "ies";
  }
  for (const std::string_view ending : {"s", "sh", "ch", "x", "z"}) {
    if (name.ends_with(ending)) return name + "es";
  }
  return name + "s";
}

}  // namespace seedbed::detail
