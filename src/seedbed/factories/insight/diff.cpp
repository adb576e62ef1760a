#include "seedbed/factories/insight/diff.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/insight/lone_rows.hpp"
#include "seedbed/factories/insight/recipe_compare.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed {

namespace {

using detail::ColumnSource;
using detail::LoneRows;
using detail::Recipe;

bool is_made(const Recipe& recipe, std::size_t column) {
  const auto source = recipe.columns[column].source;
  return source == ColumnSource::cell || source == ColumnSource::relation;
}

std::string describe(const SelfShape& shape) {
  constexpr std::array<std::string_view, 3> kShapes{"tree", "chain", "random"};
  const auto name = kShapes.at(static_cast<std::size_t>(shape.shape));
  const auto fanout = shape.shape == Shape::tree ? fmt::format(", fanout {}", shape.fanout) : "";
  const auto roots = shape.roots.probability ? fmt::format("{}%", *shape.roots.probability * 100)
                                             : fmt::format("{}", shape.roots.count);
  return fmt::format("an earlier row, shape {}{}, roots {}", name, fanout, roots);
}

std::string describe(const detail::RelationPlan& relation) {
  switch (relation.use) {
    case detail::RelationUse::none: return "NULL";
    case detail::RelationUse::implied: return "the row that a wider key leads to";
    case detail::RelationUse::earlier: return describe(*relation.shape);
    case detail::RelationUse::link:
    case detail::RelationUse::existing:
    case detail::RelationUse::needed: break;
  }
  const auto traits = relation.arguments.traits.empty()
                          ? std::string{}
                          : fmt::format(" with {}", join(relation.arguments.traits, ", "));
  constexpr std::array<std::string_view, 4> kShares{"", ", share graph", ", share scenario",
                                                    ", share none"};
  return fmt::format("a row of '{}'{}{}", relation.factory, traits,
                     kShares.at(static_cast<std::size_t>(relation.share)));
}

std::string shown(const ScalarView& value) {
  return is_null(value) ? "NULL" : to_text(value);
}

/// How many rows both sides can make: a unique column ends with its values.
std::uint64_t most_rows(const Recipe& recipe, std::uint64_t wanted) {
  for (const auto& cell : recipe.cells) {
    if (cell.domain != nullptr) wanted = std::min(wanted, cell.domain->size());
  }
  return wanted;
}

class FactoryDiffer {
 public:
  FactoryDiffer(const Schema& schema, const FactoryLibrary& before, const FactoryLibrary& after,
                const SessionOptions& options, std::uint64_t rows)
      : before_library_{before},
        after_library_{after},
        before_{before.definitions(), schema, options},
        after_{after.definitions(), schema, options} {
    diff_.rows = rows;
  }

  FactoriesDiff diff() {
    const auto old_names = before_library_.factory_names();
    const auto new_names = after_library_.factory_names();
    std::set<std::string> names{old_names.begin(), old_names.end()};
    names.insert(new_names.begin(), new_names.end());
    for (const auto& name : names) {
      const bool was = std::binary_search(old_names.begin(), old_names.end(), name);
      const bool is = std::binary_search(new_names.begin(), new_names.end(), name);
      if (was && is) {
        compare_factory(name);
      } else {
        add_whole(name, {}, was ? CellChange::removed : CellChange::added);
      }
    }
    return std::move(diff_);
  }

 private:
  void add_whole(const std::string& factory, const std::string& trait, CellChange change) {
    auto& workshop = change == CellChange::removed ? before_ : after_;
    const auto& table = workshop.book.models().at(factory).table->name;
    diff_.columns.push_back({factory, trait, table, {}, change, 0, {}, {}});
  }

  void compare_factory(const std::string& factory) {
    const auto& old_table = before_.book.models().at(factory).table->name;
    const auto& new_table = after_.book.models().at(factory).table->name;
    if (old_table != new_table) {
      diff_.columns.push_back({factory,
                               {},
                               new_table,
                               {},
                               CellChange::changed,
                               0,
                               "table " + old_table.to_string(),
                               "table " + new_table.to_string()});
      return;
    }
    const auto plain = compare(factory, {});
    diff_.columns.insert(diff_.columns.end(), plain.begin(), plain.end());
    compare_traits(factory, plain);
  }

  static bool is_among(const std::vector<ColumnDiff>& columns, const ColumnDiff& wanted) {
    return std::any_of(columns.begin(), columns.end(), [&](const ColumnDiff& column) {
      return column.column == wanted.column && column.change == wanted.change;
    });
  }

  void compare_traits(const std::string& factory, const std::vector<ColumnDiff>& plain) {
    const auto old_traits = before_library_.trait_names(factory);
    const auto new_traits = after_library_.trait_names(factory);
    std::set<std::string> traits{old_traits.begin(), old_traits.end()};
    traits.insert(new_traits.begin(), new_traits.end());
    for (const auto& trait : traits) {
      const bool was = std::binary_search(old_traits.begin(), old_traits.end(), trait);
      const bool is = std::binary_search(new_traits.begin(), new_traits.end(), trait);
      if (!was || !is) {
        add_whole(factory, trait, was ? CellChange::removed : CellChange::added);
        continue;
      }
      // What changes without the trait as well is said once.
      for (auto& column : compare(factory, trait)) {
        if (!is_among(plain, column)) diff_.columns.push_back(std::move(column));
      }
    }
  }

