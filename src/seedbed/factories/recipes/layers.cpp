#include "seedbed/factories/recipes/layers.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/names.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

using Chain = std::vector<const FactoryDefinition*>;

const TraitDefinition* find_trait(const Chain& chain, std::string_view name) {
  for (const auto* definition : chain) {
    const auto found = definition->traits.find(name);
    if (found != definition->traits.end()) return &found->second;
  }
  return nullptr;
}

/// "role" and "admin" of "role:admin".
struct LabelTrait {
  std::string column{};
  std::string label{};
};

std::optional<LabelTrait> parse_label_trait(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return LabelTrait{std::string{name.substr(0, colon)}, std::string{name.substr(colon + 1)}};
}

class LayerResolver {
 public:
  LayerResolver(const FactoryModel& model, RecipeBook& book, Diagnostics& findings)
      : model_{model}, book_{book}, findings_{findings} {}

  std::vector<const Layer*> resolve(const std::vector<std::string>& traits) {
    for (auto i = model_.chain.size(); i-- > 0;) {
      const auto& own = model_.chain[i]->own;
      for (const auto& use : own.traits) apply(use);
      layers_.push_back(&own);
    }
    for (const auto& trait : traits) apply({trait, {}});
    return std::move(layers_);
  }

 private:
  void apply(const TraitUse& use) {
    const auto* trait = find_trait(model_.chain, use.name);
    if (trait == nullptr) {
      apply_label(use);
      return;
    }
    if (!open_.insert(use.name).second) {
      report(use, fmt::format("trait '{}' applies itself", use.name));
      return;
    }
    for (const auto& inner : trait->layer.traits) apply(inner);
    layers_.push_back(&trait->layer);
    open_.erase(use.name);
  }

  void apply_label(const TraitUse& use) {
    const auto parsed = parse_label_trait(use.name);
    const auto* column = parsed ? model_.table->find_column(parsed->column) : nullptr;
    const auto labels =
        column != nullptr ? labels_of(*model_.table, *column) : std::vector<std::string>{};
    if (labels.empty()) {
      const auto known = trait_names(model_.chain);
      report(use,
             fmt::format("factory '{}' has no trait '{}'{}", model_.name, use.name,
                         did_you_mean(use.name, known)),
             ErrorCode::not_found);
    } else if (std::find(labels.begin(), labels.end(), parsed->label) == labels.end()) {
      report(use, fmt::format("factory '{}': column '{}' has no label '{}'{}", model_.name,
                              parsed->column, parsed->label, did_you_mean(parsed->label, labels)));
    } else {
      layers_.push_back(&book_.label_layer(parsed->column, parsed->label));
    }
  }

  void report(const TraitUse& use, std::string message, ErrorCode code = ErrorCode::invalid_input) {
    findings_.push_back({code, std::move(message), use.where});
  }

  const FactoryModel& model_;
  RecipeBook& book_;
  Diagnostics& findings_;
  std::vector<const Layer*> layers_;
  std::set<std::string, std::less<>> open_;
};

/// What a definition gets wrong without a schema to look at.
class DefinitionChecker {
 public:
  explicit DefinitionChecker(const Definitions& definitions)
      : definitions_{definitions}, factories_{keys_of(definitions.factories)} {}

  Diagnostics check() {
    for (const auto& [name, factory] : definitions_.factories) check_factory(factory);
    for (const auto& [name, record] : definitions_.records) {
      check_use(record.factory, record.arguments.traits, record.where);
    }
    for (const auto& [name, scenario] : definitions_.scenarios) {
      for (const auto& entry : scenario.entries) check_entry(entry);
    }
    return std::move(findings_);
  }

 private:
  void report(ErrorCode code, std::string message, const SourceSpot& where) {
    findings_.push_back({code, std::move(message), where});
  }

