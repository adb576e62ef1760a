#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/node_reader.hpp"
#include "seedbed/factories/files/scenario_reader.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "seedbed/factories/scalar.hpp"

namespace seedbed {

namespace {

using detail::NodeReader;
using Names = std::vector<std::string>;

std::vector<TraitUse> read_traits(NodeReader& reader, const Node& node) {
  std::vector<TraitUse> uses;
  for (const auto& item : reader.list(node, "'traits'")) {
    if (auto name = reader.name(item, "a trait")) uses.push_back({std::move(*name), item.where});
  }
  return uses;
}

Names names_of(const std::vector<TraitUse>& uses) {
  Names names;
  for (const auto& use : uses) names.push_back(use.name);
  return names;
}

std::vector<Assignment> read_assignments(NodeReader& reader, const Node& node,
                                         std::string_view what) {
  std::vector<Assignment> assignments;
  reader.mapping(node, what, [&](const Node& key, const Node& value) {
    assignments.push_back({key.text, value, key.where});
  });
  return assignments;
}

std::optional<Share> read_share(NodeReader& reader, const Node& node) {
  static const Names kShares{"graph", "scenario", "none"};
  constexpr std::array kValues{Share::graph, Share::scenario, Share::none};
  for (std::size_t i = 0; i < kShares.size(); ++i) {
    if (node.text == kShares[i]) return kValues.at(i);
  }
  reader.report(node.where, fmt::format("'share' must be graph, scenario or none, not '{}'{}",
                                        node.text, did_you_mean(node.text, kShares)));
  return std::nullopt;
}

std::optional<Shape> read_shape(NodeReader& reader, const Node& node) {
  static const Names kShapes{"tree", "chain", "random"};
  constexpr std::array kValues{Shape::tree, Shape::chain, Shape::random};
  for (std::size_t i = 0; i < kShapes.size(); ++i) {
    if (node.text == kShapes[i]) return kValues.at(i);
  }
  reader.report(node.where, fmt::format("'shape' must be tree, chain or random, not '{}'{}",
                                        node.text, did_you_mean(node.text, kShapes)));
  return std::nullopt;
}

std::optional<std::uint64_t> read_fanout(NodeReader& reader, const Node& node) {
  const auto fanout = node.kind == NodeKind::scalar ? parse_count(node.text) : std::nullopt;
  if (fanout && *fanout > 0) return fanout;
  reader.report(node.where, "'fanout' must be a number from 1 on: the rows below each row");
  return std::nullopt;
}

std::optional<ShapeRoots> read_roots(NodeReader& reader, const Node& node) {
  std::string_view text = node.kind == NodeKind::scalar ? node.text : std::string_view{};
  if (const auto count = parse_count(text); count && *count > 0) return ShapeRoots{*count, {}};
  if (text.ends_with('%')) {
    text.remove_suffix(1);
    const auto percent = parse_decimal(text);
    const auto share = percent ? to_real(*percent).value_or(-1) / 100 : -1;
    if (share >= 0 && share <= 1) return ShapeRoots{1, share};
  }
  reader.report(node.where,
                "'roots' must be a number of first rows from 1 on, or a percentage such as 5%");
  return std::nullopt;
}

RefDefinition read_ref(NodeReader& reader, const Node& key, const Node& value) {
  static const Names kFields{"factory", "traits", "share", "shape", "fanout", "roots", "via"};
  RefDefinition ref;
  ref.name = key.text;
  ref.where = key.where;
  if (value.kind == NodeKind::scalar) {
    ref.factory = value.text;
    return ref;
  }
  const auto what = fmt::format("reference '{}'", key.text);
  reader.fields(value, what, kFields, [&](const std::string& field, const Node& node) {
    if (field == "factory") ref.factory = reader.name(node, "'factory'");
    if (field == "traits") ref.traits = names_of(read_traits(reader, node));
    if (field == "share") ref.share = read_share(reader, node);
    if (field == "shape") ref.shape = read_shape(reader, node);
    if (field == "fanout") ref.fanout = read_fanout(reader, node);
    if (field == "roots") ref.roots = read_roots(reader, node);
    if (field == "via") ref.via = reader.name(node, "'via'");
  });
  return ref;
}

HasDefinition read_has(NodeReader& reader, const Node& key, const Node& value) {
  static const Names kFields{"factory", "count", "traits", "via"};
  HasDefinition has;
  has.name = key.text;
  has.where = key.where;
  if (value.kind == NodeKind::scalar) {
    has.count = value;
    return has;
  }
  const auto what = fmt::format("'has' of '{}'", key.text);
  reader.fields(value, what, kFields, [&](const std::string& field, const Node& node) {
    if (field == "factory") has.factory = reader.name(node, "'factory'");
    if (field == "traits") has.traits = names_of(read_traits(reader, node));
    if (field == "count") has.count = node;
    if (field == "via") has.via = reader.name(node, "'via'");
  });
  return has;
}

std::vector<WhenDefinition> read_when(NodeReader& reader, const Node& node) {
  static const Names kFields{"if", "set"};
  std::vector<WhenDefinition> clauses;
  for (const auto& item : reader.list(node, "'when'")) {
    WhenDefinition clause;
    clause.where = item.where;
    reader.fields(item, "a 'when'", kFields, [&](const std::string& field, const Node& value) {
      if (field == "if") clause.condition = value;
      if (field == "set") clause.set = read_assignments(reader, value, "'set'");
    });
    if (clause.condition.kind != NodeKind::scalar) {
      reader.report(item.where, "a 'when' needs 'if' with an expression, such as if: =vip");
      continue;
    }
    clauses.push_back(std::move(clause));
  }
  return clauses;
}

std::optional<HookBulk> read_bulk(NodeReader& reader, const Node& node) {
  if (node.text == "each") return HookBulk::each;
  if (node.text == "skip") return HookBulk::skip;
  reader.report(node.where, fmt::format("'bulk' must be each or skip, not '{}'{}", node.text,
                                        did_you_mean(node.text, Names{"each", "skip"})));
  return std::nullopt;
}

std::vector<HookDefinition> read_hooks(NodeReader& reader, const Node& node) {
  static const Names kFields{"sql", "bulk"};
  std::vector<HookDefinition> hooks;
  for (const auto& item : reader.list(node, "'after_create'")) {
    HookDefinition hook;
    reader.fields(item, "an 'after_create'", kFields, [&](const auto& field, const Node& value) {
      if (field == "bulk") hook.bulk = read_bulk(reader, value).value_or(hook.bulk);
      if (field != "sql") return;
      hook.sql = value.text;
      hook.where = value.where;
      // Of the statement's first character, so that its parts can be found.
      if (value.quoted && hook.where.column > 0) ++hook.where.column;
    });
    if (!trimmed(hook.sql).empty()) {
      hooks.push_back(std::move(hook));
    } else if (item.kind == NodeKind::mapping) {
      reader.report(item.where,
                    "an 'after_create' needs 'sql' with a statement, such as sql: "
                    "\"UPDATE products SET stock = 0 WHERE id = {id}\"");
    }
  }
  return hooks;
}

/// Takes the field when it is one that factories and traits have in common.
bool read_layer_field(NodeReader& reader, const std::string& field, const Node& node,
                      Layer& layer) {
  if (field == "traits") {
    layer.traits = read_traits(reader, node);
  } else if (field == "params") {
    layer.params = read_assignments(reader, node, "'params'");
  } else if (field == "set") {
    layer.set = read_assignments(reader, node, "'set'");
  } else if (field == "when") {
    layer.when = read_when(reader, node);
  } else if (field == "after_create") {
    layer.after_create = read_hooks(reader, node);
  } else if (field == "refs") {
    reader.mapping(node, "'refs'", [&](const Node& key, const Node& value) {
      layer.refs.push_back(read_ref(reader, key, value));
    });
  } else if (field == "has") {
    reader.mapping(node, "'has'", [&](const Node& key, const Node& value) {
      layer.has.push_back(read_has(reader, key, value));
    });
  } else {
    return false;
  }
  return true;
}

void read_factory_traits(NodeReader& reader, const Node& node, FactoryDefinition& factory) {
  static const Names kFields{"traits", "params", "set", "refs", "has", "when", "after_create"};
  reader.mapping(node, "'traits'", [&](const Node& key, const Node& value) {
    TraitDefinition trait{key.text, {}, key.where};
    if (key.text.find(':') != std::string::npos) {
      reader.report(key.where, fmt::format("trait '{}': a colon is kept for the traits of enum "
                                           "values, such as role:admin",
                                           key.text));
    }
    reader.fields(value, fmt::format("trait '{}'", key.text), kFields,
                  [&](const std::string& field, const Node& inner) {
                    read_layer_field(reader, field, inner, trait.layer);
                  });
    factory.traits.emplace(key.text, std::move(trait));
  });
}

std::optional<std::string> read_locale(NodeReader& reader, const Node& node) {
  const auto& known = locales();
  if (std::find(known.begin(), known.end(), node.text) != known.end()) return node.text;
  reader.report(node.where, fmt::format("there is no locale '{}', only {}{}", node.text,
                                        join(known, ", "), did_you_mean(node.text, known)));
  return std::nullopt;
}

void read_project_locale(NodeReader& reader, const Node& node, Definitions& definitions) {
  const auto locale = read_locale(reader, node);
  if (!locale) return;
  if (definitions.locale && definitions.locale != locale) {
    reader.report(node.where,
                  fmt::format("the project's locale is already '{}' at {}; a factory may have "
                              "another: locale: {}",
                              *definitions.locale, definitions.locale_where.to_string(), *locale));
    return;
  }
  definitions.locale = locale;
  definitions.locale_where = node.where;
}

FactoryDefinition read_factory(NodeReader& reader, const Node& key, const Node& value) {
  static const Names kFields{"table", "extends", "key", "locale", "params",      "refs",
                             "set",   "when",    "has", "traits", "after_create"};
  FactoryDefinition factory;
  factory.name = key.text;
  factory.where = key.where;
  if (value.kind == NodeKind::null) return factory;
  const auto what = fmt::format("factory '{}'", key.text);
  reader.fields(value, what, kFields, [&](const std::string& field, const Node& node) {
    if (field == "table") {
      factory.table = reader.name(node, "'table'");
    } else if (field == "extends") {
      factory.extends = reader.name(node, "'extends'");
    } else if (field == "key") {
      factory.key = reader.name(node, "'key'");
    } else if (field == "locale") {
      factory.locale = read_locale(reader, node);
    } else if (field == "traits" && node.kind == NodeKind::mapping) {
      read_factory_traits(reader, node, factory);
    } else {
      read_layer_field(reader, field, node, factory.own);
    }
  });
  return factory;
}

void add_factory(NodeReader& reader, FactoryDefinition factory, Definitions& definitions) {
  const auto [existing, added] = definitions.factories.emplace(factory.name, factory);
  if (added) return;
  reader.report(factory.where, fmt::format("factory '{}' is already defined at {}", factory.name,
                                           existing->second.where.to_string()));
}

void read_factories(NodeReader& reader, const Node& node, Definitions& definitions) {
  reader.mapping(node, "'factories'", [&](const Node& key, const Node& value) {
    add_factory(reader, read_factory(reader, key, value), definitions);
  });
}

void check_version(NodeReader& reader, const Node& node) {
  if (node.kind == NodeKind::scalar && node.text == "1") return;
  reader.report(node.where,
                fmt::format("version '{}' is not known; this one reads version 1", node.text));
}

}  // namespace

void read_definitions(const Node& document, Definitions& definitions, Diagnostics& findings) {
  static const Names kFields{"version", "locale", "factories", "records", "scenarios"};
  NodeReader reader{findings};
  if (document.kind == NodeKind::null) return;
  reader.fields(document, "a factory file", kFields,
                [&](const std::string& field, const Node& node) {
                  if (field == "version") check_version(reader, node);
                  if (field == "locale") read_project_locale(reader, node, definitions);
                  if (field == "factories") read_factories(reader, node, definitions);
                  if (field == "records") detail::read_records(reader, node, definitions);
                  if (field == "scenarios") detail::read_scenarios(reader, node, definitions);
                });
}

}  // namespace seedbed
