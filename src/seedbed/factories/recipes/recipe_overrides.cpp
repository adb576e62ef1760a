#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/recipe_builder.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

template <typename T>
void take_over(std::optional<T>& kept, const std::optional<T>& stated) {
  if (stated) kept = stated;
}

TypeClass class_of(ExpressionType type) {
  if (type == ExpressionType::boolean) return TypeClass::boolean;
  if (type == ExpressionType::integer) return TypeClass::integer;
  if (type == ExpressionType::decimal) return TypeClass::decimal;
  return type == ExpressionType::real ? TypeClass::real : TypeClass::text;
}

Scalar param_literal(const Value& literal, ExpressionType type) {
  const auto kind = literal.kind();
  if (type == ExpressionType::any && kind != ValueKind::text) {
    if (kind == ValueKind::boolean) return literal.boolean();
    if (kind == ValueKind::integer) return literal.integer();
    if (kind == ValueKind::real) return literal.real();
    return Null{};
  }
  Column column;
  column.type.declared = to_string(type);
  column.type.type_class = class_of(type);
  return typed_literal(literal, column);
}

}  // namespace

void RecipeBuilder::report(ErrorCode code, const SourceSpot& where, std::string message) {
  findings_.push_back({code, fmt::format("factory '{}': {}", model_.name, message), where});
}

void RecipeBuilder::merge(const Layer& layer) {
  for (const auto& ref : layer.refs) {
    // A later layer that speaks of the row above takes back what an earlier one set its key to.
    if (const auto* relation = model_.relation(ref.name)) {
      for (const auto& column : relation->key->columns) values_.erase(column);
    }
  }
  for (const auto& param : layer.params) assign(param, nullptr);
  for (const auto& value : layer.set) assign(value, nullptr);
  for (const auto& clause : layer.when) {
    for (const auto& value : clause.set) assign(value, &clause.condition);
  }
  for (const auto& ref : layer.refs) {
    auto& kept = refs_[ref.name];
    kept.name = ref.name;
    kept.where = ref.where;
    take_over(kept.factory, ref.factory);
    take_over(kept.traits, ref.traits);
    take_over(kept.share, ref.share);
    take_over(kept.shape, ref.shape);
    take_over(kept.fanout, ref.fanout);
    take_over(kept.roots, ref.roots);
  }
  for (const auto& has : layer.has) {
    auto& kept = has_[has.name];
    kept.traits = has.traits.value_or(std::move(kept.traits));
    if (has.count) kept.count = &*has.count;
  }
}

void RecipeBuilder::assign(const Assignment& assignment, const Node* condition) {
  if (!model_.has_column_or_param(assignment.name)) {
    const bool relation = model_.relation(assignment.name) != nullptr;
    report(ErrorCode::invalid_input, assignment.where,
           relation ? fmt::format("'{}' is a relation; it goes under 'refs'", assignment.name)
                    : fmt::format("column '{}' is not in table '{}'{}", assignment.name,
                                  model_.table->name.to_string(),
                                  did_you_mean(assignment.name, model_.column_and_param_names())));
    return;
  }
  auto& values = values_[assignment.name];
  if (condition == nullptr) values.clear();
  // The nodes belong to the library, or to a layer that the book keeps.
  values.push_back({condition, &assignment.value, std::nullopt, assignment.where});
}

void RecipeBuilder::apply(const Setting& setting) {
  const auto before = findings_.size();
  apply_setting(setting);
  for (auto i = before; i < findings_.size(); ++i) {
    if (!findings_[i].where.known()) findings_[i].where = setting.where;
  }
}

void RecipeBuilder::apply_setting(const Setting& setting) {
  if (!overridden_.insert(setting.path).second) {
    report(ErrorCode::invalid_input, {}, fmt::format("'{}' is set twice", setting.path));
    return;
  }
  const auto& path = setting.path;
  const auto& value = setting.value;
  if (value.cycle() != nullptr) {
    report(ErrorCode::invalid_input, {},
           fmt::format("'{}' takes its values in turn, which is for lists of records; a load takes "
                       "an expression, such as cycle('a', 'b')",
                       path));
    return;
  }
  const bool row = value.record() != nullptr || value.record_name() != nullptr;
  const bool relation = model_.relation(path) != nullptr;
  if (model_.has_column_or_param(path) && !(relation && row)) return apply_to_column(path, value);
  if (relation) return apply_to_relation(path, value);
  const auto dot = path.find('.');
  const auto head = path.substr(0, dot);
  if (dot != std::string::npos && model_.relation(head) != nullptr) {
    stated_[head].nested.push_back({path.substr(dot + 1), value});
    return;
  }
  auto known = model_.column_and_param_names();
  const auto relations = model_.relation_names();
  known.insert(known.end(), relations.begin(), relations.end());
  report(ErrorCode::invalid_input, {},
         fmt::format("'{}' is no column, parameter or relation of table '{}'{}", head,
                     model_.table->name.to_string(), did_you_mean(head, known)));
}

void RecipeBuilder::apply_to_relation(const std::string& relation, const SettingValue& value) {
  auto& stated = stated_[relation];
  if (value.literal() != nullptr && value.literal()->is_null()) {
    stated.absent = true;
  } else if (value.record() != nullptr) {
    stated.existing = *value.record();
  } else if (value.record_name() != nullptr) {
    stated.existing = find_record_(value.record_name()->name);
  } else if (value.document() != nullptr) {
    for (auto& nested : settings_of(*value.document())) stated.nested.push_back(std::move(nested));
  } else {
    report(ErrorCode::invalid_input, {},
           fmt::format("relation '{0}' takes a record, such as @name, or overrides of its row, "
                       "such as {0}.id",
                       relation));
  }
  const auto& parent = model_.relation(relation)->key->parent;
  if (stated.existing && stated.existing->table() != parent) {
    report(ErrorCode::invalid_input, {},
           fmt::format("relation '{}' leads to table '{}', not to '{}'", relation,
                       parent.to_string(), stated.existing->table().to_string()));
  }
}

void RecipeBuilder::apply_to_column(const std::string& name, const SettingValue& value) {
  auto expression = override_of(name, value);
  if (!expression) return;
  values_[name] = {{nullptr, nullptr, std::move(expression), {}}};
}

std::optional<Expression> RecipeBuilder::override_of(const std::string& name,
                                                     const SettingValue& value) {
  if (const auto* expression = value.expression()) {
    return Expression::compile(expression->text, {fmt::format("'{}'", name)}, *model_.scope,
                               findings_);
  }
  Value literal;
  if (value.literal() != nullptr) {
    literal = *value.literal();
  } else if (value.document() != nullptr) {
    return Expression::literal(JsonView{value.document()->json});
  } else if (value.record_name() != nullptr && value.record_name()->or_literal) {
    literal = "@" + value.record_name()->name;
  } else {
    report(ErrorCode::invalid_input, {}, fmt::format("'{}' is no relation", name));
    return std::nullopt;
  }
  try {
    return Expression::literal(stated_literal(model_, name, literal));
  } catch (const Error& error) {
    report(error.code(), {}, error.what());
    return std::nullopt;
  }
}

Scalar stated_literal(const FactoryModel& model, const std::string& name, const Value& literal) {
  try {
    const auto* column = model.table->find_column(name);
    return column != nullptr ? typed_literal(literal, *column)
                             : param_literal(literal, model.params.find(name)->second);
  } catch (const Error& error) {
    throw Error{error.code(), fmt::format("column '{}': {}", name, error.what())};
  }
}

}  // namespace seedbed::detail
