#include "seedbed/factories/insight/lone_rows.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/names.hpp"
#include "seedbed/factories/rows/writer.hpp"

namespace seedbed::detail {

namespace {

/// A named record as it would be built.
Record lone_record(Workshop& workshop, const std::string& name) {
  const auto& records = workshop.definitions.records;
  const auto found = records.find(name);
  if (found == records.end()) {
    throw Error{ErrorCode::not_found, fmt::format("there is no record '{}'{}", name,
                                                  did_you_mean(name, keys_of(records)))};
  }
  const auto& definition = found->second;
  if (!workshop.open_records.insert(name).second) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("record '{}' refers to itself", name),
                {.where = definition.where}};
  }
  const auto close = [&](const std::string* open) { workshop.open_records.erase(*open); };
  const std::unique_ptr<const std::string, decltype(close)> guard{&name, close};
  return LoneRows{workshop, definition.factory, definition.arguments, {}}.records().front();
}

/// Follows what the cells of one row read.
class LoneCells {
 public:
  explicit LoneCells(const Recipe& recipe) : recipe_{recipe} {}

  bool alone(const CellPlan& cell) {
    if (!seen_.insert(cell.name).second) return true;
    const auto& all = cell.candidates;
    return std::all_of(all.begin(), all.end(), [&](const Candidate& candidate) {
      return alone(candidate.value) && (!candidate.condition || alone(*candidate.condition));
    });
  }

 private:
  bool alone(const Expression& expression) {
    const auto& reads = expression.dependencies();
    if (!reads.relations.empty() || !reads.children.empty()) return false;
    return std::all_of(reads.names.begin(), reads.names.end(),
                       [&](const std::string& name) { return alone(name); });
  }

  bool alone(const std::string& name) {
    const auto next = std::find_if(recipe_.cells.begin(), recipe_.cells.end(),
                                   [&](const CellPlan& other) { return other.name == name; });
    if (next != recipe_.cells.end()) return alone(*next);
    return recipe_.columns[recipe_.table().column_index(name)].source == ColumnSource::null;
  }

  const Recipe& recipe_;
  std::set<std::string_view> seen_;
};

}  // namespace

LoneRows::LoneRows(Workshop& workshop, std::string_view factory, const CallArguments& arguments,
                   RowRange range, CellObserver* observer) {
  const RecordFinder find = [&](const std::string& name) { return lone_record(workshop, name); };
  auto recipe = workshop.book.recipe({factory, arguments, {}}, find);
  const auto* root = &recipe->table();
  std::map<const Table*, std::uint64_t> next{{root, range.first}};
  PlanContext context{.book = workshop.book,
                      .find_record = find,
                      .take_rows =
                          [&](const Table& table, std::uint64_t count) {
                            auto& number = next.try_emplace(&table, 1).first->second;
                            return std::exchange(number, number + count);
                          },
                      .key_base = [](const Table&) { return std::optional<std::int64_t>{}; },
                      .now_micros = workshop.options.now_micros};
  Planner planner{std::move(context)};
  planner.add_root(std::move(recipe), range.last - range.first + 1);
  blocks_ = std::move(planner.blocks());
  generation_.now_micros = workshop.options.now_micros;
  generation_.observer = observer;
  std::vector<const Block*> blocks;
  for (const auto& block : blocks_) blocks.push_back(block.get());
  begin_batch(generation_, blocks, 0, blocks_.front()->count);
}

std::vector<Record> LoneRows::records() {
  std::vector<const Block*> blocks;
  for (const auto& block : blocks_) blocks.push_back(block.get());
  const auto graph = make_graph(generation_, blocks, {});
  std::vector<Record> records;
  // The root is planned first, so its rows are the first of the graph.
  for (std::size_t row = 0; row < root().count; ++row) records.emplace_back(graph, row);
  return records;
}

std::string factory_named(Workshop& workshop, std::string_view name) {
  auto& models = workshop.book.models();
  if (workshop.definitions.factories.contains(name)) return std::string{name};
  if (const auto* table = models.schema().find(name)) return models.factory_for(*table);
  auto known = keys_of(workshop.definitions.factories);
  for (auto& table : models.schema().table_names()) known.push_back(std::move(table));
  throw Error{ErrorCode::not_found,
              fmt::format("there is no factory or table '{}'{}", name, did_you_mean(name, known))};
}

bool stands_alone(const Recipe& recipe, const CellPlan& cell) {
  return LoneCells{recipe}.alone(cell);
}

}  // namespace seedbed::detail
