#include "seedbed/factories/recipes/recipe_builder.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/fallback.hpp"
#include "seedbed/factories/recipes/layers.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

bool in_primary_key(const Table& table, const Column& column) {
  return std::find(table.primary_key.begin(), table.primary_key.end(), column.name) !=
         table.primary_key.end();
}

// Rows that other tests, or the baseline, made have values under the project's seed.
bool in_unique_key(const Table& table, const Column* column) {
  if (column == nullptr) return false;
  const auto holds = [&](const std::vector<std::string>& columns) {
    return std::find(columns.begin(), columns.end(), column->name) != columns.end();
  };
  return holds(table.primary_key) ||
         std::any_of(table.unique_keys.begin(), table.unique_keys.end(),
                     [&](const auto& key) { return holds(key.columns); });
}

}  // namespace

RecipePointer RecipeBuilder::build() {
  recipe_.model = &model_;
  const auto layers = resolve_layers(model_, request_.arguments.traits, book_, findings_);
  for (const auto* layer : layers) merge(*layer);
  for (const auto& setting : request_.arguments.set) apply(setting);
  plan_relations();
  plan_columns();
  recipe_.sort_columns();
  plan_children();
  recipe_.hooks = plan_hooks(layers, model_, book_.models(), findings_);
  raise_findings();
  check_circles();
  raise_findings();
  return std::make_shared<const Recipe>(std::move(recipe_));
}

// A check of the whole library goes on with what is right.
void RecipeBuilder::raise_findings() {
  auto* sink = book_.findings();
  if (sink == nullptr) return throw_if_any(std::move(findings_));
  sink->insert(sink->end(), findings_.begin(), findings_.end());
  findings_.clear();
}

bool RecipeBuilder::is_condition(const Expression& condition, const Node& node) {
  const auto type = condition.type();
  if (type == ExpressionType::boolean || type == ExpressionType::any ||
      type == ExpressionType::null_) {
    return true;
  }
  const bool literal = condition.literal_value() != nullptr && !node.text.starts_with('=');
  report(ErrorCode::invalid_input, node.where,
         fmt::format("a condition is true or false, not {}{}", to_string(type),
                     literal ? fmt::format("; write if: ={}", node.text) : ""));
  return false;
}

void RecipeBuilder::plan_relations() {
  for (const auto& relation : model_.relations) {
    recipe_.relations.push_back(plan_relation(relation));
  }
  imply_narrow_keys();
}

RelationPlan RecipeBuilder::plan_relation(const RelationModel& relation) {
  RelationPlan plan;
  plan.name = relation.name;
  plan.key = relation.key;
  plan.draw_key = book_.key(model_, join(relation.key->columns, ","));
  const auto ref = refs_.find(relation.name);
  const auto* parent = book_.models().schema().find(relation.key->parent);
  plan.factory = parent != nullptr ? book_.models().factory_for(*parent) : std::string{};
  if (ref != refs_.end()) {
    plan.factory = ref->second.factory.value_or(plan.factory);
    plan.share = ref->second.share.value_or(Share::automatic);
    plan.arguments.traits = ref->second.traits.value_or(std::vector<std::string>{});
    plan.shape = shape_of(ref->second);
    plan.where = ref->second.where;
  }
  const auto stated = stated_.find(relation.name);
  if (relation.name == request_.link || stated != stated_.end()) give_way(relation);
  const bool given = std::any_of(relation.key->columns.begin(), relation.key->columns.end(),
                                 [&](const auto& column) { return values_.contains(column); });
  if (relation.name == request_.link) {
    plan.use = RelationUse::link;
  } else if (stated != stated_.end()) {
    plan.stated = true;
    plan.existing = stated->second.existing;
    plan.arguments.set = stated->second.nested;
    plan.use = stated->second.absent     ? RelationUse::none
               : stated->second.existing ? RelationUse::existing
                                         : RelationUse::needed;
  } else if (!given && plan.shape) {
    plan.use = RelationUse::earlier;
  } else if (!given && (ref != refs_.end() || required(*model_.table, *relation.key) ||
                        is_null_unique(*model_.table, relation.key->columns))) {
    plan.use = RelationUse::needed;
  }
  if (plan.use == RelationUse::link && stated != stated_.end()) {
    report(ErrorCode::invalid_input, {},
           fmt::format("relation '{}' is given by the row above", relation.name));
  }
  return plan;
}

// The row above is given, by the call or by hanging on it: what layers set its key to gives way.
void RecipeBuilder::give_way(const RelationModel& relation) {
  for (const auto& column : relation.key->columns) {
    if (!overridden_.contains(column)) {
      values_.erase(column);
    } else {
      report(
          ErrorCode::invalid_input, {},
          fmt::format("relation '{}' is given, and so is its column '{}'", relation.name, column));
    }
  }
}

