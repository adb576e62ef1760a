#include "seedbed/factories/draft.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/built_value.hpp"
#include "seedbed/factories/files/json_reader.hpp"

namespace seedbed::detail {

namespace {

using Place = CodePlace;

SourceSpot spot_of(Place here) {
  return {here.file, here.line, 0};
}

Node empty_node(NodeKind kind, Place here) {
  Node node;
  node.kind = kind;
  node.where = spot_of(here);
  return node;
}

Node text_node(std::string text, Place here, bool quoted = true) {
  Node node = empty_node(NodeKind::scalar, here);
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

void put_entry(Node& mapping, Node key, Node value) {
  const auto known = std::find_if(mapping.entries.begin(), mapping.entries.end(),
                                  [&](const auto& entry) { return entry.first.text == key.text; });
  if (known == mapping.entries.end()) {
    mapping.entries.emplace_back(std::move(key), std::move(value));
  } else {
    *known = {std::move(key), std::move(value)};
  }
}

/// What a literal text is in a file, where some texts mean more.
std::string escaped(const std::string& text) {
  if (text.starts_with('=')) return '=' + text;
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '{' || c == '}') result += c;
  }
  return result;
}

Node literal_node(const Value& value, Place here, bool escape) {
  if (value.is_null()) return empty_node(NodeKind::null, here);
  if (value.kind() != ValueKind::text) return text_node(value.display(), here, false);
  return text_node(escape ? escaped(value.text()) : value.text(), here);
}

/// Moves the places of a tree that was read from a text to where the text stands.
void move_to(Node& node, const SourceSpot& where) {
  node.where = where;
  node.marks.clear();
  for (auto& item : node.items) move_to(item, where);
  for (auto& [key, value] : node.entries) {
    move_to(key, where);
    move_to(value, where);
  }
}

void attach(std::vector<HookDefinition>& hooks, const std::vector<HookDefinition>& more) {
  hooks.insert(hooks.end(), more.begin(), more.end());
}

}  // namespace

Draft::Draft(std::string name, Place here, NodeKind kind)
    : name_{text_node(std::move(name), here)},
      node_{empty_node(kind, here)},
      traits_{empty_node(NodeKind::mapping, here)} {}

void Draft::report(std::string message, Place here) {
  mistakes_.push_back({ErrorCode::invalid_input, std::move(message), spot_of(here)});
}

Node& Draft::field(std::string_view name, NodeKind kind, Place here) {
  for (auto& [key, value] : node_.entries) {
    if (key.text == name) return value;
  }
  node_.entries.emplace_back(text_node(std::string{name}, here), empty_node(kind, here));
  return node_.entries.back().second;
}

Node Draft::take(const Draft& part) {
  mistakes_.insert(mistakes_.end(), part.mistakes_.begin(), part.mistakes_.end());
  return part.node_;
}

Node Draft::expression(const std::string& text, Place here) {
  if (text.starts_with('=')) {
    report(fmt::format("expr(\"{}\") begins with '='; leave the sign out", text), here);
  } else if (trimmed(text).empty()) {
    report("expr(\"\") holds no expression", here);
  }
  return text_node('=' + text, here);
}

Node Draft::document(const std::string& json, Place here) {
  try {
    auto node = read_json(json);
    move_to(node, spot_of(here));
    if (node.kind == NodeKind::sequence || node.kind == NodeKind::mapping) return node;
    report("a Document holds a JSON object or array; write another value as it is", here);
  } catch (const Error& error) {
    report(fmt::format("a Document: {}", error.what()), here);
  }
  return empty_node(NodeKind::null, here);
}

Node Draft::node_of(const BuiltValue& value, Place here) {
  if (const auto* given = std::get_if<Expr>(&value.data_)) return expression(given->text, here);
  if (const auto* given = std::get_if<Document>(&value.data_)) return document(given->json, here);
  if (const auto* given = std::get_if<TextTemplate>(&value.data_)) {
    const bool sign = given->text.starts_with('=');
    return text_node(sign ? "{'='}" + given->text.substr(1) : given->text, here);
  }
  return literal_node(std::get<Value>(value.data_), here, true);
}

Node Draft::node_of(const BuiltLiteral& value, Place here) {
  if (const auto* given = std::get_if<Document>(&value.data_)) return document(given->json, here);
  if (const auto* given = std::get_if<RecordName>(&value.data_)) {
    return text_node('@' + given->name, here);
  }
  return literal_node(std::get<Value>(value.data_), here, false);
}

