#include "seedbed/factories/record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/record_graph.hpp"

namespace seedbed {

namespace {

template <typename Links>
std::vector<std::string> names_of(const Links& links) {
  std::vector<std::string> names;
  names.reserve(links.size());
  for (const auto& link : links) names.push_back(link.relation);
  return names;
}

template <typename Links>
const auto& find_link(const Links& links, std::string_view name, const std::string& factory) {
  const auto found = std::find_if(links.begin(), links.end(),
                                  [&](const auto& link) { return link.relation == name; });
  if (found != links.end()) return *found;
  throw Error{ErrorCode::not_found, fmt::format("a record of '{}' has no relation '{}'{}", factory,
                                                name, did_you_mean(name, names_of(links)))};
}

}  // namespace

Record::Record(std::shared_ptr<const RecordGraph> graph, std::size_t position)
    : graph_{std::move(graph)}, position_{position} {}

const std::string& Record::factory() const noexcept {
  return graph_->nodes[position_].factory;
}
const TableName& Record::table() const noexcept {
  return graph_->nodes[position_].table->name;
}
std::uint64_t Record::row() const noexcept {
  return graph_->nodes[position_].row;
}

const Column* Record::find_column(std::string_view column) const noexcept {
  return graph_->nodes[position_].table->find_column(column);
}

bool Record::has(std::string_view column) const noexcept {
  const auto& node = graph_->nodes[position_];
  const auto* found = node.table->find_column(column);
  return found != nullptr &&
         node.values[static_cast<std::size_t>(found - node.table->columns.data())].has_value();
}

const Value& Record::operator[](std::string_view column) const {
  const auto& node = graph_->nodes[position_];
  const auto& value = node.values[node.table->column_index(column)];
  if (value) return *value;
  throw Error{
      ErrorCode::not_found,
      fmt::format("the record of '{}' has no '{}': the database makes it", node.factory, column)};
}

void Record::throw_wrong_type(std::string_view column, const Error& error) const {
  throw Error{error.code(),
              fmt::format("record of '{}': column '{}': {}", factory(), column, error.what())};
}

std::vector<std::string> Record::column_names() const {
  return graph_->nodes[position_].table->column_names();
}

const Value& Record::id() const {
  const auto& node = graph_->nodes[position_];
  if (node.table->primary_key.size() == 1) return (*this)[node.table->primary_key.front()];
  throw Error{ErrorCode::invalid_input, fmt::format("table '{}' has no primary key of one column",
                                                    node.table->name.to_string())};
}

const Value& Record::param(std::string_view name) const {
  const auto& node = graph_->nodes[position_];
  std::vector<std::string> known;
  for (const auto& [param, value] : node.params) {
    if (param == name) return value;
    known.push_back(param);
  }
  throw Error{ErrorCode::not_found, fmt::format("the record of '{}' has no param '{}'{}",
                                                node.factory, name, did_you_mean(name, known))};
}

std::vector<std::pair<std::string, Value>> Record::values() const {
  const auto& node = graph_->nodes[position_];
  std::vector<std::pair<std::string, Value>> values;
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    if (node.values[i]) values.emplace_back(node.table->columns[i].name, *node.values[i]);
  }
  return values;
}

std::vector<std::string> Record::relations() const {
  return names_of(graph_->nodes[position_].above);
}
std::vector<std::string> Record::child_relations() const {
  return names_of(graph_->nodes[position_].below);
}

Record Record::alone() const {
  auto graph = std::make_shared<RecordGraph>();
  auto& node = graph->nodes.emplace_back(graph_->nodes[position_]);
  for (const auto& above : node.above) {
    for (const auto& column : above.columns) node.values[node.table->column_index(column)].reset();
  }
  node.params.clear();
  node.above.clear();
  node.below.clear();
  return {std::move(graph), 0};
}

Record Record::relation(std::string_view name) const {
  const auto& link = find_link(graph_->nodes[position_].above, name, factory());
  if (link.record) return *link.record;
  return {graph_, *link.node};
}

std::vector<Record> Record::children(std::string_view name) const {
  std::vector<Record> records;
  for (const auto node : find_link(graph_->nodes[position_].below, name, factory()).nodes) {
    records.emplace_back(graph_, node);
  }
  return records;
}

}  // namespace seedbed