  std::vector<ColumnDiff> compare(const std::string& factory, const std::string& trait) {
    CallArguments arguments;
    if (!trait.empty()) arguments.traits.push_back(trait);
    auto count = diff_.rows;
    for (auto* workshop : {&before_, &after_}) {
      count = most_rows(LoneRows{*workshop, factory, arguments, {}}.recipe(), count);
    }
    LoneRows old_rows{before_, factory, arguments, {1, count}};
    LoneRows new_rows{after_, factory, arguments, {1, count}};
    std::vector<ColumnDiff> columns;
    const auto& table = old_rows.recipe().table();
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const bool was = is_made(old_rows.recipe(), column);
      const bool is = is_made(new_rows.recipe(), column);
      if (!was && !is) continue;
      ColumnDiff diff{factory, trait, table.name, table.columns[column].name};
      if (was && is) {
        compare_column(old_rows, new_rows, column, diff);
      } else {
        diff.change = was ? CellChange::removed : CellChange::added;
      }
      columns.push_back(std::move(diff));
    }
    compare_children(old_rows, new_rows, {factory, trait, table.name}, columns);
    return columns;
  }

  static void compare_column(LoneRows& old_rows, LoneRows& new_rows, std::size_t column,
                             ColumnDiff& diff) {
    auto& was = old_rows.frame();
    auto& is = new_rows.frame();
    if (was.knows(column) && is.knows(column)) {
      const auto before = was.column(column);
      const auto after = is.column(column);
      for (std::size_t row = 0; row < before.size(); ++row) {
        if (before[row] == after[row]) continue;
        diff.change = CellChange::changed;
        diff.row = static_cast<std::uint64_t>(was.row_number(row));
        diff.before = shown(before[row]);
        diff.after = shown(after[row]);
        return;
      }
      return;
    }
    // Keys that the database makes are not known: what can be compared is where they come from.
    const auto reference = [&](const Recipe& recipe) {
      const auto& plan = recipe.columns[column];
      return plan.source == ColumnSource::relation ? describe(recipe.relations[plan.index])
                                                   : std::string{"a value"};
    };
    diff.before = reference(old_rows.recipe());
    diff.after = reference(new_rows.recipe());
    if (diff.before != diff.after) diff.change = CellChange::changed;
  }

  static void compare_children(LoneRows& old_rows, LoneRows& new_rows, const ColumnDiff& where,
                               std::vector<ColumnDiff>& columns) {
    std::set<std::string> names;
    for (const auto& children : old_rows.recipe().children) names.insert(children.name);
    for (const auto& children : new_rows.recipe().children) names.insert(children.name);
    for (const auto& name : names) {
      auto diff = where;
      diff.column = "has " + name;
      for (std::uint64_t offset = 0; offset < old_rows.root().count; ++offset) {
        const auto was = rows_below(old_rows, name, offset);
        const auto is = rows_below(new_rows, name, offset);
        if (was == is) continue;
        diff.change = CellChange::changed;
        diff.row = old_rows.root().row(offset);
        diff.before = fmt::format("{} rows", was);
        diff.after = fmt::format("{} rows", is);
        break;
      }
      columns.push_back(std::move(diff));
    }
  }

  static std::uint64_t rows_below(LoneRows& rows, const std::string& name, std::uint64_t offset) {
    const auto children = rows.recipe().find_children(name);
    if (!children) return 0;
    std::uint64_t count = 0;
    for (const auto& [block, range] : rows.frame().ranges_below(*children, offset)) {
      count += range.second - range.first;
    }
    return count;
  }

  const FactoryLibrary& before_library_;
  const FactoryLibrary& after_library_;
  detail::Workshop before_;
  detail::Workshop after_;
  FactoriesDiff diff_;
};

}  // namespace

std::string_view to_string(CellChange change) noexcept {
  switch (change) {
    case CellChange::unchanged: return "unchanged";
    case CellChange::added: return "added";
    case CellChange::removed: return "removed";
    case CellChange::changed: return "changed";
  }
  return "";
}

bool FactoriesDiff::differs() const noexcept {
  return std::any_of(columns.begin(), columns.end(), [](const ColumnDiff& column) {
    return column.change != CellChange::unchanged;
  });
}

FactoriesDiff diff_factories(const Schema& schema, const FactoryLibrary& before,
                             const FactoryLibrary& after, const SessionOptions& options,
                             std::uint64_t rows) {
  if (rows == 0 || rows > kMostDiffRows) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("between 1 and {} rows can be compared", kMostDiffRows)};
  }
  return FactoryDiffer{schema, before, after, options, rows}.diff();
}

}  // namespace seedbed
