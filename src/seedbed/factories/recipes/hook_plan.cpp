#include "seedbed/factories/recipes/hook_plan.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/syntax.hpp"
#include "seedbed/factories/recipes/model.hpp"

namespace seedbed::detail {

namespace {

using Path = std::vector<std::string>;

/// The parts of `items.0.name`; a part in backticks may hold dots.
Path parts_of(std::string_view path) {
  Path parts(1);
  bool quoted = false;
  for (const char c : path) {
    if (c == '`') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// Splits a statement into texts and bound arguments.
class StatementReader {
 public:
  StatementReader(const FactoryModel& model, ModelBook& models, const ExpressionSource& source)
      : model_{model}, models_{models}, source_{source}, text_{source.text()} {}

  /// nullopt after a finding.
  std::optional<HookPlan> read() {
    plan_.texts.emplace_back();
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if (c == '\'') quoted_ = !quoted_;
      if (c == '{' && !doubled) {
        read_argument();
        continue;
      }
      if (c == '}' && !doubled) report("'}' without '{'; write }} for a brace");
      plan_.texts.back() += c;
      at_ += (c == '{' || c == '}') && doubled ? 2 : 1;
    }
    return ok_ ? std::optional{std::move(plan_)} : std::nullopt;
  }

 private:
  void report(std::string_view message) {
    source_.report(at_, fmt::format("factory '{}': after_create: {}", model_.name, message));
    ok_ = false;
  }

  void read_argument() {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) {
      report("'{' is not closed; write {{ for a brace");
      at_ = text_.size();
      return;
    }
    const auto path = text_.substr(at_ + 1, end - at_ - 1);
    if (quoted_) {
      report(fmt::format("'{{{}}}' stands in quotes; it is bound as a value, so leave them out",
                         path));
    } else {
      resolve(parts_of(path));
    }
    plan_.texts.emplace_back();
    at_ = end + 1;
  }

  void resolve(const Path& path) {
    const auto& name = path.front();
    if (path.size() == 1 && model_.has_column_or_param(name)) {
      plan_.arguments.push_back({name, {}, nullptr, {}});
    } else if (const auto* relation = model_.relation(name)) {
      resolve_above(*relation, path);
    } else if (const auto* children = model_.find_children(name)) {
      resolve_below(*children, path);
    } else {
      auto known = model_.column_and_param_names();
      const auto above = model_.relation_names();
      const auto below = model_.children_names();
      known.insert(known.end(), above.begin(), above.end());
      known.insert(known.end(), below.begin(), below.end());
      report(model_.has_column_or_param(name)
                 ? fmt::format("'{}' is a column; nothing is below it", name)
                 : fmt::format("'{}' is no column, param or relation{}", name,
                               did_you_mean(name, known)));
    }
  }

  void resolve_above(const RelationModel& relation, const Path& path) {
    if (path.size() != 2) {
      report(fmt::format("'{0}' is a row above; name one of its columns, such as {0}.{1}",
                         relation.name, relation.key->parent_columns.front()));
      return;
    }
    const auto* table = relation.factory.empty() ? nullptr : models_.at(relation.factory).table;
    if (table == nullptr || !has_column(*table, path[1])) return;
    plan_.arguments.push_back({path[1], relation.name, relation.key, {}});
  }

  void resolve_below(const ChildrenModel& children, const Path& path) {
    const auto place = path.size() == 3 ? parse_count(path[1]) : std::nullopt;
    if (!place) {
      report(
          fmt::format("'{0}' are rows below; say which, from 0, and its column, such as "
                      "{0}.0.{1}",
                      children.name, children.table->columns.front().name));
      return;
    }
    if (!has_column(*children.table, path[2])) return;
    plan_.arguments.push_back({path[2], children.name, nullptr, *place});
  }

  bool has_column(const Table& table, const std::string& column) {
    if (table.find_column(column) != nullptr) return true;
    report(fmt::format("column '{}' is not in table '{}'{}", column, table.name.to_string(),
                       did_you_mean(column, table.column_names())));
    return false;
  }

  const FactoryModel& model_;
  ModelBook& models_;
  const ExpressionSource& source_;
  std::string_view text_;
  HookPlan plan_{};
  std::size_t at_ = 0;
  bool quoted_ = false;
  bool ok_ = true;
};

bool contains(const std::vector<HookPlan>& hooks, const HookDefinition& definition) {
  return std::any_of(hooks.begin(), hooks.end(),
                     [&](const HookPlan& known) { return known.definition == &definition; });
}

/// nullopt after a finding.
std::optional<HookPlan> plan_hook(const HookDefinition& definition, const FactoryModel& model,
                                  ModelBook& models, Diagnostics& findings) {
  std::optional<HookPlan> plan{std::in_place};
  if (!definition.call) {
    const ExpressionSource source{definition.sql, definition.where, findings};
    plan = StatementReader{model, models, source}.read();
  }
  if (plan) plan->definition = &definition;
  return plan;
}

}  // namespace

std::vector<HookPlan> plan_hooks(const std::vector<const Layer*>& layers, const FactoryModel& model,
                                 ModelBook& models, Diagnostics& findings) {
  std::vector<HookPlan> hooks;
  for (const auto* layer : layers) {
    for (const auto& definition : layer->after_create) {
      if (contains(hooks, definition)) continue;
      auto plan = plan_hook(definition, model, models, findings);
      if (plan) hooks.push_back(std::move(*plan));
    }
  }
  return hooks;
}

}  // namespace seedbed::detail
