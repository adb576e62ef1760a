#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/record_graph.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/factories/rows/write_group.hpp"
#include "seedbed/factories/session.hpp"

namespace seedbed::detail {

/// The texts of INSERTs of one row.
class InsertTexts {
 public:
  [[nodiscard]] const std::string& of(const Engine& engine, const RowInsert& insert);

 private:
  struct Kept {
    std::vector<std::size_t> columns{};
    std::vector<std::size_t> returning{};
    std::string sql{};
  };
  std::map<const Table*, std::vector<Kept>> texts_;
};

/// Who undoes a write that fails in the middle.
enum class WriteUnit : unsigned char { own, of_caller };

/// Writes the rows of planned blocks by INSERT, giving each block its keys, and reads back what the
/// database made: keys in one round trip and rows in another, where the engine has that. Keys that
/// cannot be reserved are read back level by level.
class Writer {
 public:
  /// `texts` keeps what is written again and again.
  Writer(Connection& connection, const Schema& schema, Generation& generation, InsertTexts& texts,
         WriteUnit unit)
      : connection_{connection},
        schema_{schema},
        generation_{generation},
        texts_{texts},
        unit_{unit} {}

  /// Groups as `group_blocks` gives them; once. A failure leaves none of the rows, and an open
  /// transaction usable.
  void write(const std::vector<WriteGroup>& groups);
  /// Reads again what the database made in the rows that were written.
  void read_again(const std::vector<WriteGroup>& groups);
  /// By block and offset, the values of columns that the database made, as the table's columns.
  using MadeRow = std::vector<std::optional<Value>>;
  [[nodiscard]] const std::map<const Block*, std::vector<MadeRow>>& made() const noexcept {
    return made_;
  }

 private:
  using Place = std::pair<Block*, std::uint64_t>;
  struct Cells {
    std::vector<Row> rows{};
    std::vector<Place> places{};
  };
  /// Which rows the result of a waiting statement is of.
  struct Answer {
    const Table* table = nullptr;
    std::vector<std::size_t> columns{};  ///< as the result's; empty when it has none
    std::vector<Place> places{};         ///< several are told apart by their keys
  };

  [[nodiscard]] bool returns_key(const WriteGroup& group) const;
  void reserve_keys(const std::vector<WriteGroup>& groups);
  [[nodiscard]] bool take_keys(const WriteGroup& group);
  void write_group(const WriteGroup& group, bool returns_key);
  using Columns = std::span<const std::size_t>;
  [[nodiscard]] Cells cells_of(const WriteGroup& group, Columns columns);
  void insert_together(const WriteGroup& group, Columns columns, Columns made);
  [[nodiscard]] BoundStatement insert_statement(const RowInsert& insert, std::span<Row> rows);
  void insert_one_by_one(const WriteGroup& group);
  void read_back(const WriteGroup& group, Columns made, const std::vector<Place>& places);
  [[nodiscard]] BoundStatement select_rows(const Table& table,
                                           const std::vector<std::size_t>& columns,
                                           const std::vector<Place>& places);
  [[nodiscard]] Row key_of(const Table& table, const Place& place);
  void keep_keys(Block& block, std::size_t counted);
  void begin();
  void send();
  void keep(const std::vector<std::vector<Row>>& results);
  void keep(const Answer& answer, const std::vector<Row>& found);
  void keep_row(const Answer& answer, const Place& place, const Row& row);
  [[nodiscard]] std::map<std::string, Place> places_by_key(const Answer& answer);

  Connection& connection_;
  const Schema& schema_;
  Generation& generation_;
  InsertTexts& texts_;
  WriteUnit unit_;
  std::optional<Transaction> whole_;  // once there is more than one send
  std::map<const Block*, std::vector<MadeRow>> made_;
  std::vector<BoundStatement> waiting_;
  std::vector<Answer> answers_;  // to those
};

/// The rows of planned blocks as records; `made` may lack what the database makes.
[[nodiscard]] std::shared_ptr<const RecordGraph> make_graph(
    Generation& generation, const std::vector<const Block*>& blocks,
    const std::map<const Block*, std::vector<Writer::MadeRow>>& made);

}  // namespace seedbed::detail
