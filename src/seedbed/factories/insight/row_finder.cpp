#include "seedbed/factories/insight/row_finder.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kMostDigits = 19;  // of an int64
constexpr auto kMostRows = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Adds the numbers without needless zeros whose first digit is at `begin`.
void add_numbers_at(std::string_view text, std::size_t begin, std::vector<std::int64_t>& numbers) {
  const bool zero = text[begin] == '0' && begin + 1 < text.size() && is_digit(text[begin + 1]);
  if (zero) return;
  const auto most = std::min(text.size(), begin + kMostDigits);
  for (auto end = begin; end < most && is_digit(text[end]); ++end) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data() + begin, text.data() + end + 1, number);
    if (parsed.ec != std::errc{}) return;
    numbers.push_back(number);
  }
}

/// Every number that some digits of the text stand for.
std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (is_digit(text[begin])) add_numbers_at(text, begin, numbers);
  }
  return numbers;
}

/// The row n with factor * n + offset == number.
std::optional<std::uint64_t> solve(const RowNumberForm& form, std::int64_t number) {
  __extension__ using Wide = __int128;
  const Wide rest = Wide{number} - form.offset;
  if (form.factor == 0 || rest % form.factor != 0) return std::nullopt;
  const Wide row = rest / form.factor;
  if (row < 1 || row > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(row);
}

}  // namespace

void require_column(const FactoryModel& model, std::string_view name) {
  if (model.table->find_column(name) != nullptr || model.params.contains(name)) return;
  throw Error{ErrorCode::not_found,
              fmt::format("factory '{}' has no column or parameter '{}'{}", model.name, name,
                          did_you_mean(name, model.column_and_param_names()))};
}

RowFinder::RowFinder(Workshop& workshop, const InsightTarget& target, std::string_view column,
                     std::string_view value)
    : workshop_{workshop},
      arguments_{target.arguments},
      factory_{factory_named(workshop, target.factory)},
      column_{column},
      text_{value} {
  require_column(workshop.book.models().at(factory_), column);
  const LoneRows rows{workshop_, factory_, arguments_, {}};
  recipe_ = rows.root().recipe;
  cell_ = &find_cell(*recipe_);
  if (!stands_alone(*recipe_, *cell_)) {
    refuse("its expression reads other rows, whose numbers depend on what made them", false);
  }
  value_ = cell_->column != nullptr ? typed_literal(Value{value}, *cell_->column)
                                    : Scalar{std::string{value}};
}

void RowFinder::refuse(const std::string& reason, bool scan_helps) const {
  throw Error{
      ErrorCode::unsupported,
      fmt::format("'{}.{}' cannot be searched: {}; {}", factory_, column_, reason,
                  scan_helps ? "--rows 1..1000000 makes the rows of that range and looks at each"
                             : "look for the value in the database")};
}

const CellPlan& RowFinder::find_cell(const Recipe& recipe) const {
  if (const auto param = recipe.param(column_)) return recipe.cells[*param];
  const auto& plan = recipe.columns[recipe.table().column_index(column_)];
  switch (plan.source) {
    case ColumnSource::cell: return recipe.cells[plan.index];
    case ColumnSource::relation: refuse("it is the key of another row", false);
    case ColumnSource::database: refuse("the database makes its values", false);
    case ColumnSource::null: break;
  }
  refuse("nothing states it, so it is NULL in every row", false);
}

bool RowFinder::equal(const ScalarView& cell) const {
  if (is_null(cell)) return false;
  return compare(cell, value_) == 0 || to_text(cell) == to_text(value_) || to_text(cell) == text_;
}

bool RowFinder::holds(std::uint64_t row) {
  LoneRows rows{workshop_, factory_, arguments_, {row, row}};
  try {
    return equal(rows.frame().name(column_).front());
  } catch (const Error& error) {
    // A row beyond the values of a unique column is no row.
    if (error.code() != ErrorCode::invalid_input) throw;
    return false;
  }
}

// Whatever else the expression holds, the row's number stands in the value, so it is one of the
// numbers that can be read there; making the row tells which.
std::vector<std::uint64_t> RowFinder::rows_with_digits(const RowNumberForm& form) const {
  std::set<std::uint64_t> rows;
  for (const auto number : numbers_in(text_)) {
    for (const auto signed_number : {number, -number}) {
      if (const auto row = solve(form, signed_number)) rows.insert(*row);
    }
  }
  return {rows.begin(), rows.end()};
}

void RowFinder::add_candidates(const CellPlan& cell, const Candidate& candidate,
                               std::vector<std::uint64_t>& rows) const {
  if (const auto* literal = candidate.value.literal_value()) {
    const auto fitted = cell.column != nullptr ? fit(*literal, *cell.column) : to_scalar(*literal);
    if (!equal(fitted)) return;
    refuse("the value is a literal, the same in every row that takes it", true);
  }
  if (const auto form = candidate.value.row_number_form()) {
    const auto found = rows_with_digits(*form);
    rows.insert(rows.end(), found.begin(), found.end());
    return;
  }
  refuse(
      "its expression has no inverse: it neither shows the row number, as \"ORD-{n}\" does, nor "
      "is it a unique column over a finite set of values",
      true);
}

std::vector<FoundRow> RowFinder::find() {
  std::vector<std::uint64_t> rows;
  if (cell_->domain != nullptr) {
    auto index = cell_->domain->index_of(value_);
    if (!index) index = cell_->domain->index_of(TextView{text_});
    const Permutation permutation{cell_->key, cell_->domain->size()};
    if (index && *index < permutation.size()) rows.push_back(permutation.index_of(*index) + 1);
  } else {
    for (const auto& candidate : cell_->candidates) add_candidates(*cell_, candidate, rows);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<FoundRow> found;
  for (const auto row : rows) {
    if (row <= kMostRows && holds(row)) found.push_back({factory_, recipe_->table().name, row});
  }
  return found;
}

std::vector<FoundRow> RowFinder::scan(RowRange range, Progress& progress) {
  std::vector<FoundRow> found;
  const auto total = range.last - range.first + 1;
  for (auto first = range.first;;) {
    progress.check();
    const auto last = std::min<std::uint64_t>(range.last, first + kBatchRows - 1);
    LoneRows rows{workshop_, factory_, arguments_, {first, last}};
    const auto values = rows.frame().name(column_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (equal(values[i])) found.push_back({factory_, recipe_->table().name, first + i});
    }
    progress.report({"find", recipe_->table().name.to_string(), last - range.first + 1, total, 0});
    if (last == range.last) return found;
    first = last + 1;
  }
}

}  // namespace seedbed::detail
