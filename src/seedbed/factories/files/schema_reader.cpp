#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/files/node_reader.hpp"
#include "seedbed/factories/files/schema_file.hpp"
#include "seedbed/factories/files/schema_words.hpp"

namespace seedbed {

namespace {

using Names = std::vector<std::string>;

/// Reads the tree of a schema file and collects what is wrong with it.
class SchemaReader {
 public:
  explicit SchemaReader(Diagnostics& findings) : reader_{findings} {}

  Schema read(const Node& document) {
    std::vector<Table> tables;
    std::vector<TableName> views;
    std::vector<Sequence> sequences;
    bool versioned = false;
    fields(document, "a schema file",
           {{"version",
             [&](const Node& node) {
               versioned = true;
               if (node.text == "1") return;
               reader_.report(node.where,
                              fmt::format("version '{}' is not known to this program; it reads "
                                          "version 1",
                                          node.text));
             }},
            {"tables", into(tables, &SchemaReader::table)},
            {"views", into(views, &SchemaReader::table_name)},
            {"sequences", into(sequences, &SchemaReader::sequence)}});
    if (!versioned) reader_.report(document.where, "'version: 1' is missing");
    return Schema{std::move(tables), std::move(views), std::move(sequences)};
  }

 private:
  using Field = std::function<void(const Node&)>;

  void fields(const Node& node, std::string_view what, const std::map<std::string, Field>& known) {
    Names names;
    for (const auto& [name, read] : known) names.push_back(name);
    reader_.fields(node, what, names,
                   [&](const std::string& name, const Node& value) { known.at(name)(value); });
  }

  /// Reads a list of what `one` reads.
  template <typename T>
  Field into(std::vector<T>& items, T (SchemaReader::*one)(const Node&)) {
    return [this, &items, one](const Node& node) {
      for (const auto& item : reader_.list(node, "this value")) items.push_back((this->*one)(item));
    };
  }
  Field into(std::string& text) {
    return [this, &text](const Node& node) { text = this->text(node); };
  }
  Field into(bool& flag) {
    return [this, &flag](const Node& node) {
      if (!node.is_boolean()) reader_.report(node.where, "expected true or false");
      flag = node.text == "true";
    };
  }
  Field into(std::optional<int>& number) {
    return [this, &number](const Node& node) { number = static_cast<int>(this->number(node)); };
  }
  Field into(std::int64_t& number) {
    return [this, &number](const Node& node) { number = this->number(node); };
  }
  template <typename Enum, std::size_t N>
  Field into(Enum& value, const std::array<Enum, N>& all) {
    return [this, &value, &all](const Node& node) {
      Names words;
      for (const auto item : all) words.emplace_back(word_of(item));
      const auto found = std::find(words.begin(), words.end(), node.text);
      if (found == words.end()) {
        reader_.report(node.where, fmt::format("'{}' is none of {}{}", node.text, join(words, ", "),
                                               did_you_mean(node.text, words)));
        return;
      }
      value = all.at(static_cast<std::size_t>(found - words.begin()));
    };
  }
  static std::string_view word_of(Generated value) { return detail::to_word(value); }
  static std::string_view word_of(Identity value) { return detail::to_word(value); }
  static std::string_view word_of(ReferentialAction value) { return to_string(value); }
  static std::string_view word_of(TypeClass value) { return to_string(value); }

  std::string text(const Node& node) {
    if (node.kind == NodeKind::scalar) return node.text;
    reader_.report(node.where, "expected a text");
    return {};
  }

  std::int64_t number(const Node& node) {
    std::int64_t value = 0;
    const auto* end = node.text.data() + node.text.size();
    const auto parsed = std::from_chars(node.text.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
      reader_.report(node.where, fmt::format("'{}' is no whole number", node.text));
    }
    return value;
  }

  TableName table_name(const Node& node) {
    if (node.kind != NodeKind::mapping) return {"", text(node)};
    TableName name;
    fields(node, "a name", {{"schema", into(name.schema)}, {"name", into(name.name)}});
    return name;
  }
  Field into(TableName& name) {
    return [this, &name](const Node& node) { name = table_name(node); };
  }

