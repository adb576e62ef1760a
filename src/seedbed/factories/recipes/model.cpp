#include "seedbed/factories/recipes/model.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/names.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

ExpressionType param_type(const Node& node) {
  if (node.kind != NodeKind::scalar) return ExpressionType::any;
  if (node.text.starts_with('=') || node.text.find('{') != std::string::npos) {
    return ExpressionType::any;
  }
  const auto type = type_of(literal_of(node));
  return type == ExpressionType::null_ ? ExpressionType::any : type;
}

/// Which of `table`'s keys a `refs` entry means.
RelationModel* find_reference(FactoryModel& model, const RefDefinition& ref) {
  if (!ref.via) return find_named(model.relations, ref.name);
  for (auto& relation : model.relations) {
    if (relation.name == *ref.via || has_column(*relation.key, *ref.via)) return &relation;
  }
  return nullptr;
}

std::string cell_prefix(const FactoryModel& model) {
  for (const auto* definition : model.chain) {
    if (definition->key) return to_lower(*definition->key);
  }
  return to_lower(model.table->name.to_string());
}

std::string locale_of(const FactoryModel& model, const Definitions& definitions) {
  for (const auto* definition : model.chain) {
    if (definition->locale) return *definition->locale;
  }
  return definitions.locale.value_or(std::string{kDefaultLocale});
}

/// The key of the child's table that leads to `parent`; reports when it is not clear.
const RelationModel* find_link(const FactoryModel& parent, const FactoryModel& child,
                               const HasDefinition& has, Diagnostics& findings) {
  std::vector<const RelationModel*> links;
  for (const auto& relation : child.relations) {
    if (relation.key->parent != parent.table->name) continue;
    const bool named = !has.via || relation.name == *has.via || has_column(*relation.key, *has.via);
    if (named) links.push_back(&relation);
  }
  if (links.size() == 1) return links.front();
  for (const auto* link : links) {
    if (link->name == parent.name || link->name == singular(parent.table->name.name)) return link;
  }
  const auto message =
      links.empty()
          ? fmt::format("factory '{}': has '{}': table '{}' has no such key to table '{}'",
                        parent.name, has.name, child.table->name.to_string(),
                        parent.table->name.to_string())
          : fmt::format(
                "factory '{}': has '{}': table '{}' has several keys to table '{}'; say "
                "which by 'via', such as via: {}",
                parent.name, has.name, child.table->name.to_string(),
                parent.table->name.to_string(), links.front()->key->columns.front());
  findings.push_back({ErrorCode::invalid_input, message, has.where});
  return nullptr;
}

void check_names(const FactoryModel& model, Diagnostics& findings) {
  const auto report = [&](const std::string& name, std::string_view what) {
    findings.push_back({ErrorCode::invalid_input,
                        fmt::format("factory '{}': '{}' is {}; give one of them another name",
                                    model.name, name, what),
                        model.definition != nullptr ? model.definition->where : SourceSpot{}});
  };
  for (const auto& [param, type] : model.params) {
    if (model.table->find_column(param) != nullptr) report(param, "a parameter and a column");
    if (model.relation(param) != nullptr) report(param, "a parameter and a relation");
    if (model.find_children(param) != nullptr) report(param, "a parameter and a relation");
  }
  for (const auto& children : model.children) {
    if (model.table->find_column(children.name) != nullptr) {
      report(children.name, "a column and a relation to rows below");
    }
    if (model.relation(children.name) != nullptr) {
      report(children.name, "a relation to a row above and one to rows below");
    }
  }
}

}  // namespace

std::vector<const FactoryDefinition*> chain_of(const Definitions& definitions,
                                               const FactoryDefinition& factory) {
  std::vector<const FactoryDefinition*> chain{&factory};
  while (chain.back()->extends) {
    const auto parent = definitions.factories.find(*chain.back()->extends);
    if (parent == definitions.factories.end()) break;
    if (std::find(chain.begin(), chain.end(), &parent->second) != chain.end()) break;
    chain.push_back(&parent->second);
  }
  return chain;
}

