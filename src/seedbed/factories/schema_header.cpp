#include "seedbed/factories/schema_header.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed {

namespace {

/// A text as a C++ string literal. What is not plain ASCII is written in octal digits, which end
/// after three.
std::string literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte >= 0x7F || c == '?') {
      result += fmt::format("\\{:03o}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// A name in a comment: on one line, and never its end.
std::string in_comment(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7F || c == '\\' ? '?' : c;
  }
  return result;
}

std::string_view plain_type(const ColumnType& type) {
  switch (type.type_class) {
    case TypeClass::boolean: return "bool";
    case TypeClass::integer: return type.is_unsigned ? "::std::uint64_t" : "::std::int64_t";
    case TypeClass::year: return "::std::int64_t";
    case TypeClass::real: return "double";
    case TypeClass::bytes: return "::seedbed::Bytes";
    // A column without a type (SQLite) holds values of any kind.
    case TypeClass::other: return type.declared.empty() ? "::seedbed::Value" : "::std::string";
    case TypeClass::decimal:
    case TypeClass::text:
    case TypeClass::date:
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::json:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::bit: return "::std::string";
  }
  return "::std::string";
}

std::string type_of(const Column& column) {
  const auto plain = plain_type(column.type);
  return column.nullable ? fmt::format("::std::optional<{}>", plain) : std::string{plain};
}

std::string namespace_of(std::string_view text) {
  const auto parts = split(text, ':');
  bool good = !text.empty() && parts.size() % 2 == 1;
  for (std::size_t i = 0; good && i < parts.size(); ++i) {
    good = i % 2 == 1 ? parts[i].empty()
                      : !parts[i].empty() && detail::cpp_identifiers({parts[i]}, {})[0] == parts[i];
  }
  if (good) return std::string{text};
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("'{}' is no namespace of C++; write one such as shop or acme::shop", text)};
}

class HeaderWriter {
 public:
  HeaderWriter(const Schema& schema, std::string_view cpp_namespace)
      : schema_{schema}, namespace_{namespace_of(cpp_namespace)} {
    std::vector<std::string> names;
    for (const auto& table : schema.tables()) names.push_back(table.name.to_string());
    tables_ = detail::cpp_identifiers(names, {});
  }

  std::string write() {
    line("// Made by 'seedbed schema cpp' from the schema of a database; not to be edited.");
    line("#pragma once\n");
    line("#include <cstdint>\n#include <optional>\n#include <string>\n");
    line("#include \"seedbed/factories/columns.hpp\"");
    line("#include \"seedbed/factories/tags.hpp\"\n");
    line("namespace {} {{\n", namespace_);
    for (const auto& table : tables_) line("namespace {} {{\nstruct Row;\n}}", table);
    for (std::size_t i = 0; i < tables_.size(); ++i) write_table(i);
    line("\n}}  // namespace {}", namespace_);
    if (!tables_.empty()) write_mappings();
    return std::move(text_);
  }

 private:
  struct Names {
    std::vector<std::string> columns{};
    std::vector<std::string> relations{};
    std::map<std::string, std::string, std::less<>> identifiers{};
  };

  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    text_ += fmt::format(text, std::forward<Arguments>(arguments)...) + '\n';
  }

  // A relation that is called like a column has one tag with it: both are the same path.
  static Names names_of(const Table& table) {
    Names names;
    names.columns = table.column_names();
    names.relations = detail::relation_names(table);
    auto all = names.columns;
    for (const auto& relation : names.relations) {
      if (std::find(all.begin(), all.end(), relation) == all.end()) all.push_back(relation);
    }
    const auto identifiers = detail::cpp_identifiers(all, {"Row"});
    for (std::size_t i = 0; i < all.size(); ++i) names.identifiers[all[i]] = identifiers[i];
    return names;
  }

  [[nodiscard]] std::string row_of(const TableName& table) const {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      if (schema_.tables()[i].name == table) {
        return fmt::format("::{}::{}::Row", namespace_, tables_[i]);
      }
    }
    return "void";
  }

  void write_table(std::size_t at) {
    const auto& table = schema_.tables()[at];
    const auto names = names_of(table);
    line("\n/// Table {}.", in_comment(table.name.to_string()));
    line("namespace {} {{", tables_[at]);
    for (const auto& column : table.columns) {
      const bool relation = std::find(names.relations.begin(), names.relations.end(),
                                      column.name) != names.relations.end();
      if (relation) continue;
      line("inline constexpr ::seedbed::ColumnTag<Row, {}> {}{{{}}};", type_of(column),
           names.identifiers.at(column.name), literal(column.name));
    }
    for (std::size_t i = 0; i < names.relations.size(); ++i) {
      line("inline constexpr ::seedbed::RelationTag<Row, {}> {}{{{}}};",
           row_of(table.foreign_keys[i].parent), names.identifiers.at(names.relations[i]),
           literal(names.relations[i]));
    }
    line("\nstruct Row {{");
    for (const auto& column : table.columns) {
      line("  {} {}{{}};", type_of(column), names.identifiers.at(column.name));
    }
    line("}};\n}}  // namespace {}", tables_[at]);
  }

  void write_mappings() {
    line("\nnamespace seedbed {{");
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const auto& table = schema_.tables()[i];
      const auto row = row_of(table.name);
      const auto names = names_of(table);
      line("\ntemplate <>\nstruct Columns<{}> {{", row);
      line("  static {} read(const RowReader& row) {{", row);
      line("    return {{");
      for (const auto& column : table.columns) {
        line("        .{} = row.get<{}>({}),", names.identifiers.at(column.name), type_of(column),
             literal(column.name));
      }
      line("    }};\n  }}\n}};");
    }
    line("\n}}  // namespace seedbed");
  }

  const Schema& schema_;
  std::string namespace_;
  std::vector<std::string> tables_;
  std::string text_;
};

}  // namespace

std::string write_schema_header(const Schema& schema, std::string_view cpp_namespace) {
  return HeaderWriter{schema, cpp_namespace}.write();
}

}  // namespace seedbed
