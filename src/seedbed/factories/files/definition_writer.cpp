#include "seedbed/factories/files/definition_writer.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "seedbed/factories/scalar.hpp"

namespace seedbed::detail {

namespace {

Node text_node(std::string text, bool quoted = true) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

Node number_node(std::uint64_t number) {
  return text_node(std::to_string(number), false);
}

Node empty_mapping() {
  Node node;
  node.kind = NodeKind::mapping;
  return node;
}

void add(Node& mapping, std::string key, Node value) {
  mapping.entries.emplace_back(text_node(std::move(key)), std::move(value));
}

void add_text(Node& mapping, std::string key, const std::optional<std::string>& text) {
  if (text) add(mapping, std::move(key), text_node(*text));
}

void add_unless_empty(Node& mapping, std::string key, Node value) {
  if (!value.entries.empty() || !value.items.empty())
    add(mapping, std::move(key), std::move(value));
}

Node names_node(const std::vector<std::string>& names) {
  Node node;
  node.kind = NodeKind::sequence;
  for (const auto& name : names) node.items.push_back(text_node(name));
  return node;
}

Node uses_node(const std::vector<TraitUse>& uses) {
  std::vector<std::string> names;
  names.reserve(uses.size());
  for (const auto& use : uses) names.push_back(use.name);
  return names_node(names);
}

Node assignments_node(const std::vector<Assignment>& assignments) {
  Node node = empty_mapping();
  for (const auto& assignment : assignments) add(node, assignment.name, assignment.value);
  return node;
}

/// The percentage that is read as exactly this probability.
std::string percentage(double probability) {
  const double percent = probability * 100;
  for (const double near :
       {percent, std::nextafter(percent, 0.0), std::nextafter(percent, 100.0)}) {
    for (int places = 0; places < 18; ++places) {
      auto text = fmt::format("{:.{}f}", near, places);
      const auto decimal = parse_decimal(text);
      if (decimal && to_real(*decimal).value_or(-1) / 100 == probability) return text + '%';
    }
  }
  throw Error{ErrorCode::unsupported, "a file cannot hold these 'roots' exactly"};
}

Node ref_node(const RefDefinition& ref) {
  Node node = empty_mapping();
  add_text(node, "factory", ref.factory);
  if (ref.traits) add(node, "traits", names_node(*ref.traits));
  if (ref.share && *ref.share != Share::automatic) {
    add(node, "share", text_node(std::string{to_word(*ref.share)}));
  }
  if (ref.shape) add(node, "shape", text_node(std::string{to_word(*ref.shape)}));
  if (ref.fanout) add(node, "fanout", number_node(*ref.fanout));
  if (ref.roots) {
    add(node, "roots",
        ref.roots->probability ? text_node(percentage(*ref.roots->probability))
                               : number_node(ref.roots->count));
  }
  add_text(node, "via", ref.via);
  return node;
}

Node has_node(const HasDefinition& has) {
  const bool only_count = has.count && !has.factory && !has.traits && !has.via;
  if (only_count && has.count->kind == NodeKind::scalar) return *has.count;
  Node node = empty_mapping();
  add_text(node, "factory", has.factory);
  if (has.count) add(node, "count", *has.count);
  if (has.traits) add(node, "traits", names_node(*has.traits));
  add_text(node, "via", has.via);
  return node;
}

Node when_node(const WhenDefinition& clause) {
  Node node = empty_mapping();
  add(node, "if", clause.condition);
  add_unless_empty(node, "set", assignments_node(clause.set));
  return node;
}

Node hook_node(const HookDefinition& hook) {
  if (hook.call) {
    throw Error{ErrorCode::unsupported,
                "'after_create' is a function, which no file can hold; only SQL can be written",
                {.where = hook.where}};
  }
  Node node = empty_mapping();
  add(node, "sql", text_node(hook.sql));
  if (hook.bulk == HookBulk::each) add(node, "bulk", text_node("each"));
  if (hook.bulk == HookBulk::skip) add(node, "bulk", text_node("skip"));
  return node;
}

template <typename Items, typename Make>
Node list_node(const Items& items, const Make& make) {
  Node node;
  node.kind = NodeKind::sequence;
  for (const auto& item : items) node.items.push_back(make(item));
  return node;
}

/// All of a layer but the traits it applies.
void add_layer(Node& node, const Layer& layer) {
  add_unless_empty(node, "params", assignments_node(layer.params));
  Node refs = empty_mapping();
  for (const auto& ref : layer.refs) add(refs, ref.name, ref_node(ref));
  add_unless_empty(node, "refs", std::move(refs));
  add_unless_empty(node, "set", assignments_node(layer.set));
  add_unless_empty(node, "when", list_node(layer.when, when_node));
  Node has = empty_mapping();
  for (const auto& below : layer.has) add(has, below.name, has_node(below));
  add_unless_empty(node, "has", std::move(has));
  add_unless_empty(node, "after_create", list_node(layer.after_create, hook_node));
}

Node trait_node(const TraitDefinition& trait) {
  Node node = empty_mapping();
  add_unless_empty(node, "traits", uses_node(trait.layer.traits));
  add_layer(node, trait.layer);
  return node;
}

Node factory_node(const FactoryDefinition& factory) {
  Node node = empty_mapping();
  add_text(node, "table", factory.table);
  add_text(node, "extends", factory.extends);
  add_text(node, "key", factory.key);
  add_text(node, "locale", factory.locale);
  if (!factory.own.traits.empty() && !factory.traits.empty()) {
    throw Error{ErrorCode::unsupported,
                "applies traits and defines traits; a file says one of both in a factory",
                {.where = factory.where}};
  }
  add_unless_empty(node, "traits", uses_node(factory.own.traits));
  add_layer(node, factory.own);
  Node traits = empty_mapping();
  for (const auto& [name, trait] : factory.traits) add(traits, name, trait_node(trait));
  add_unless_empty(node, "traits", std::move(traits));
  return node;
}

Node setting_node(const Setting& setting) {
  if (const auto* record = setting.value.record_name()) return text_node("@" + record->name);
  const auto* literal = setting.value.literal();
  if (literal != nullptr && literal->is_null()) return {};
  if (literal == nullptr || literal->kind() != ValueKind::text) {
    throw Error{ErrorCode::unsupported,
                fmt::format("'{}' is no text, NULL or record", setting.path)};
  }
  // All literals of records are texts; what looks like a number is written as one.
  Node node = text_node(literal->text(), false);
  node.quoted = !node.is_number() && !node.is_boolean();
  return node;
}

Node record_node(const RecordDefinition& record) {
  Node node = empty_mapping();
  add(node, "factory", text_node(record.factory));
  add_unless_empty(node, "traits", names_node(record.arguments.traits));
  Node set = empty_mapping();
  for (const auto& setting : record.arguments.set) add(set, setting.path, setting_node(setting));
  add_unless_empty(node, "set", std::move(set));
  return node;
}

Node entry_node(const ScenarioEntry& entry) {
  if (!entry.record.empty()) return text_node(entry.record);
  Node node = empty_mapping();
  if (entry.per_count) {
    Node per = empty_mapping();
    add(per, "per", text_node(entry.per));
    add(per, "count", *entry.per_count);
    if (entry.per_total) add(per, "total", number_node(*entry.per_total));
    if (!entry.via.empty()) add(per, "via", text_node(entry.via));
    add(node, entry.factory, std::move(per));
  } else {
    add(node, entry.factory, number_node(entry.count));
  }
  add_unless_empty(node, "traits", uses_node(entry.traits));
  return node;
}

Node scenario_node(const ScenarioDefinition& scenario) {
  return list_node(scenario.entries, entry_node);
}

/// One section of the file: what each of the map's values is, under its name.
template <typename Map, typename Make>
void add_section(Node& document, const std::string& section, const Map& map, const Make& make) {
  Node node = empty_mapping();
  for (const auto& [name, definition] : map) {
    try {
      add(node, name, make(definition));
    } catch (Error& error) {
      error.add_context(fmt::format("writing '{}' of {}", name, section));
      throw;
    }
  }
  add_unless_empty(document, section, std::move(node));
}

}  // namespace

std::string_view to_word(Share share) noexcept {
  switch (share) {
    case Share::automatic: return "";
    case Share::graph: return "graph";
    case Share::scenario: return "scenario";
    case Share::none: return "none";
  }
  return "";
}

std::string_view to_word(Shape shape) noexcept {
  switch (shape) {
    case Shape::tree: return "tree";
    case Shape::chain: return "chain";
    case Shape::random: return "random";
  }
  return "";
}

Node write_definitions(const Definitions& definitions) {
  Node document = empty_mapping();
  add(document, "version", number_node(1));
  add_text(document, "locale", definitions.locale);
  add_section(document, "factories", definitions.factories, factory_node);
  add_section(document, "records", definitions.records, record_node);
  add_section(document, "scenarios", definitions.scenarios, scenario_node);
  return document;
}

}  // namespace seedbed::detail
