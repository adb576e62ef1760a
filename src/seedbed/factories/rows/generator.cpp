#include "seedbed/factories/rows/generator.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/plan/unique_values.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"
#include "seedbed/factories/rows/frame_links.hpp"

namespace seedbed::detail {

namespace {

constexpr int kMaximumFrames = 64;

template <typename T>
class Restore {
 public:
  Restore(T& variable, T value) : variable_{variable}, old_{std::exchange(variable, value)} {}
  ~Restore() { variable_ = old_; }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  T& variable_;
  T old_;
};

[[noreturn]] void fail(ErrorCode code, const std::string& message, const SourceSpot& where = {}) {
  throw Error{code, message, {.where = where}};
}

/// What makes the value no count; empty when it is one. A real, as distributions draw, is rounded.
std::string_view no_count(const ScalarView& value) {
  if (is_null(value)) return "is NULL";
  const auto count = to_decimal(value, 0);
  if (!count) return "is no number of rows";
  const bool whole = std::holds_alternative<double>(value) || compare(value, *count) == 0;
  if (!whole) return "is no whole number; say how to round it, such as by round() or floor()";
  if (count->coefficient < 0) return "is below zero";
  return count->coefficient > static_cast<std::int64_t>(kMostRows) ? "is too large" : "";
}

}  // namespace

Generation::Generation() = default;
Generation::~Generation() = default;

BlockFrame* Generation::find(const Block& block) const noexcept {
  auto* frame = block.id < batch.size() ? batch[block.id].get() : nullptr;
  return frame != nullptr && &frame->block() == &block ? frame : nullptr;
}

BlockFrame::BlockFrame(Generation& generation, const Block& block,
                       std::span<const std::uint64_t> offsets, BlockFrame* origin)
    : generation_{generation},
      block_{block},
      offsets_{offsets},
      origin_{origin},
      depth_{origin != nullptr ? origin->depth_ + 1 : 0},
      cells_{generation.arena.array<Made>(block.recipe->cells.size())},
      columns_{generation.arena.array<Made>(block.recipe->columns.size())},
      reaches_(block.recipe->relations.size()) {
  if (depth_ <= kMaximumFrames) return;
  fail(ErrorCode::invalid_input, fmt::format("factory '{}': its columns need each other through "
                                             "other rows",
                                             block.recipe->model->name));
}

BlockFrame::~BlockFrame() = default;

std::int64_t BlockFrame::row_number(std::size_t row) const {
  return static_cast<std::int64_t>(block_.row(offsets_[row]));
}
std::span<const std::uint64_t> BlockFrame::row_numbers() {
  if (row_numbers_.empty()) {
    const auto numbers = arena().uninitialised<std::uint64_t>(rows());
    std::transform(offsets_.begin(), offsets_.end(), numbers.begin(),
                   [this](std::uint64_t offset) { return block_.row(offset); });
    row_numbers_ = numbers;
  }
  return row_numbers_;
}
std::int64_t BlockFrame::index(std::size_t row) const {
  return static_cast<std::int64_t>(block_.index(offsets_[row], generation_.starts));
}

ScalarColumn BlockFrame::name(std::string_view name) {
  if (const auto param = block_.recipe->param(name)) return cell(*param);
  return column(block_.recipe->table().column_index(name));
}

ScalarColumn BlockFrame::column(std::size_t index) {
  const auto& plan = block_.recipe->columns[index];
  if (plan.source == ColumnSource::cell) return cell(plan.index);
  auto& made = columns_[index];
  if (made.state == Made::State::known) return made.values;
  const auto& column = block_.recipe->table().columns[index];
  switch (plan.source) {
    case ColumnSource::relation: made.values = key_member(plan); break;
    case ColumnSource::database: made.values = database_keys(column); break;
    case ColumnSource::cell:
    case ColumnSource::null: made.values = nulls(); break;
  }
  made.state = Made::State::known;
  return made.values;
}

ScalarColumn BlockFrame::cell(std::size_t index) {
  auto& made = cells_[index];
  if (made.state == Made::State::known) return made.values;
  const auto& plan = block_.recipe->cells[index];
  if (made.state == Made::State::open) {
    fail(ErrorCode::invalid_input,
         fmt::format("factory '{}': '{}' depends on itself through other rows",
                     block_.recipe->model->name, plan.name),
         plan.candidates.front().where);
  }
  made.state = Made::State::open;
  made.values = make_cell(plan);
  made.state = Made::State::known;
  return made.values;
}

ScalarColumn BlockFrame::make_cell(const CellPlan& plan) {
  if (offsets_.empty()) return {};
  auto values =
      plan.domain != nullptr ? permuted(plan) : evaluate(plan.candidates.front().value, plan.key);
  if (plan.candidates.size() > 1) values = chosen(plan, values);
  if (plan.column == nullptr) return values;
  try {
    return fit(values, *plan.column, arena());
  } catch (const Error& error) {
    fail(error.code(),
         fmt::format("factory '{}': column '{}': {}", block_.recipe->model->name, plan.name,
                     error.what()),
         plan.candidates.front().where);
  }
}

/// Of the candidates whose condition holds the last one wins.
ScalarColumn BlockFrame::chosen(const CellPlan& plan, ScalarColumn base) {
  const auto values = arena().uninitialised<ScalarView>(base.size());
  std::copy(base.begin(), base.end(), values.begin());
  for (std::size_t i = 1; i < plan.candidates.size(); ++i) {
    const auto& candidate = plan.candidates[i];
    const auto holds = evaluate(*candidate.condition, plan.key);
    const auto others = evaluate(candidate.value, plan.key);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const auto* held = std::get_if<bool>(&holds[row]);
      if (held != nullptr && *held) values[row] = others[row];
    }
  }
  return values;
}

