#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "seedbed/factories/rows/fitting.hpp"
#include "seedbed/factories/rows/writer.hpp"

namespace seedbed::detail {

namespace {

class GraphMaker {
 public:
  using Made = std::map<const Block*, std::vector<Writer::MadeRow>>;

  GraphMaker(Generation& generation, const std::vector<const Block*>& blocks, const Made& made)
      : generation_{generation}, made_{made}, graph_{std::make_shared<RecordGraph>()} {
    std::size_t nodes = 0;
    for (const auto* block : blocks) {
      if (block->id >= first_.size()) first_.resize(block->id + 1, kNowhere);
      first_[block->id] = nodes;
      nodes += generation.frame(*block).rows();
    }
    graph_->nodes.resize(nodes);
  }

  std::shared_ptr<const RecordGraph> make() {
    for (std::size_t id = 0; id < first_.size(); ++id) {
      if (first_[id] == kNowhere) continue;
      auto& frame = *generation_.batch[id];
      if (frame.rows() == 0) continue;
      const auto first = first_[id];
      fill(frame, {graph_->nodes.data() + first, frame.rows()});
      for (std::size_t row = 0; row < frame.rows(); ++row) {
        link(frame, row, graph_->nodes[first + row]);
      }
    }
    return graph_;
  }

 private:
  using Nodes = std::span<RecordGraph::Node>;

  void fill(BlockFrame& frame, Nodes nodes) {
    const auto& block = frame.block();
    const auto& recipe = *block.recipe;
    for (std::size_t row = 0; row < nodes.size(); ++row) {
      auto& node = nodes[row];
      node.factory = recipe.model->name;
      node.table = recipe.model->kept_table;
      node.row = block.row(frame.offsets()[row]);
      node.values.resize(recipe.columns.size());
    }
    for (std::size_t column = 0; column < recipe.columns.size(); ++column) {
      fill_column(frame, column, nodes);
    }
    for (const auto& cell : recipe.cells) {
      if (recipe.hooks.empty() || cell.column != nullptr) continue;
      const auto values = frame.name(cell.name);
      for (std::size_t row = 0; row < nodes.size(); ++row) {
        nodes[row].params.emplace_back(cell.name, to_value(values[row]));
      }
    }
  }

  void fill_column(BlockFrame& frame, std::size_t column, Nodes nodes) {
    const auto& block = frame.block();
    if (!frame.knows(column)) {
      const auto made = made_.find(&block);
      if (made == made_.end()) return;
      for (std::size_t row = 0; row < nodes.size(); ++row) {
        nodes[row].values[column] = made->second[frame.offsets()[row]][column];
      }
      return;
    }
    const auto values = frame.column(column);
    for (std::size_t row = 0; row < nodes.size(); ++row) {
      nodes[row].values[column] = to_cell(values[row], block.recipe->table().columns[column]);
    }
  }

  /// Where a row is in the graph; nullopt when it is none of the rows at hand.
  [[nodiscard]] std::optional<std::size_t> place_of(const Block* block,
                                                    std::uint64_t offset) const {
    const auto* frame = generation_.find(*block);
    if (frame == nullptr || block->id >= first_.size() || first_[block->id] == kNowhere) {
      return std::nullopt;
    }
    // The rows of a batch are consecutive.
    const auto offsets = frame->offsets();
    if (offsets.empty() || offset < offsets.front() || offset > offsets.back()) return std::nullopt;
    return first_[block->id] + (offset - offsets.front());
  }

  /// A row that another batch, or another entry of a scenario, makes.
  [[nodiscard]] Record lone(const Block& block, std::uint64_t offset) {
    auto graph = std::make_shared<RecordGraph>();
    graph->nodes.resize(1);
    BlockFrame frame{generation_, block, {&offset, 1}};
    fill(frame, graph->nodes);
    return {std::move(graph), 0};
  }

  void link(const BlockFrame& frame, std::size_t row, RecordGraph::Node& node) {
    const auto& block = frame.block();
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
      RecordGraph::Above above;
      above.relation = block.recipe->relations[i].name;
      above.columns = block.recipe->relations[i].key->columns;
      const auto [parents, offset] = frame.target(i, row);
      if (block.targets[i].existing != nullptr) {
        above.record = *block.targets[i].existing;
      } else if (parents == nullptr) {
        continue;
      } else if (above.node = place_of(parents, offset); !above.node) {
        above.record = lone(*parents, offset);
      }
      node.above.push_back(std::move(above));
    }
    for (std::size_t i = 0; i < block.recipe->children.size(); ++i) {
      node.below.push_back({block.recipe->children[i].name, nodes_below(frame, i, row)});
    }
  }

  [[nodiscard]] std::vector<std::size_t> nodes_below(const BlockFrame& frame, std::size_t children,
                                                     std::size_t row) const {
    std::vector<std::size_t> nodes;
    for (const auto& [block, range] : frame.ranges_below(children, frame.offsets()[row])) {
      for (auto offset = range.first; offset < range.second; ++offset) {
        if (const auto place = place_of(block, offset)) nodes.push_back(*place);
      }
    }
    return nodes;
  }

  Generation& generation_;
  const Made& made_;
  std::shared_ptr<RecordGraph> graph_;
  static constexpr auto kNowhere = static_cast<std::size_t>(-1);
  std::vector<std::size_t> first_;  // node of each block, by its id
};

}  // namespace

std::shared_ptr<const RecordGraph> make_graph(
    Generation& generation, const std::vector<const Block*>& blocks,
    const std::map<const Block*, std::vector<Writer::MadeRow>>& made) {
  return GraphMaker{generation, blocks, made}.make();
}

}  // namespace seedbed::detail