  void check_factory(const FactoryDefinition& factory) {
    if (factory.extends && !definitions_.factories.contains(*factory.extends)) {
      report(ErrorCode::not_found,
             fmt::format("factory '{}' extends '{}', which does not exist{}", factory.name,
                         *factory.extends, did_you_mean(*factory.extends, factories_)),
             factory.where);
      return;
    }
    const auto chain = chain_of(definitions_, factory);
    if (chain.back()->extends && definitions_.factories.contains(*chain.back()->extends)) {
      report(ErrorCode::invalid_input,
             fmt::format("factory '{}' extends itself: {}", factory.name, round_trip(chain)),
             factory.where);
      return;
    }
    std::vector<std::string> path;
    for (const auto& use : factory.own.traits) check_trait(chain, use, path);
    for (const auto& [name, trait] : factory.traits) {
      path.assign(1, name);
      for (const auto& use : trait.layer.traits) check_trait(chain, use, path);
      path.clear();
    }
  }

  static std::string round_trip(const Chain& chain) {
    std::vector<std::string> names;
    for (const auto* definition : chain) names.push_back(definition->name);
    names.push_back(*chain.back()->extends);
    return join(names, " -> ");
  }

  void check_trait(const Chain& chain, const TraitUse& use, std::vector<std::string>& path) {
    if (std::find(path.begin(), path.end(), use.name) != path.end()) {
      path.push_back(use.name);
      report(ErrorCode::invalid_input,
             fmt::format("factory '{}': trait '{}' applies itself: {}", chain.front()->name,
                         use.name, join(path, " -> ")),
             use.where);
      path.pop_back();
      return;
    }
    const auto* trait = find_trait(chain, use.name);
    if (trait == nullptr) {
      // Traits of labels are checked when the schema is known.
      if (use.name.find(':') != std::string::npos) return;
      report(ErrorCode::not_found,
             fmt::format("factory '{}' has no trait '{}'{}", chain.front()->name, use.name,
                         did_you_mean(use.name, trait_names(chain))),
             use.where);
      return;
    }
    path.push_back(use.name);
    for (const auto& inner : trait->layer.traits) check_trait(chain, inner, path);
    path.pop_back();
  }

  void check_use(const std::string& factory, const std::vector<std::string>& traits,
                 const SourceSpot& where) {
    const auto found = definitions_.factories.find(factory);
    if (found == definitions_.factories.end()) {
      report(ErrorCode::not_found,
             fmt::format("there is no factory '{}'{}", factory, did_you_mean(factory, factories_)),
             where);
      return;
    }
    std::vector<std::string> path;
    const auto chain = chain_of(definitions_, found->second);
    for (const auto& trait : traits) check_trait(chain, {trait, where}, path);
  }

  void check_entry(const ScenarioEntry& entry) {
    if (!entry.record.empty()) {
      if (definitions_.records.contains(entry.record)) return;
      report(ErrorCode::not_found,
             fmt::format("there is no record '{}'{}", entry.record,
                         did_you_mean(entry.record, keys_of(definitions_.records))),
             entry.where);
      return;
    }
    check_use(entry.factory, {}, entry.where);
    if (!entry.per.empty()) check_use(entry.per, {}, entry.where);
    const auto found = definitions_.factories.find(entry.factory);
    if (found == definitions_.factories.end()) return;
    std::vector<std::string> path;
    const auto chain = chain_of(definitions_, found->second);
    for (const auto& use : entry.traits) check_trait(chain, use, path);
  }

  const Definitions& definitions_;
  std::vector<std::string> factories_;
  Diagnostics findings_;
};

}  // namespace

std::vector<const Layer*> resolve_layers(const FactoryModel& model,
                                         const std::vector<std::string>& traits, RecipeBook& book,
                                         Diagnostics& findings) {
  return LayerResolver{model, book, findings}.resolve(traits);
}

Diagnostics check_definitions(const Definitions& definitions) {
  return DefinitionChecker{definitions}.check();
}

std::vector<std::string> trait_names(const Chain& chain) {
  std::set<std::string> names;
  for (const auto* definition : chain) {
    for (const auto& [name, trait] : definition->traits) names.insert(name);
  }
  return {names.begin(), names.end()};
}

}  // namespace seedbed::detail
