#include "seedbed/snapshots/table_capture.hpp"

#include <algorithm>
#include <compare>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/snapshots/chunk_limits.hpp"
#include "seedbed/snapshots/row_lines.hpp"

namespace seedbed::detail {

namespace {

// Takes lines in their final order; makes digests and chunks of them.
class LineWriter {
 public:
  LineWriter(const RowLayout& layout, const FrameSink& sink) : layout_{layout}, sink_{sink} {
    table_.name = layout.table->name;
    table_.columns = layout.described();
    for (const std::size_t i : layout.order) table_.order.push_back(layout.columns[i]->name);
    state_.update(state_header(table_));
  }

  void add(const RowLine& line) {
    state_.update(line.text);
    logical_line_.clear();
    append_logical_line(logical_line_, line, layout_);
    logical_.update(logical_line_);
    ++table_.rows;
    table_.raw_bytes += line.text.size();
    if (!sink_) return;
    if (!raw_.empty() && raw_.size() + line.text.size() > kMaxChunkBytes) flush();
    raw_ += line.text;
    ++raw_rows_;
  }

  TableData finish() {
    flush();
    table_.state = state_.finish();
    table_.logical_state = logical_.finish();
    return std::move(table_);
  }

  [[nodiscard]] std::uint64_t rows() const noexcept { return table_.rows; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return table_.raw_bytes; }

 private:
  void flush() {
    if (raw_.empty()) return;
    const Chunk chunk{.raw = raw_.size(), .rows = raw_rows_, .digest = sha256(raw_)};
    sink_(chunk, compress(raw_));
    raw_.clear();
    raw_rows_ = 0;
  }

  const RowLayout& layout_;
  const FrameSink& sink_;
  TableData table_;
  Sha256 state_;
  Sha256 logical_;
  std::string logical_line_;
  std::string raw_;
  std::uint64_t raw_rows_ = 0;
};

std::string select_sql(const Engine& engine, const RowLayout& layout, bool server_sorts) {
  std::vector<std::string> columns;
  for (const auto* column : layout.columns) columns.push_back(engine.read_expression(*column));
  std::string sql = fmt::format("SELECT {} FROM {}", columns.empty() ? "1" : join(columns, ", "),
                                engine.read_source(*layout.table));
  if (!server_sorts) return sql;
  std::vector<std::string> order;
  for (const std::size_t i : layout.order) {
    order.push_back(engine.order_expression(*layout.columns[i]));
  }
  return fmt::format("{} ORDER BY {}", sql, join(order, ", "));
}

// One attempt to read a table under what is known of it so far.
class TableRead {
 public:
  TableRead(const Capture& capture, RowLayout& layout, bool& server_sorts, const FrameSink& sink)
      : capture_{capture}, layout_{layout}, server_sorts_{server_sorts}, writer_{layout, sink} {}

  /// Nullopt, with the layout or the order corrected, when it must be done again.
  std::optional<TableData> run() {
    const Engine& engine = capture_.connection.engine();
    {
      const auto rows = capture_.connection.stream(select_sql(engine, layout_, server_sorts_), {});
      ColumnBatch batch;
      while (rows->next(batch)) {
        capture_.progress.check();
        if (engine.mixes_kinds() && correct_mixed(batch)) return std::nullopt;
        if (!take(batch)) return std::nullopt;
        report();
      }
    }
    write_sorted();
    report();
    return writer_.finish();
  }

 private:
  bool correct_mixed(const ColumnBatch& batch) {
    const std::size_t misfit = find_misfit(layout_, batch);
    if (misfit == layout_.columns.size()) return false;
    layout_.mixed[misfit] = true;
    return true;
  }

  bool take(const ColumnBatch& batch) {
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      encode_row(line_, layout_, batch, row);
      if (!server_sorts_) {
        unsorted_.push_back(line_.text);
      } else if (!take_sorted()) {
        server_sorts_ = false;
        return false;
      }
    }
    return true;
  }

  bool take_sorted() {
    if (writer_.rows() > 0 && std::is_gt(compare_lines(previous_, line_, layout_))) return false;
    writer_.add(line_);
    std::swap(previous_, line_);
    return true;
  }

  void write_sorted() {
    std::vector<RowLine> lines;
    lines.reserve(unsorted_.size());
    for (auto& text : unsorted_) lines.push_back(split_line(std::move(text)));
    unsorted_.clear();
    std::sort(lines.begin(), lines.end(), [&](const RowLine& left, const RowLine& right) {
      return std::is_lt(compare_lines(left, right, layout_));
    });
    for (const auto& line : lines) writer_.add(line);
  }

  void report() {
    capture_.progress.report({.phase = capture_.phase,
                              .table = layout_.table->name.to_string(),
                              .rows = writer_.rows() + unsorted_.size(),
                              .bytes = writer_.bytes()});
  }

  const Capture& capture_;
  RowLayout& layout_;
  bool& server_sorts_;
  LineWriter writer_;
  RowLine line_;
  RowLine previous_;
  std::vector<std::string> unsorted_;
};

}  // namespace

TableData capture_table(const Capture& capture, const Table& table, const FrameSink& sink,
                        const std::function<void()>& restart) {
  RowLayout layout = layout_of(table);
  bool server_sorts = layout.keyed;
  for (;;) {
    if (auto data = TableRead{capture, layout, server_sorts, sink}.run()) return std::move(*data);
    if (restart) restart();
  }
}

}  // namespace seedbed::detail