std::optional<SelfShape> RecipeBuilder::shape_of(const RefDefinition& ref) {
  const auto refuse = [&](std::string_view field, std::string_view reason) {
    report(ErrorCode::invalid_input, ref.where,
           fmt::format("reference '{}': '{}' {}", ref.name, field, reason));
  };
  const bool tree = ref.shape == Shape::tree;
  if (ref.fanout && !tree) refuse("fanout", "is for 'shape: tree'");
  if (ref.roots && !ref.shape) refuse("roots", "needs a 'shape'");
  if (!ref.shape) return std::nullopt;
  constexpr std::string_view kAreThere = "has no use with 'shape', whose rows are there already";
  if (ref.traits) refuse("traits", kAreThere);
  if (ref.share) refuse("share", kAreThere);
  if (ref.factory && !model_.is_a(*ref.factory)) refuse("factory", kAreThere);
  SelfShape shape;
  shape.shape = *ref.shape;
  shape.fanout = ref.fanout.value_or(shape.fanout);
  shape.roots = ref.roots.value_or(shape.roots);
  return shape;
}

// A key whose columns are all part of a wider one leads to the row that the wider one's parent
// belongs to: a tenant that is reached twice is the same tenant.
void RecipeBuilder::imply_narrow_keys() {
  const auto count = recipe_.relations.size();
  for (std::size_t narrow = 0; narrow < count; ++narrow) {
    for (std::size_t wide = 0; wide < count; ++wide) imply(narrow, wide);
  }
}

void RecipeBuilder::imply(std::size_t narrow, std::size_t wide) {
  const auto& wider = recipe_.relations[wide];
  auto& implied = recipe_.relations[narrow];
  if (!covers(*wider.key, *implied.key)) return;
  if (wider.use == RelationUse::none || wider.use == RelationUse::earlier) return;
  if (implied.use == RelationUse::needed && !implied.stated) {
    implied.use = RelationUse::implied;
    implied.wider = wide;
  } else if (implied.use != RelationUse::none) {
    hand_down(narrow, wide);
  }
}

void RecipeBuilder::hand_down(std::size_t narrow, std::size_t wide) {
  auto& wider = recipe_.relations[wide];
  if (wider.use != RelationUse::needed) return;
  wider.share = Share::graph;
  const auto& given = recipe_.relations[narrow];
  if (given.use != RelationUse::existing) return;
  for (const auto& above : book_.models().at(wider.factory).relations) {
    if (above.key->parent != given.key->parent) continue;
    wider.arguments.set.push_back({above.name, *given.existing});
    wider.stated = true;
    return;
  }
}

void RecipeBuilder::plan_columns() {
  for (const auto& column : model_.table->columns) {
    recipe_.columns.push_back(plan_column(column));
  }
  for (const auto& [param, type] : model_.params) {
    if (!values_.contains(param)) {
      values_[param] = {{nullptr, nullptr, Expression::literal(Null{}), {}}};
    }
    static_cast<void>(add_cell(param, nullptr));
  }
}

std::optional<ColumnPlan> RecipeBuilder::from_relation(const Column& column) const {
  std::optional<ColumnPlan> best;
  std::size_t best_width = 0;
  for (std::size_t i = 0; i < recipe_.relations.size(); ++i) {
    const auto& relation = recipe_.relations[i];
    const auto& columns = relation.key->columns;
    if (relation.use == RelationUse::none || relation.use == RelationUse::implied) continue;
    const auto member = std::find(columns.begin(), columns.end(), column.name);
    // A shape gives only what no other key gives: its first rows have nothing above.
    const bool shaped = relation.use == RelationUse::earlier;
    if (shaped && !column.nullable && may_be_null(*model_.table, *relation.key)) continue;
    const auto width = shaped ? 1 : columns.size() + 1;
    if (member == columns.end() || width <= best_width) continue;
    best_width = width;
    best =
        ColumnPlan{ColumnSource::relation, i, static_cast<std::size_t>(member - columns.begin())};
  }
  return best;
}

ColumnPlan RecipeBuilder::plan_column(const Column& column) {
  if (values_.contains(column.name)) {
    if (column.generated != Generated::no) {
      report(ErrorCode::invalid_input, values_[column.name].back().where,
             fmt::format("column '{}' is computed by the database", column.name));
      return {ColumnSource::database};
    }
    return {ColumnSource::cell, add_cell(column.name, &column)};
  }
  if (const auto relation = from_relation(column)) return *relation;
  const bool key = in_primary_key(*model_.table, column);
  const bool counted =
      counted_column(*model_.table) == &column || (column.identity != Identity::no && !key);
  const bool made = column.generated != Generated::no || counted;
  // A key's default that is no counter (a random UUID) would not let the row be found again.
  if (made || (column.default_sql && !key)) return {ColumnSource::database};
  const bool absent =
      std::any_of(recipe_.relations.begin(), recipe_.relations.end(), [&](const auto& relation) {
        return relation.stated && has_column(*relation.key, column.name);
      });
  const bool null_again = absent || !is_null_unique(*model_.table, {column.name});
  if (column.nullable && !key && null_again) return {ColumnSource::null};
  if (absent) {
    report(ErrorCode::invalid_input, {}, fmt::format("column '{}' is NOT NULL", column.name));
    return {ColumnSource::null};
  }
  return {ColumnSource::cell, add_fallback(column)};
}

