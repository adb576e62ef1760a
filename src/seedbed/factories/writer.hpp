#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/generator.hpp"
#include "seedbed/factories/record_graph.hpp"
#include "seedbed/factories/session.hpp"

namespace seedbed::detail {

/// Blocks whose rows go into one table by one list of columns, at one level.
struct WriteGroup {
  int level = 0;
  const Table* table = nullptr;
  std::vector<std::size_t> columns{};  ///< positions in the table, those that the rows carry
  std::optional<std::size_t>
      counted{};  ///< the column that the database's counter fills, when it is left out
  std::vector<Block*> blocks{};
};

/// Groups blocks by level, table and columns; parents before children.
[[nodiscard]] std::vector<WriteGroup> group_blocks(const std::vector<Block*>& blocks);

/// Writes the rows of planned blocks by INSERT, giving each block its keys, and reads back what the
/// database made.
class Writer {
 public:
  Writer(Connection& connection, const Schema& schema, Generation& generation)
      : connection_{connection}, schema_{schema}, generation_{generation} {}

  void write(const WriteGroup& group);
  /// By block and offset, the values of columns that the database made, as the table's columns.
  using MadeRow = std::vector<std::optional<Value>>;
  [[nodiscard]] const std::map<const Block*, std::vector<MadeRow>>& made() const noexcept {
    return made_;
  }

 private:
  struct Cells {
    std::vector<Row> rows{};
    std::vector<std::pair<Block*, std::uint64_t>> places{};
  };

  [[nodiscard]] Cells cells_of(const WriteGroup& group, const std::vector<std::size_t>& columns);
  /// Gives the blocks' rows keys of the counter before they are written; false where the counter
  /// cannot be asked.
  [[nodiscard]] bool take_keys(const WriteGroup& group);
  [[nodiscard]] std::vector<std::int64_t> reserve_keys(const WriteGroup& group, std::size_t count);
  void insert_together(const WriteGroup& group, const std::vector<std::size_t>& columns,
                       const Cells& cells);
  void insert_one_by_one(const WriteGroup& group, const Cells& cells);
  void read_back(const WriteGroup& group);
  void read_back(const WriteGroup& group, const std::vector<std::size_t>& columns,
                 const std::vector<std::pair<Block*, std::uint64_t>>& places);

  Connection& connection_;
  const Schema& schema_;
  Generation& generation_;
  std::map<const Block*, std::vector<MadeRow>> made_;
};

/// "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)".
[[nodiscard]] std::string insert_sql(const Engine& engine, const Table& table,
                                     const std::vector<std::size_t>& columns, std::size_t rows);

/// The rows of planned blocks as records; `made` may lack what the database makes.
[[nodiscard]] std::shared_ptr<const RecordGraph> make_graph(
    Generation& generation, const std::vector<const Block*>& blocks,
    const std::map<const Block*, std::vector<Writer::MadeRow>>& made);

}  // namespace seedbed::detail
