#include "seedbed/snapshots/difference.hpp"

#include <algorithm>
#include <compare>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/schema/cell_encoding.hpp"
#include "seedbed/snapshots/row_lines.hpp"
#include "seedbed/snapshots/stored_rows.hpp"
#include "seedbed/snapshots/stored_snapshot.hpp"
#include "seedbed/snapshots/table_capture.hpp"

namespace seedbed {

namespace {

constexpr std::size_t kShownRows = 3;
constexpr std::size_t kShownBytes = 200;

/// The text of the next rows, in canonical order; nullopt after the last.
using NextRows = std::function<std::optional<std::string>()>;

std::string shown_row(const detail::RowLine& line, std::size_t columns) {
  std::vector<std::string> cells;
  cells.reserve(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    cells.emplace_back(line.cell(i) == kNullCell ? "NULL" : line.cell(i));
  }
  std::string row = join(cells, ", ");
  if (row.size() > kShownBytes) {
    std::size_t size = kShownBytes;
    while ((static_cast<unsigned char>(row[size]) & 0xC0U) == 0x80U) --size;  // not within UTF-8
    row = row.substr(0, size) + "...";
  }
  return fmt::format("({})", row);
}

/// Goes through the rows of two states of one table side by side.
class RowMerge {
 public:
  RowMerge(const Table& table, NextRows next_wanted)
      : layout_{detail::layout_of(table)}, next_wanted_{std::move(next_wanted)} {
    differing_.table = table.name;
    advance();
  }

  void take(std::string_view rows) {
    while (!rows.empty()) {
      const auto end = rows.find('\n') + 1;
      take_line(detail::split_line(std::string{rows.substr(0, end)}));
      rows.remove_prefix(end);
    }
  }

  DifferingRows finish() {
    for (; wanted_; advance()) miss();
    return std::move(differing_);
  }

 private:
  void take_line(const detail::RowLine& found) {
    while (wanted_ && std::is_lt(detail::compare_lines(*wanted_, found, layout_))) {
      miss();
      advance();
    }
    if (wanted_ && wanted_->text == found.text) return advance();
    ++differing_.unexpected;
    show(differing_.unexpected_rows, found);
  }

  void miss() {
    ++differing_.missing;
    show(differing_.missing_rows, *wanted_);
  }

  void show(std::vector<std::string>& rows, const detail::RowLine& line) const {
    if (rows.size() < kShownRows) rows.push_back(shown_row(line, layout_.columns.size()));
  }

  void advance() {
    wanted_.reset();
    if (at_ == rows_.size()) {
      auto next = next_wanted_();
      if (!next || next->empty()) return;
      rows_ = std::move(*next);
      at_ = 0;
    }
    const auto end = rows_.find('\n', at_) + 1;
    wanted_ = detail::split_line(rows_.substr(at_, end - at_));
    at_ = end;
  }

  detail::RowLayout layout_;
  NextRows next_wanted_;
  std::string rows_;
  std::size_t at_ = 0;
  std::optional<detail::RowLine> wanted_;
  DifferingRows differing_;
};

/// All rows of a table, piece by piece; `restart` as `capture_table` has it.
void read_rows(Connection& connection, const Table& table,
               const std::function<void(std::string)>& take, const std::function<void()>& restart) {
  Progress progress;
  static_cast<void>(detail::capture_table(
      {connection, progress, "compare"}, table,
      [&](const detail::Chunk& chunk, const std::string& frame) {
        take(detail::decompress(frame, chunk.raw));
      },
      restart));
}

std::string read_all(Connection& connection, const Table& table) {
  std::string all;
  read_rows(
      connection, table, [&](const std::string& rows) { all += rows; }, [&] { all.clear(); });
  return all;
}

NextRows rows_of(const SnapshotStore& store, const detail::TableData& table) {
  return [rows = detail::StoredRows{store, table}]() mutable { return rows.next_chunk(); };
}

NextRows rows_of(const std::string& all) {
  return [all, done = false]() mutable -> std::optional<std::string> {
    if (std::exchange(done, true)) return std::nullopt;
    return std::move(all);
  };
}

DifferingRows compare(Connection& found, const Table& table,
                      const std::function<NextRows()>& wanted) {
  std::optional<RowMerge> merge{std::in_place, table, wanted()};
  read_rows(
      found, table, [&](const std::string& rows) { merge->take(rows); },
      [&] { merge.emplace(table, wanted()); });
  return merge->finish();
}

void add_if_any(std::vector<DifferingRows>& differing, DifferingRows rows) {
  if (rows.missing + rows.unexpected > 0) differing.push_back(std::move(rows));
}

std::string list_rows(std::string_view what, const std::vector<std::string>& rows,
                      std::uint64_t all) {
  const std::string more =
      all > rows.size() ? fmt::format(" and {} more", all - rows.size()) : std::string{};
  return fmt::format("{} {}{}", what, join(rows, ", "), more);
}

}  // namespace

std::vector<DifferingRows> find_differing_rows(const SnapshotStore& store, std::string_view name,
                                               Connection& found, const Schema& schema) {
  const auto snapshot = detail::read_snapshot(store, name);
  std::vector<DifferingRows> differing;
  for (const auto& table : schema.tables()) {
    const auto data = std::ranges::find(snapshot.config.data, table.name, &detail::TableData::name);
    if (data == snapshot.config.data.end()) continue;
    add_if_any(differing, compare(found, table, [&] { return rows_of(store, *data); }));
  }
  return differing;
}

std::vector<DifferingRows> find_differing_rows(Connection& wanted, Connection& found,
                                               const Schema& schema) {
  std::vector<DifferingRows> differing;
  for (const auto& table : schema.tables()) {
    const std::string all = read_all(wanted, table);
    add_if_any(differing, compare(found, table, [&] { return rows_of(all); }));
  }
  return differing;
}

std::string describe(const DifferingRows& rows) {
  std::vector<std::string> parts;
  if (rows.missing > 0) parts.push_back(list_rows("missing", rows.missing_rows, rows.missing));
  if (rows.unexpected > 0) {
    parts.push_back(list_rows("unexpected", rows.unexpected_rows, rows.unexpected));
  }
  return fmt::format("{}: {}", rows.table.to_string(), join(parts, "; "));
}

}  // namespace seedbed