std::vector<const Layer*> all_layers(const std::vector<const FactoryDefinition*>& chain) {
  std::vector<const Layer*> layers;
  for (auto i = chain.size(); i-- > 0;) {
    layers.push_back(&chain[i]->own);
    for (const auto& [name, trait] : chain[i]->traits) layers.push_back(&trait.layer);
  }
  return layers;
}

const Table* table_of(const Definitions& definitions, const FactoryDefinition& factory,
                      const Schema& schema) {
  const auto chain = chain_of(definitions, factory);
  for (const auto* definition : chain) {
    if (definition->table) return schema.find(*definition->table);
  }
  const auto& root = chain.back()->name;
  const auto* table = schema.find(plural(root));
  return table != nullptr ? table : schema.find(root);
}

const RelationModel* FactoryModel::relation(std::string_view relation) const noexcept {
  return find_named(relations, relation);
}
const ChildrenModel* FactoryModel::find_children(std::string_view relation) const noexcept {
  return find_named(children, relation);
}
std::vector<std::string> FactoryModel::relation_names() const {
  return names_of(relations);
}
std::vector<std::string> FactoryModel::children_names() const {
  return names_of(children);
}

bool FactoryModel::has_column_or_param(std::string_view called) const noexcept {
  return params.contains(called) || table->find_column(called) != nullptr;
}

std::vector<std::string> FactoryModel::column_and_param_names() const {
  auto names = table->column_names();
  for (const auto& [param, type] : params) names.push_back(param);
  return names;
}

bool FactoryModel::is_a(std::string_view factory) const noexcept {
  return name == factory || std::any_of(chain.begin(), chain.end(),
                                        [&](const auto* link) { return link->name == factory; });
}

std::optional<ExpressionType> FactoryScope::name(std::string_view name) const {
  if (const auto param = model_.params.find(name); param != model_.params.end()) {
    return param->second;
  }
  if (const auto* column = model_.table->find_column(name)) return expression_type(column->type);
  return std::nullopt;
}

std::vector<std::string> FactoryScope::names() const {
  return model_.column_and_param_names();
}

const NameScope* FactoryScope::relation(std::string_view name) const {
  const auto* relation = model_.relation(name);
  return relation == nullptr ? nullptr : book_.at(relation->factory).scope.get();
}
std::vector<std::string> FactoryScope::relations() const {
  return model_.relation_names();
}

const NameScope* FactoryScope::children(std::string_view name) const {
  const auto* children = model_.find_children(name);
  return children == nullptr ? nullptr : book_.at(children->factory).scope.get();
}
std::vector<std::string> FactoryScope::children_names() const {
  return model_.children_names();
}

std::string_view FactoryScope::locale() const {
  return model_.locale;
}

std::string ModelBook::factory_for(const Table& table) const {
  const FactoryDefinition* first = nullptr;
  for (const auto& [name, factory] : definitions_.factories) {
    if (factory.extends || detail::table_of(definitions_, factory, schema_) != &table) continue;
    if (name == singular(table.name.name)) return name;
    if (first == nullptr) first = &factory;
  }
  return first != nullptr ? first->name : table.name.to_string();
}

void ModelBook::bind_relations(FactoryModel& model, Diagnostics& findings) {
  const auto names = detail::relation_names(*model.table);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& key = model.table->foreign_keys[i];
    const auto* parent = schema_.find(key.parent);
    model.relations.push_back({names[i], &key, parent != nullptr ? factory_for(*parent) : ""});
  }
  for (const auto* layer : all_layers(model.chain)) {
    for (const auto& ref : layer->refs) bind_reference(model, ref, findings);
  }
}

