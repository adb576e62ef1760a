#include "seedbed/factories/recipes/recipe.hpp"

#include <algorithm>

#include "seedbed/core/random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/recipe_builder.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

template <typename Items>
std::optional<std::size_t> position(const Items& items, std::string_view name) noexcept {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  if (found == items.end()) return std::nullopt;
  return static_cast<std::size_t>(found - items.begin());
}

bool reads(const CellPlan& cell, const std::string& name) {
  const auto reads = [&](const Expression& expression) {
    const auto& names = expression.dependencies().names;
    return std::binary_search(names.begin(), names.end(), name);
  };
  return std::any_of(cell.candidates.begin(), cell.candidates.end(), [&](const auto& candidate) {
    return reads(candidate.value) || (candidate.condition && reads(*candidate.condition));
  });
}

/// The recipe with other values of the literals that were stated for it.
RecipePointer with_literals(const Recipe& recipe, const std::vector<Setting>& settings) {
  auto made = std::make_shared<Recipe>(recipe);
  for (const auto& setting : settings) {
    const auto cell = position(made->cells, setting.path);
    made->cells[*cell].candidates.front().value =
        Expression::literal(stated_literal(*recipe.model, setting.path, *setting.value.literal()));
  }
  return made;
}

}  // namespace

void Recipe::sort_columns() {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto source = columns[i].source;
    if (source == ColumnSource::cell || source == ColumnSource::relation) {
      carried.push_back(i);
    } else if (source == ColumnSource::database && counted_column(table()) == &table().columns[i]) {
      counted = i;
    } else if (source == ColumnSource::database) {
      made.push_back(i);
    }
  }
  reads_counted = counted && std::any_of(cells.begin(), cells.end(), [&](const CellPlan& cell) {
                    return reads(cell, table().columns[*counted].name);
                  });
}

std::optional<std::size_t> Recipe::param(std::string_view name) const noexcept {
  const auto found = position(cells, name);
  return found && cells[*found].column == nullptr ? found : std::nullopt;
}
std::optional<std::size_t> Recipe::relation(std::string_view name) const noexcept {
  return position(relations, name);
}
std::optional<std::size_t> Recipe::find_children(std::string_view name) const noexcept {
  return position(children, name);
}

std::uint64_t RecipeBook::key(const FactoryModel& model, std::string_view name) const {
  const auto [entry, fresh] = keys_.try_emplace({model.cell_prefix, std::string{name}}, 0);
  if (fresh) entry->second = cell_key(seed_, model.cell_prefix + "." + to_lower(name) + "@1");
  return entry->second;
}

std::uint64_t RecipeBook::draw_key(const FactoryModel& model, std::string_view name) const {
  if (draw_seed_ == seed_) return key(model, name);
  return cell_key(draw_seed_, model.cell_prefix + "." + to_lower(name) + "@1");
}

void RecipeBook::set_draw_seed(std::uint64_t seed) {
  if (draw_seed_ == seed) return;
  draw_seed_ = seed;
  known_.clear();
}

std::optional<Expression> RecipeBook::compile(const Node& node, const FactoryModel& model,
                                              Diagnostics& findings) {
  const auto known = compiled_.find({&node, &model});
  if (known != compiled_.end()) return known->second;
  auto expression = node.kind == NodeKind::scalar || node.kind == NodeKind::null
                        ? Expression::compile_scalar(node, *model.scope, findings)
                        : Expression::literal(JsonView{json_text(node)});
  if (expression) compiled_.emplace(std::pair{&node, &model}, *expression);
  return expression;
}

std::optional<Expression> RecipeBook::compile_count(const Node& node, const FactoryModel& model,
                                                    Diagnostics& findings) {
  if (node.kind != NodeKind::scalar || node.text.starts_with('=')) {
    return compile(node, model, findings);
  }
  if (const auto count = parse_count(node.text)) {
    return Expression::literal(static_cast<std::int64_t>(*count));
  }
  // `1..4` is a range without the sign that makes an expression.
  if (node.text.find("..") != std::string::npos) {
    return Expression::compile(node.text, node.where, *model.scope, findings);
  }
  findings.push_back({ErrorCode::invalid_input,
                      "'" + node.text + "' is no count; write 3, 1..4 or an expression",
                      node.where});
  return std::nullopt;
}

const Layer& RecipeBook::label_layer(const std::string& column, const std::string& label) {
  auto& layer = label_layers_[{column, label}];
  if (layer == nullptr) {
    Node value;
    value.kind = NodeKind::scalar;
    // A label may look like an expression; doubled signs are literal ones.
    value.text = (label.starts_with('=') ? "=" : "") + label;
    value.quoted = true;
    Layer made;
    made.set.push_back({column, std::move(value), {}});
    layer = std::make_unique<const Layer>(std::move(made));
  }
  return *layer;
}

RecipePointer RecipeBook::recipe(const RecipeRequest& request, const RecordFinder& find_record) {
  const auto& model = models_.at(request.factory);
  const auto& arguments = request.arguments;
  const auto& set = arguments.set;
  const bool literal = arguments.has.empty() && std::all_of(set.begin(), set.end(), [&](auto& s) {
                         return s.value.literal() != nullptr && model.has_column_or_param(s.path);
                       });
  const auto build = [&] { return RecipeBuilder{*this, model, request, find_record}.build(); };
  if (!literal) return build();
  std::string name{request.factory};
  name.append("\n").append(request.link);
  for (const auto& trait : arguments.traits) name.append("\n").append(trait);
  for (const auto& setting : set) name.append("\n=").append(setting.path);
  const auto known = known_.find(name);
  if (known == known_.end()) {
    return known_.emplace(std::move(name), build()).first->second;
  }
  if (set.empty()) return known->second;
  try {
    return with_literals(*known->second, set);
  } catch (const Error&) {
    return build();  // throws with every finding
  }
}

}  // namespace seedbed::detail
