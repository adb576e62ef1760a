#include "seedbed/factories/load/index_order.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seedbed::detail {

namespace {

/// A run ends at one of these.
constexpr std::size_t kRunRows = std::size_t{1} << 17U;
constexpr std::size_t kRunBytes = std::size_t{32} << 20U;

struct Key {
  std::vector<std::size_t> columns{};  ///< positions in a batch
  bool primary = false;
};

bool is_text(ValueKind kind) {
  return kind == ValueKind::text || kind == ValueKind::bytes;
}

/// A number that is ordered as the cells are, as far as 8 bytes can say.
std::uint64_t prefix_of(const BatchColumn& column, std::size_t row) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  switch (column.kind(row)) {
    case ValueKind::null: return 0;
    case ValueKind::boolean: return column.boolean(row) ? 1 : 0;
    case ValueKind::integer: return static_cast<std::uint64_t>(column.integer(row)) ^ kSign;
    case ValueKind::real: {
      const auto bits = std::bit_cast<std::uint64_t>(column.real(row));
      return (bits & kSign) != 0 ? ~bits : bits | kSign;
    }
    case ValueKind::text:
    case ValueKind::bytes: break;
  }
  std::uint64_t prefix = 0;
  const auto text = column.text(row);
  for (std::size_t i = 0; i < sizeof prefix; ++i) {
    prefix = prefix << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return prefix;
}

/// A row of a run.
struct Place {
  std::uint64_t prefix = 0;  ///< of the key's first column
  const ColumnBatch* batch = nullptr;
  std::size_t row = 0;
};
static_assert(sizeof(Place) <= kBytesOfOrderedRow);

class Before {
 public:
  explicit Before(const Key& key) : key_{key} {}

  bool operator()(const Place& left, const Place& right) const {
    if (left.prefix != right.prefix) return left.prefix < right.prefix;
    for (const auto index : key_.columns) {
      const auto& one = left.batch->column(index);
      const auto& other = right.batch->column(index);
      const auto prefix = prefix_of(one, left.row);
      const auto other_prefix = prefix_of(other, right.row);
      if (prefix != other_prefix) return prefix < other_prefix;
      // Of equal prefixes texts come last, so that cells of all kinds are in one order.
      const bool text = is_text(one.kind(left.row));
      if (text != is_text(other.kind(right.row))) return !text;
      const int order = text ? one.text(left.row).compare(other.text(right.row)) : 0;
      if (order != 0) return order < 0;
    }
    return false;
  }

 private:
  const Key& key_;
};

class IndexOrder {
 public:
  IndexOrder(std::vector<Key> keys, std::size_t columns, BatchSource rows)
      : keys_{std::move(keys)}, columns_{columns}, rows_{std::move(rows)} {}

  bool next(ColumnBatch& batch) {
    if (given_ == (key_ != nullptr ? places_.size() : filled_)) {
      if (chosen_ && key_ == nullptr) return !ended_ && rows_(batch);
      begin_run();
    }
    return key_ != nullptr ? next_ordered(batch) : next_as_it_came(batch);
  }

 private:
  bool next_as_it_came(ColumnBatch& batch) {
    if (given_ == filled_) return false;
    std::swap(batch, run_[given_++]);
    return true;
  }

  bool next_ordered(ColumnBatch& batch) {
    const auto end = std::min(places_.size(), given_ + kBatchRows);
    for (std::size_t column = 0; column < columns_; ++column) {
      for (auto i = given_; i < end; ++i) {
        batch.column(column).append(places_[i].batch->column(column), places_[i].row);
      }
    }
    return std::exchange(given_, end) < end;
  }

  void begin_run() {
    const auto rows = collect();
    given_ = 0;
    if (!std::exchange(chosen_, true) && rows >= kFewestOrderedRows) key_ = chosen_key();
    if (key_ == nullptr) return;
    places_ = places_by(*key_);
    std::sort(places_.begin(), places_.end(), Before{*key_});
  }

  std::size_t collect() {
    std::size_t rows = 0;
    std::size_t bytes = 0;
    for (filled_ = 0; rows < kRunRows && bytes < kRunBytes; ++filled_) {
      if (filled_ == run_.size()) run_.emplace_back();
      auto& batch = run_[filled_];
      batch.reset(columns_);
      ended_ = ended_ || !rows_(batch);
      if (ended_) break;
      rows += batch.row_count();
      bytes += batch.bytes();
    }
    return rows;
  }

