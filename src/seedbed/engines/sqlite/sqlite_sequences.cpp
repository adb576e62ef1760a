#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sqlite/sqlite_catalog.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kLastKey = std::numeric_limits<std::int64_t>::max();

// The last key handed out; 0 when there was none.
std::int64_t last_of(Connection& connection, const std::string& table) {
  return connection
      .query_value("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?",
                   std::vector<Value>{table})
      .integer();
}

void set_last(Connection& connection, const std::string& table, std::int64_t last) {
  const std::vector<Value> name{table};
  connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", name);
  if (last <= 0) return;
  connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                     std::vector<Value>{table, last});
}

const Column* key_of(const Table& table) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](const auto& c) { return c.identity != Identity::no; });
  return found != table.columns.end() ? &*found : nullptr;
}

}  // namespace

std::vector<SequenceState> sqlite_sequence_states(Connection& connection, const Schema& schema) {
  std::vector<SequenceState> states;
  for (const auto& sequence : schema.sequences()) {
    const std::int64_t last = last_of(connection, sequence.name.name);
    states.push_back({sequence, last == kLastKey ? last : last + 1});
  }
  return states;
}

void set_sqlite_sequence(Connection& connection, const SequenceState& state) {
  set_last(connection, state.sequence.name.name, state.next - 1);
}

std::vector<std::int64_t> reserve_sqlite_keys(Connection& connection, const Schema& schema,
                                              const Table& table, std::size_t count) {
  const Column* key = key_of(table);
  if (key == nullptr || count == 0) return {};
  if (!connection.in_transaction()) {
    throw Error{ErrorCode::internal, "keys can be reserved inside a transaction only"};
  }
  const auto sequences = schema.sequences();
  const bool counted = std::any_of(sequences.begin(), sequences.end(),
                                   [&](const Sequence& s) { return s.owner == table.name; });
  std::int64_t last =
      connection
          .query_value(fmt::format("SELECT coalesce(max({}), 0) FROM {}",
                                   quote_identifier(key->name), quote_identifier(table.name.name)))
          .integer();
  if (counted) last = std::max(last, last_of(connection, table.name.name));
  if (static_cast<std::uint64_t>(count) >
      static_cast<std::uint64_t>(kLastKey - std::max<std::int64_t>(last, 0))) {
    throw Error{
        ErrorCode::conflict,
        fmt::format("table '{}' has no keys left after its highest one", table.name.to_string())};
  }
  std::vector<std::int64_t> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back(++last);
  if (counted) set_last(connection, table.name.name, last);
  return keys;
}

}  // namespace seedbed::detail
