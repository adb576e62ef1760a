#include "seedbed/factories/fitting.hpp"
#include "seedbed/factories/writer.hpp"

namespace seedbed::detail {

namespace {

class GraphMaker {
 public:
  using Made = std::map<const Block*, std::vector<Writer::MadeRow>>;

  GraphMaker(Generation& generation, const std::vector<const Block*>& blocks, const Made& made)
      : generation_{generation}, made_{made}, graph_{std::make_shared<RecordGraph>()} {
    for (const auto* block : blocks) {
      first_[block] = graph_->nodes.size();
      graph_->nodes.resize(graph_->nodes.size() + block->count);
    }
  }

  std::shared_ptr<const RecordGraph> make() {
    for (const auto& [block, first] : first_) {
      if (block->count > 0) fill(*block);
    }
    return graph_;
  }

 private:
  void fill(const Block& block) {
    auto& frame = *generation_.batch.at(&block);
    const auto& recipe = *block.recipe;
    const auto first = first_[&block];
    for (std::uint64_t offset = 0; offset < block.count; ++offset) {
      auto& node = graph_->nodes[first + offset];
      node.factory = recipe.model->name;
      node.table = recipe.model->kept_table;
      node.row = block.row(offset);
      node.values.resize(recipe.columns.size());
      link(frame, offset, node);
    }
    for (std::size_t column = 0; column < recipe.columns.size(); ++column) {
      fill_column(frame, column);
    }
  }

  void fill_column(BlockFrame& frame, std::size_t column) {
    const auto& block = frame.block();
    const auto first = first_[&block];
    const auto made = made_.find(&block);
    if (!frame.knows(column)) {
      if (made == made_.end()) return;
      for (std::uint64_t offset = 0; offset < block.count; ++offset) {
        graph_->nodes[first + offset].values[column] = made->second[offset][column];
      }
      return;
    }
    const auto& values = frame.column(column);
    for (std::uint64_t offset = 0; offset < block.count; ++offset) {
      graph_->nodes[first + offset].values[column] =
          to_cell(values[offset], block.recipe->table().columns[column]);
    }
  }

  void link(const BlockFrame& frame, std::uint64_t offset, RecordGraph::Node& node) {
    const auto& block = frame.block();
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
      RecordGraph::Above above;
      above.relation = block.recipe->relations[i].name;
      above.columns = block.recipe->relations[i].key->columns;
      const auto [parents, place] = frame.target(i, offset);
      if (block.targets[i].existing != nullptr) {
        above.record = *block.targets[i].existing;
      } else if (const auto first = first_.find(parents); first != first_.end()) {
        above.node = first->second + place;
      } else {
        continue;
      }
      node.above.push_back(std::move(above));
    }
    for (std::size_t i = 0; i < block.recipe->children.size(); ++i) {
      RecordGraph::Below below;
      below.relation = block.recipe->children[i].name;
      for (const auto& [children, range] : frame.ranges_below(i, offset)) {
        for (auto row = range.first; row < range.second; ++row) {
          below.nodes.push_back(first_.at(children) + row);
        }
      }
      node.below.push_back(std::move(below));
    }
  }

  Generation& generation_;
  const Made& made_;
  std::shared_ptr<RecordGraph> graph_;
  std::map<const Block*, std::size_t> first_;
};

}  // namespace

std::shared_ptr<const RecordGraph> make_graph(
    Generation& generation, const std::vector<const Block*>& blocks,
    const std::map<const Block*, std::vector<Writer::MadeRow>>& made) {
  return GraphMaker{generation, blocks, made}.make();
}

}  // namespace seedbed::detail