  /// What the first run says of the keys holds for all; nullptr where its rows are in order.
  [[nodiscard]] const Key* chosen_key() const {
    const Key* chosen = nullptr;
    for (const auto& key : keys_) {
      if (!is_random(key)) continue;
      if (key.primary) return &key;
      if (chosen == nullptr || width_of(key) > width_of(*chosen)) chosen = &key;
    }
    return chosen;
  }

  [[nodiscard]] bool is_random(const Key& key) const {
    const auto places = places_by(key);
    const Before before{key};
    std::size_t back = 0;
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (before(places[i], places[i - 1])) ++back;
    }
    return back * 10 > places.size();
  }

  [[nodiscard]] std::size_t width_of(const Key& key) const {
    std::size_t bytes = 0;
    for (const auto column : key.columns) bytes += run_.front().column(column).bytes();
    return bytes;
  }

  /// The rows as they came.
  [[nodiscard]] std::vector<Place> places_by(const Key& key) const {
    std::vector<Place> places;
    for (std::size_t i = 0; i < filled_; ++i) {
      const auto& column = run_[i].column(key.columns.front());
      for (std::size_t row = 0; row < column.size(); ++row) {
        places.push_back({prefix_of(column, row), &run_[i], row});
      }
    }
    return places;
  }

  std::vector<Key> keys_;
  std::size_t columns_;
  BatchSource rows_;
  bool chosen_ = false;       // by the first run
  const Key* key_ = nullptr;  // of `keys_`; nullptr: rows stay as they come
  std::vector<ColumnBatch> run_;
  std::size_t filled_ = 0;     // of `run_`
  bool ended_ = false;         // `rows_` has no more
  std::vector<Place> places_;  // of the run's rows, in order
  std::size_t given_ = 0;      // of `places_`, or of the run's batches
};

/// nullopt where the rows do not carry all of it.
std::optional<Key> key_of(const BulkTarget& target, const std::vector<std::string>& names) {
  Key key;
  for (const auto& name : names) {
    const auto found = std::find(target.columns.begin(), target.columns.end(), name);
    if (found == target.columns.end()) return std::nullopt;
    key.columns.push_back(static_cast<std::size_t>(found - target.columns.begin()));
  }
  return key.columns.empty() ? std::nullopt : std::optional{key};
}

bool refers_to_itself(const Table& table) {
  return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                     [&](const ForeignKey& key) { return key.parent == table.name; });
}

/// Whether a column that the rows leave out is made by a counter.
bool counts_rows(const BulkTarget& target) {
  const auto& columns = target.table.columns;
  return std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
    const bool counter =
        column.identity != Identity::no ||
        (column.default_sql && column.default_sql->find("nextval") != std::string::npos);
    return counter && std::find(target.columns.begin(), target.columns.end(), column.name) ==
                          target.columns.end();
  });
}

/// The keys that the first run is looked at for.
std::vector<Key> candidates_of(const BulkTarget& target, OrderingKeys which) {
  std::vector<Key> keys;
  if (which == OrderingKeys::none || depends_on_order(target)) return keys;
  if (auto primary = key_of(target, target.table.primary_key)) {
    primary->primary = true;
    keys.push_back(*primary);
  }
  if (which == OrderingKeys::primary) return keys;
  for (const auto& unique : target.table.unique_keys) {
    if (!unique.plain()) continue;
    if (const auto key = key_of(target, unique.columns)) keys.push_back(*key);
  }
  return keys;
}

}  // namespace

bool depends_on_order(const BulkTarget& target) {
  return refers_to_itself(target.table) || counts_rows(target);
}

std::size_t rows_in_run(const BulkTarget& target, OrderingKeys keys, std::size_t rows,
                        double row_bytes) {
  if (candidates_of(target, keys).empty()) return 0;
  const auto fitting = static_cast<double>(kRunBytes) / std::max(row_bytes, 1.0);
  return std::min({rows, kRunRows, static_cast<std::size_t>(fitting)});
}

BatchSource in_index_order(const BulkTarget& target, OrderingKeys keys, BatchSource rows) {
  auto candidates = candidates_of(target, keys);
  if (candidates.empty()) return rows;
  auto order =
      std::make_shared<IndexOrder>(std::move(candidates), target.columns.size(), std::move(rows));
  return [order = std::move(order)](ColumnBatch& batch) { return order->next(batch); };
}

}  // namespace seedbed::detail
