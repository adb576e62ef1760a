#include "seedbed/factories/insight/cell_origins.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/factories/recipes/fallback.hpp"
#include "seedbed/factories/recipes/layers.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

struct LayerName {
  CellRule rule = CellRule::own;
  std::string name{};
};

/// Whose layer it is, traits of calls apart; a layer that no definition holds is that of a label.
LayerName name_of(const FactoryModel& model, const Layer& layer) {
  for (const auto* definition : model.chain) {
    if (&definition->own == &layer) {
      const bool own = definition == model.definition;
      return {own ? CellRule::own : CellRule::parent_factory, definition->name};
    }
    for (const auto& [name, trait] : definition->traits) {
      if (&trait.layer == &layer) return {CellRule::base_trait, name};
    }
  }
  const auto& label = layer.set.front();
  return {CellRule::base_trait, label.name + ":" + label.value.text};
}

std::string spelling(const SettingValue& value) {
  if (const auto* expression = value.expression()) return "=" + expression->text;
  if (const auto* literal = value.literal()) return literal->display();
  if (const auto* document = value.document()) return document->json;
  return value.record_name() != nullptr ? "@" + value.record_name()->name : "a record";
}

}  // namespace

std::string spelling(const Node& node) {
  if (node.kind == NodeKind::scalar) return node.text;
  return node.kind == NodeKind::null ? "null" : json_text(node);
}

CellOrigins::CellOrigins(RecipeBook& book, const FactoryModel& model,
                         const CallArguments& arguments)
    : model_{model}, arguments_{arguments} {
  // The recipe was made of the same layers, so there is nothing left to find.
  Diagnostics findings;
  const auto base = resolve_layers(model, {}, book, findings).size();
  const auto layers = resolve_layers(model, arguments.traits, book, findings);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto [rule, name] = name_of(model, *layers[i]);
    add(*layers[i], i < base ? rule : CellRule::call_trait, name);
  }
}

void CellOrigins::add(const Layer& layer, CellRule rule, const std::string& name) {
  const auto state = [&](const Assignment& assignment, const Node* condition) {
    CellOrigin origin{rule, name, spelling(assignment.value), {}, assignment.where};
    if (condition != nullptr) origin.condition = spelling(*condition);
    statements_.emplace_back(assignment.name, Statement{&assignment.value, std::move(origin)});
  };
  for (const auto& param : layer.params) state(param, nullptr);
  for (const auto& value : layer.set) state(value, nullptr);
  for (const auto& clause : layer.when) {
    for (const auto& value : clause.set) state(value, &clause.condition);
  }
}

CellOrigin CellOrigins::of(const CellPlan& cell, const Candidate& candidate) const {
  if (candidate.node != nullptr) {
    const auto found = std::find_if(
        statements_.rbegin(), statements_.rend(),
        [&](const auto& statement) { return statement.second.node == candidate.node; });
    if (found != statements_.rend()) return found->second.origin;
  }
  for (const auto& setting : arguments_.set) {
    if (setting.path != cell.name) continue;
    return {CellRule::override_value, {}, spelling(setting.value), {}, {}};
  }
  const auto* literal = candidate.value.literal_value();
  const bool null = literal != nullptr && is_null(*literal);
  if (cell.column == nullptr || null) return {CellRule::null, {}, {}, {}, {}};
  return {
      CellRule::type_and_name, {}, "=" + fallback_expression(*model_.table, *cell.column), {}, {}};
}

CellOrigin CellOrigins::of_column(const Recipe& recipe, std::size_t column) const {
  const auto& plan = recipe.columns[column];
  const auto& declared = recipe.table().columns[column];
  switch (plan.source) {
    case ColumnSource::cell: {
      const auto& cell = recipe.cells[plan.index];
      return of(cell, cell.candidates.front());
    }
    case ColumnSource::relation: {
      const auto& relation = recipe.relations[plan.index];
      return {CellRule::relation, relation.name, {}, {}, relation.where};
    }
    case ColumnSource::database: {
      auto made = declared.default_sql.value_or(
          declared.generated != Generated::no           ? "a computed column"
          : counted_column(recipe.table()) == &declared ? "a counter"
                                                        : "the database");
      return {CellRule::database, {}, std::move(made), {}, {}};
    }
    case ColumnSource::null: break;
  }
  return {CellRule::null, {}, {}, {}, {}};
}

std::vector<CellOrigins::Statement> CellOrigins::statements(std::string_view name) const {
  std::vector<Statement> found;
  for (const auto& [column, statement] : statements_) {
    if (column == name) found.push_back(statement);
  }
  return found;
}

}  // namespace seedbed::detail

namespace seedbed {

std::string_view to_string(CellRule rule) noexcept {
  switch (rule) {
    case CellRule::database: return "database";
    case CellRule::null: return "null";
    case CellRule::type_and_name: return "type_and_name";
    case CellRule::relation: return "relation";
    case CellRule::parent_factory: return "parent_factory";
    case CellRule::base_trait: return "base_trait";
    case CellRule::own: return "factory";
    case CellRule::call_trait: return "call_trait";
    case CellRule::override_value: return "override";
  }
  return "null";
}

std::string CellOrigin::to_string() const {
  const std::string_view part = condition.empty() ? "" : "'when' of ";
  switch (rule) {
    case CellRule::database: return fmt::format("made by the database: {}", expression);
    case CellRule::null: return "nothing states it: NULL";
    case CellRule::type_and_name: return "nothing states it: filled from type and name";
    case CellRule::relation: return fmt::format("relation '{}'", name);
    case CellRule::parent_factory: return fmt::format("{}extended factory '{}'", part, name);
    case CellRule::base_trait: return fmt::format("{}trait '{}' of the factory", part, name);
    case CellRule::own: return fmt::format("{}factory '{}'", part, name);
    case CellRule::call_trait: return fmt::format("{}trait '{}' of the call", part, name);
    case CellRule::override_value: return "set by the call";
  }
  return {};
}

}  // namespace seedbed