bool RecipeBuilder::must_be_given(const std::string& name, const Pending& pending) {
  const bool required = pending.node != nullptr && pending.node->kind == NodeKind::scalar &&
                        trimmed(pending.node->text) == "=required()";
  if (required) recipe_.missing.push_back({name, pending.where});
  return required;
}

std::optional<Candidate> RecipeBuilder::candidate_of(const std::string& name, Pending& pending) {
  auto value = pending.ready                  ? std::move(pending.ready)
               : must_be_given(name, pending) ? Expression::literal(Null{})
                                              : book_.compile(*pending.node, model_, findings_);
  std::optional<Expression> condition;
  if (pending.condition != nullptr) {
    condition = book_.compile(*pending.condition, model_, findings_);
    if (!condition || !is_condition(*condition, *pending.condition)) return std::nullopt;
  }
  if (!value) return std::nullopt;
  return Candidate{std::move(condition), std::move(*value), pending.where, pending.node,
                   pending.condition};
}

std::size_t RecipeBuilder::add_cell(const std::string& name, const Column* column) {
  CellPlan cell;
  cell.name = name;
  cell.column = column;
  cell.key =
      in_unique_key(*model_.table, column) ? book_.key(model_, name) : book_.draw_key(model_, name);
  for (auto& pending : values_[name]) {
    if (auto candidate = candidate_of(name, pending)) {
      cell.candidates.push_back(std::move(*candidate));
    }
  }
  if (!cell.candidates.empty() && cell.candidates.front().condition) add_base(cell);
  const bool single = cell.candidates.size() == 1 && !cell.candidates.front().condition;
  if (single && column != nullptr && is_unique(*model_.table, column->name)) {
    const auto& value = cell.candidates.front().value;
    if (value.draws() || value.uses_row_number()) cell.domain = value.domain();
  }
  recipe_.cells.push_back(std::move(cell));
  return recipe_.cells.size() - 1;
}

Expression RecipeBuilder::fallback(const Column& column) {
  const auto text = fallback_expression(*model_.table, column);
  Diagnostics findings;
  auto expression = Expression::compile(text, {}, *model_.scope, findings);
  if (expression) return std::move(*expression);
  report(ErrorCode::internal, {},
         fmt::format("column '{}' cannot be filled by '{}'", column.name, text));
  return Expression::literal(Null{});
}

std::size_t RecipeBuilder::add_fallback(const Column& column) {
  values_[column.name] = {{nullptr, nullptr, fallback(column), {}}};
  return add_cell(column.name, &column);
}

// What only a `when` states needs a value where that does not hold.
void RecipeBuilder::add_base(CellPlan& cell) {
  const auto* column = cell.column;
  const auto& keys = model_.table->foreign_keys;
  const bool refers = std::any_of(keys.begin(), keys.end(),
                                  [&](const auto& key) { return has_column(key, cell.name); });
  const bool filled = column != nullptr && !column->nullable;
  if (column != nullptr && (column->made_by_database() || (filled && refers))) {
    report(ErrorCode::invalid_input, cell.candidates.front().where,
           fmt::format("column '{}' has no value of the factory's where this 'when' does not hold; "
                       "state one under 'set'",
                       cell.name));
  }
  Candidate base{{}, filled ? fallback(*column) : Expression::literal(Null{})};
  base.where = cell.candidates.front().where;
  cell.candidates.insert(cell.candidates.begin(), std::move(base));
}

void RecipeBuilder::plan_children() {
  for (const auto& setting : request_.arguments.has) {
    if (model_.find_children(setting.relation()) != nullptr) {
      has_.try_emplace(setting.relation());
      continue;
    }
    report(ErrorCode::invalid_input, {},
           fmt::format("'{}' is no relation to rows below{}", setting.relation(),
                       did_you_mean(setting.relation(), model_.children_names())));
  }
  for (const auto& children : model_.children) {
    const auto has = has_.find(children.name);
    if (has == has_.end()) continue;
    recipe_.children.push_back(plan_children_of(children, has->second));
  }
}

ChildrenPlan RecipeBuilder::plan_children_of(const ChildrenModel& children, const Has& has) {
  ChildrenPlan plan;
  plan.name = children.name;
  plan.model = children;
  plan.traits = has.traits;
  plan.count_key = book_.draw_key(model_, children.name + "#count");
  if (has.count != nullptr) plan.count_where = has.count->where;
  plan.count = has.count != nullptr ? book_.compile_count(*has.count, model_, findings_)
                                    : Expression::literal(std::int64_t{1});
  plan.count_node = has.count;
  for (const auto& setting : request_.arguments.has) {
    if (setting.relation() != children.name) continue;
    plan.list.clear();
    for (const auto& child : setting.children()) {
      plan.list.push_back(arguments_of_row(child, plan.list.size()));
    }
    plan.count = Expression::literal(static_cast<std::int64_t>(setting.count()));
    plan.count_node = nullptr;
  }
  return plan;
}

}  // namespace seedbed::detail
