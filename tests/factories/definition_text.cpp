#include "tests/factories/definition_text.hpp"

#include <fmt/format.h>

#include "seedbed/core/value.hpp"

namespace seedbed::testing {

namespace {

class Description {
 public:
  std::string take() { return std::move(text_); }

  void add(const Definitions& definitions) {
    line("locale", definitions.locale);
    for (const auto& [name, factory] : definitions.factories) add(name, factory);
    for (const auto& [name, record] : definitions.records) add(name, record);
    for (const auto& [name, scenario] : definitions.scenarios) add(name, scenario);
  }

 private:
  void line(const std::string& text) { text_ += prefix_ + text + "\n"; }
  void line(const std::string& what, const std::optional<std::string>& value) {
    if (value) line(fmt::format("{} <{}>", what, *value));
  }
  void names(const std::string& what, const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names) all += fmt::format(" <{}>", name);
    line(what + all);
  }
  void uses(const std::vector<TraitUse>& uses) {
    for (const auto& use : uses) line("applies <" + use.name + ">");
  }
  void assignments(const std::string& what, const std::vector<Assignment>& assignments) {
    for (const auto& assignment : assignments) {
      line(fmt::format("{} <{}> = {}", what, assignment.name, describe(assignment.value)));
    }
  }

  void add(const RefDefinition& ref) {
    line("ref <" + ref.name + ">");
    line("  factory", ref.factory);
    if (ref.traits) names("  traits", *ref.traits);
    if (ref.share) line(fmt::format("  share {}", static_cast<int>(*ref.share)));
    if (ref.shape) line(fmt::format("  shape {}", static_cast<int>(*ref.shape)));
    if (ref.fanout) line(fmt::format("  fanout {}", *ref.fanout));
    if (ref.roots) {
      line(fmt::format("  roots {} {}", ref.roots->count,
                       ref.roots->probability ? shortest(*ref.roots->probability) : "-"));
    }
    line("  via", ref.via);
  }

  void add(const HasDefinition& has) {
    line("has <" + has.name + ">");
    line("  factory", has.factory);
    if (has.traits) names("  traits", *has.traits);
    if (has.count) line("  count " + describe(*has.count));
    line("  via", has.via);
  }

  void add(const Layer& layer) {
    uses(layer.traits);
    assignments("param", layer.params);
    assignments("set", layer.set);
    for (const auto& ref : layer.refs) add(ref);
    for (const auto& has : layer.has) add(has);
    for (const auto& clause : layer.when) {
      line("when " + describe(clause.condition));
      assignments("  set", clause.set);
    }
    for (const auto& hook : layer.after_create) {
      line(fmt::format("after_create <{}> {} {}", hook.sql, hook.call ? "function" : "",
                       static_cast<int>(hook.bulk)));
    }
  }

  void add(const std::string& name, const FactoryDefinition& factory) {
    line(fmt::format("factory <{}> <{}>", name, factory.name));
    prefix_ = "  ";
    line("table", factory.table);
    line("extends", factory.extends);
    line("key", factory.key);
    line("locale", factory.locale);
    add(factory.own);
    for (const auto& [trait_name, trait] : factory.traits) {
      line(fmt::format("trait <{}> <{}>", trait_name, trait.name));
      prefix_ = "    ";
      add(trait.layer);
      prefix_ = "  ";
    }
    prefix_.clear();
  }

  void add(const std::string& name, const RecordDefinition& record) {
    line(fmt::format("record <{}> <{}> <{}>", name, record.name, record.factory));
    names("  traits", record.arguments.traits);
    for (const auto& setting : record.arguments.set) {
      const auto* other = setting.value.record_name();
      line(fmt::format("  <{}> = {}", setting.path,
                       other != nullptr
                           ? fmt::format("@{} {}", other->name, other->or_literal)
                           : fmt::format("{} <{}>", to_string(setting.value.literal()->kind()),
                                         setting.value.literal()->display())));
    }
  }

  void add(const std::string& name, const ScenarioDefinition& scenario) {
    line(fmt::format("scenario <{}> <{}>", name, scenario.name));
    for (const auto& entry : scenario.entries) {
      line(fmt::format("  <{}> <{}> {} per <{}> via <{}> {} total {}", entry.factory, entry.record,
                       entry.count, entry.per, entry.via,
                       entry.per_count ? describe(*entry.per_count) : "-",
                       entry.per_total ? std::to_string(*entry.per_total) : "-"));
      for (const auto& use : entry.traits) line("    <" + use.name + ">");
    }
  }

  std::string text_;
  std::string prefix_;
};

}  // namespace

std::string describe(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::null: return "null";
    case NodeKind::scalar:
      if (node.is_number() || node.is_boolean()) return node.text;
      return "\"" + node.text + "\"";
    case NodeKind::sequence:
      for (const auto& item : node.items) text += describe(item) + ",";
      return "[" + text + "]";
    case NodeKind::mapping:
      for (const auto& [key, value] : node.entries) {
        text += "\"" + key.text + "\":" + describe(value) + ",";
      }
      return "{" + text + "}";
  }
  return text;
}

std::string describe(const Definitions& definitions) {
  Description description;
  description.add(definitions);
  return description.take();
}

}  // namespace seedbed::testing