// A unique column walks through a permutation of its values, so that no two rows have the same one.
ScalarColumn BlockFrame::permuted(const CellPlan& plan) {
  const Permutation permutation{plan.key, plan.domain->size()};
  const auto values = arena().uninitialised<ScalarView>(rows());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto row = block_.row(offsets_[i]);
    require_unique_values(*block_.recipe, plan, row, row);
    const auto index = permutation.at(row - 1);
    if (auto* observer = generation_.observer) observer->permuted(plan, permutation, row, index);
    values[i] = plan.domain->at(index, arena());
  }
  return values;
}

ScalarColumn BlockFrame::evaluate(const Expression& expression, std::uint64_t key) {
  const Restore restore{cell_key_, key};
  if (generation_.observer != nullptr) return generation_.observer->evaluate(expression, *this);
  return expression.evaluate(*this);
}

std::vector<std::uint64_t> BlockFrame::counts(const Count& count) {
  std::vector<std::uint64_t> counts;
  for (const auto& value : evaluate(*count.expression, count.key)) {
    if (const auto reason = no_count(value); !reason.empty()) {
      fail(ErrorCode::invalid_input,
           fmt::format("factory '{}': the count of '{}' {}", block_.recipe->model->name, count.of,
                       reason),
           count.where);
    }
    counts.push_back(static_cast<std::uint64_t>(to_decimal(value, 0)->coefficient));
  }
  return counts;
}

ScalarColumn BlockFrame::key_member(const ColumnPlan& plan) {
  const auto& relation = block_.recipe->relations[plan.index];
  return reached_column(plan.index, relation.key->parent_columns[plan.member]);
}

ScalarColumn BlockFrame::database_keys(const Column& column) {
  const bool counted = counted_column(block_.recipe->table()) == &column;
  if (!counted || (!block_.key_base && block_.keys.empty())) {
    fail(ErrorCode::invalid_input,
         fmt::format("factory '{}': column '{}' is made by the database, so it has no value before "
                     "the row is written",
                     block_.recipe->model->name, column.name));
  }
  const auto values = arena().uninitialised<ScalarView>(rows());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (block_.key_base) {
      values[i] = *block_.key_base + static_cast<std::int64_t>(block_.row(offsets_[i]));
    } else {
      values[i] = kept(scalar_of(block_.keys[offsets_[i]], column));
    }
  }
  return values;
}

ScalarView BlockFrame::kept(const ScalarView& value) {
  if (const auto* text = std::get_if<TextView>(&value)) return TextView{arena().copy(text->text)};
  if (const auto* data = std::get_if<BytesView>(&value)) return BytesView{arena().copy(data->data)};
  if (const auto* json = std::get_if<JsonView>(&value)) return JsonView{arena().copy(json->text)};
  return value;
}

Scalar scalar_of(const Value& value, const Column& column) {
  if (value.is_null()) return Null{};
  if (!column.type.length) return typed_literal(value, column);
  Column any_length = column;
  any_length.type.length.reset();
  return typed_literal(value, any_length);
}

void begin_batch(Generation& generation, const std::vector<const Block*>& blocks,
                 std::uint64_t first, std::uint64_t last) {
  generation.batch.clear();
  generation.arena.reset();
  for (const auto* block : blocks) {
    const auto [begin, end] = block->rows_of_root(first, last, generation.starts);
    const auto offsets = generation.arena.uninitialised<std::uint64_t>(end - begin);
    std::iota(offsets.begin(), offsets.end(), begin);
    if (block->id >= generation.batch.size()) generation.batch.resize(block->id + 1);
    generation.batch[block->id] = std::make_unique<BlockFrame>(generation, *block, offsets);
  }
}

}  // namespace seedbed::detail