  Column column(const Node& node) {
    static const std::array kClasses = all_classes();
    Column column;
    auto& type = column.type;
    fields(node, "a column",
           {{"name", into(column.name)},
            {"type", into(type.declared)},
            {"class", into(type.type_class, kClasses)},
            {"length", into(type.length)},
            {"precision", into(type.precision)},
            {"scale", into(type.scale)},
            {"unsigned", into(type.is_unsigned)},
            {"fixed", into(type.fixed)},
            {"json_binary", into(type.json_binary)},
            {"labels", into(type.labels, &SchemaReader::text)},
            {"nullable", into(column.nullable)},
            {"default", [&](const Node& value) { column.default_sql = text(value); }},
            {"generated", into(column.generated, detail::kGenerated)},
            {"identity", into(column.identity, detail::kIdentities)}});
    return column;
  }

  static std::array<TypeClass, 19> all_classes() {
    std::array<TypeClass, 19> classes{};
    for (std::size_t i = 0; i < classes.size(); ++i) classes.at(i) = static_cast<TypeClass>(i);
    return classes;
  }

  UniqueKey unique_key(const Node& node) {
    UniqueKey key;
    fields(node, "a unique key",
           {{"name", into(key.name)},
            {"columns", into(key.columns, &SchemaReader::text)},
            {"partial", into(key.partial)},
            {"expression", into(key.expression)},
            {"nulls_not_distinct", into(key.nulls_not_distinct)},
            {"definition", into(key.definition)}});
    return key;
  }

  ForeignKey foreign_key(const Node& node) {
    ForeignKey key;
    fields(node, "a foreign key",
           {{"name", into(key.name)},
            {"columns", into(key.columns, &SchemaReader::text)},
            {"parent", into(key.parent)},
            {"parent_columns", into(key.parent_columns, &SchemaReader::text)},
            {"on_delete", into(key.on_delete, detail::kActions)},
            {"on_update", into(key.on_update, detail::kActions)},
            {"deferrable", into(key.deferrable)},
            {"initially_deferred", into(key.initially_deferred)}});
    if (key.columns.empty() || key.columns.size() != key.parent_columns.size()) {
      reader_.report(node.where, "a foreign key needs as many 'parent_columns' as 'columns'");
    }
    return key;
  }

  Check check(const Node& node) {
    Check check;
    fields(node, "a check", {{"name", into(check.name)}, {"expression", into(check.expression)}});
    return check;
  }

  Table table(const Node& node) {
    Table table;
    fields(node, "a table",
           {{"name", into(table.name)},
            {"columns", into(table.columns, &SchemaReader::column)},
            {"primary_key", into(table.primary_key, &SchemaReader::text)},
            {"unique_keys", into(table.unique_keys, &SchemaReader::unique_key)},
            {"foreign_keys", into(table.foreign_keys, &SchemaReader::foreign_key)},
            {"checks", into(table.checks, &SchemaReader::check)},
            {"triggers", into(table.triggers, &SchemaReader::text)},
            {"partitions", into(table.partitions, &SchemaReader::table_name)}});
    check_columns(table, table.primary_key, node.where);
    for (const auto& key : table.unique_keys) check_columns(table, key.columns, node.where);
    for (const auto& key : table.foreign_keys) check_columns(table, key.columns, node.where);
    return table;
  }

  void check_columns(const Table& table, const Names& columns, const SourceSpot& where) {
    for (const auto& name : columns) {
      // An empty name stands for an expression of an index.
      if (name.empty() || table.find_column(name) != nullptr) continue;
      reader_.report(where, fmt::format("a key of table '{}' names column '{}', which it has not{}",
                                        table.name.to_string(), name,
                                        did_you_mean(name, table.column_names())));
    }
  }

  Sequence sequence(const Node& node) {
    Sequence sequence;
    fields(node, "a sequence",
           {{"name", into(sequence.name)},
            {"owner", [&](const Node& value) { sequence.owner = table_name(value); }},
            {"owner_column", into(sequence.owner_column)},
            {"increment", into(sequence.increment)},
            {"start", into(sequence.start)}});
    return sequence;
  }

  detail::NodeReader reader_;
};

}  // namespace

Schema read_schema(std::string_view text, const std::filesystem::path& file) {
  const auto document = parse_document(text, file);
  Diagnostics findings;
  auto schema = SchemaReader{findings}.read(document);
  throw_if_any(std::move(findings));
  return schema;
}

}  // namespace seedbed