void ModelBook::bind_reference(FactoryModel& model, const RefDefinition& ref,
                               Diagnostics& findings) const {
  auto* relation = find_reference(model, ref);
  if (relation == nullptr) {
    findings.push_back(
        {ErrorCode::invalid_input,
         fmt::format("factory '{}': table '{}' has no relation '{}'{}", model.name,
                     model.table->name.to_string(), ref.via.value_or(ref.name),
                     did_you_mean(ref.via.value_or(ref.name), model.relation_names())),
         ref.where});
    return;
  }
  relation->name = ref.name;
  if (ref.shape && relation->key->parent != model.table->name) {
    findings.push_back({ErrorCode::invalid_input,
                        fmt::format("factory '{}': '{}' leads to table '{}'; a 'shape' is for keys "
                                    "of table '{}' to itself",
                                    model.name, ref.name, relation->key->parent.to_string(),
                                    model.table->name.to_string()),
                        ref.where});
  }
  if (!ref.factory) return;
  if (definitions_.factories.contains(*ref.factory)) {
    relation->factory = *ref.factory;
    return;
  }
  findings.push_back({ErrorCode::not_found,
                      fmt::format("there is no factory '{}'{}", *ref.factory,
                                  did_you_mean(*ref.factory, keys_of(definitions_.factories))),
                      ref.where});
}

void ModelBook::bind_children(FactoryModel& model, Diagnostics& findings) {
  for (const auto* layer : all_layers(model.chain)) {
    for (const auto& has : layer->has) bind_rows_below(model, has, findings);
  }
}

void ModelBook::bind_rows_below(FactoryModel& model, const HasDefinition& has,
                                Diagnostics& findings) {
  auto* known = find_named(model.children, has.name);
  if (known != nullptr && !has.factory) return;
  std::string factory = has.factory.value_or(has.name);
  if (!has.factory && !definitions_.factories.contains(factory)) factory = singular(factory);
  if (!definitions_.factories.contains(factory)) {
    findings.push_back(
        {ErrorCode::not_found,
         fmt::format("factory '{}': has '{}': there is no factory '{}'{}", model.name, has.name,
                     factory, did_you_mean(factory, keys_of(definitions_.factories))),
         has.where});
    return;
  }
  const auto& child = at(factory);
  const auto* link = find_link(model, child, has, findings);
  if (link == nullptr) return;
  ChildrenModel children{has.name, factory, child.table, link->key, link->name};
  if (known != nullptr) {
    *known = std::move(children);
  } else {
    model.children.push_back(std::move(children));
  }
}

const FactoryModel& ModelBook::at(std::string_view factory) {
  if (const auto known = models_.find(factory); known != models_.end()) return *known->second;
  auto owned = std::make_unique<FactoryModel>();
  auto& model = *owned;
  model.name = factory;
  const auto definition = definitions_.factories.find(factory);
  if (definition != definitions_.factories.end()) {
    model.definition = &definition->second;
    model.chain = chain_of(definitions_, definition->second);
    model.table = detail::table_of(definitions_, definition->second, schema_);
  } else {
    model.table = schema_.find(factory);
  }
  if (model.table == nullptr) {
    const auto missing =
        model.definition == nullptr
            ? fmt::format("there is no factory '{}'{}", factory,
                          did_you_mean(factory, keys_of(definitions_.factories)))
            : fmt::format(
                  "factory '{}': there is no table '{}'{}", factory,
                  model.chain.back()->table.value_or(plural(model.chain.back()->name)),
                  did_you_mean(model.chain.back()->table.value_or(plural(model.chain.back()->name)),
                               schema_.table_names()));
    throw Error{ErrorCode::not_found,
                missing,
                {.where = model.definition != nullptr ? model.definition->where : SourceSpot{}}};
  }
  model.kept_table = std::make_shared<const Table>(*model.table);
  model.cell_prefix = cell_prefix(model);
  model.locale = locale_of(model, definitions_);
  for (const auto* layer : all_layers(model.chain)) {
    for (const auto& param : layer->params) model.params[param.name] = param_type(param.value);
  }
  model.scope = std::make_unique<FactoryScope>(*this, model);
  models_.emplace(model.name, std::move(owned));
  Diagnostics findings;
  try {
    bind_relations(model, findings);
    bind_children(model, findings);
    check_names(model, findings);
    if (findings_ == nullptr) {
      throw_if_any(std::move(findings));
    } else {
      findings_->insert(findings_->end(), findings.begin(), findings.end());
    }
  } catch (const Error&) {
    // A model that is not whole must not be found by the next call.
    models_.erase(model.name);
    throw;
  }
  return model;
}

}  // namespace seedbed::detail