Node Draft::node_of(const BuiltCount& count, Place here) {
  if (count.is_expression_) return expression(count.text_, here);
  return text_node(count.text_, here, false);
}

void Draft::put(std::string_view field, const std::string& text, Place here) {
  put_entry(node_, text_node(std::string{field}, here), text_node(text, here));
}
void Draft::put(std::string_view field, const BuiltCount& count, Place here) {
  put_entry(node_, text_node(std::string{field}, here), node_of(count, here));
}
void Draft::put(std::string_view field, const Draft& part, Place here) {
  put_entry(node_, text_node(std::string{field}, here), take(part));
}

void Draft::put_names(std::string_view field, const std::vector<std::string>& names, Place here) {
  Node list = empty_node(NodeKind::sequence, here);
  for (const auto& name : names) list.items.push_back(text_node(name, here));
  put_entry(node_, text_node(std::string{field}, here), std::move(list));
}

void Draft::put_in(std::string_view field, const std::string& name, const BuiltValue& value,
                   Place here) {
  auto node = node_of(value, here);
  put_entry(this->field(field, NodeKind::mapping, here), text_node(name, here), std::move(node));
}
void Draft::put_in(std::string_view field, const std::string& name, const BuiltLiteral& value,
                   Place here) {
  auto node = node_of(value, here);
  put_entry(this->field(field, NodeKind::mapping, here), text_node(name, here), std::move(node));
}
void Draft::put_in(std::string_view field, const std::string& name, const BuiltCount& count,
                   Place here) {
  auto node = node_of(count, here);
  put_entry(this->field(field, NodeKind::mapping, here), text_node(name, here), std::move(node));
}
void Draft::put_in(std::string_view field, const std::string& name, const Draft& part, Place here) {
  auto node = take(part);
  put_entry(this->field(field, NodeKind::mapping, here), text_node(name, here), std::move(node));
}

void Draft::append(const Draft& item) {
  node_.items.push_back(take(item));
}
void Draft::append(const std::string& name, Place here) {
  node_.items.push_back(text_node(name, here));
}
void Draft::append_in(std::string_view field, const Draft& item, Place here) {
  auto node = take(item);
  this->field(field, NodeKind::sequence, here).items.push_back(std::move(node));
}

void Draft::define_trait(const std::string& name, const Draft& trait, Place here) {
  put_entry(traits_, text_node(name, here), take(trait));
  trait_hooks_[name] = trait.hooks_;
}

void Draft::add_hook(HookDefinition hook, Place here) {
  if (!hook.call && trimmed(hook.sql).empty()) {
    report("'after_create' is given no statement and no function", here);
  }
  hook.where = spot_of(here);
  hooks_.push_back(std::move(hook));
}

Node Draft::whole(Diagnostics& findings) const {
  Node node = node_;
  if (traits_.entries.empty()) return node;
  if (const auto* uses = node.find("traits")) {
    findings.push_back(
        {ErrorCode::invalid_input,
         fmt::format("factory '{}' applies traits and defines traits; it does one of both, so "
                     "define them in a factory that it extends",
                     name_.text),
         uses->where});
  } else {
    node.entries.emplace_back(traits_, traits_);
    node.entries.back().first.text = "traits";
  }
  return node;
}

void Draft::read_into(Definitions& definitions, std::string_view section,
                      Diagnostics& findings) const {
  findings.insert(findings.end(), mistakes_.begin(), mistakes_.end());
  Node entry = name_;
  entry.kind = NodeKind::mapping;
  entry.entries.emplace_back(name_, whole(findings));
  Node document = name_;
  document.kind = NodeKind::mapping;
  document.entries.emplace_back(name_, std::move(entry));
  document.entries.back().first.text = section;
  const bool fresh = !definitions.factories.contains(name_.text);
  read_definitions(document, definitions, findings);
  if (section != "factories" || !fresh) return;
  const auto factory = definitions.factories.find(name_.text);
  if (factory == definitions.factories.end()) return;
  attach(factory->second.own.after_create, hooks_);
  for (auto& [name, trait] : factory->second.traits) {
    if (const auto hooks = trait_hooks_.find(name); hooks != trait_hooks_.end()) {
      attach(trait.layer.after_create, hooks->second);
    }
  }
}

}  // namespace seedbed::detail
