#include "seedbed/engines/postgres/sequences.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed::postgres {

namespace {

// A sequence at its very end has no next value; the end itself stands for it.
std::int64_t next_after(std::int64_t last, std::int64_t increment) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  if (increment > 0 && last > kMax - increment) return kMax;
  if (increment < 0 && last < kMin - increment) return kMin;
  return last + increment;
}

// The counter of the key where the table has several.
const Sequence* counter_of(const Schema& schema, const Table& table) {
  const Sequence* found = nullptr;
  for (const auto& sequence : schema.sequences()) {
    if (sequence.owner != table.name) continue;
    const auto& key = table.primary_key;
    const bool in_key = std::find(key.begin(), key.end(), sequence.owner_column) != key.end();
    if (found == nullptr || in_key) found = &sequence;
    if (in_key) break;
  }
  return found;
}

}  // namespace

// The sequences themselves: pg_sequences does not show a value that was set and not yet drawn.
std::vector<SequenceState> sequence_states(Connection& connection, const Schema& schema) {
  const auto sequences = schema.sequences();
  std::vector<SequenceState> states;
  if (sequences.empty()) return states;
  std::string sql;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    sql += fmt::format("{}SELECT {}, last_value, is_called FROM {}", i == 0 ? "" : " UNION ALL ", i,
                       connection.engine().quote(sequences[i].name));
  }
  const RowSet result = connection.query(sql);
  states.resize(sequences.size());
  for (const auto& row : result.rows) {
    const auto index = static_cast<std::size_t>(row[0].integer());
    const Sequence& sequence = sequences[index];
    const std::int64_t last = row[1].integer();
    states[index] = {sequence, row[2].boolean() ? next_after(last, sequence.increment) : last};
  }
  return states;
}

// As a draw leaves it, so that `last_value` reads as it would then; one that begins anew, as
// created.
void set_sequence(Connection& connection, const SequenceState& state) {
  const std::vector<Value> arguments{connection.engine().quote(state.sequence.name), state.next};
  const RowSet result = connection.query(
      "SELECT CASE WHEN $2::int8 <> seqstart AND $2::numeric - seqincrement BETWEEN seqmin AND "
      "seqmax "
      "THEN setval(seqrelid, $2::int8 - seqincrement, true) "
      "ELSE setval(seqrelid, $2::int8, false) END "
      "FROM pg_sequence WHERE seqrelid = $1::regclass",
      arguments);
  if (!result.rows.empty()) return;
  throw Error{ErrorCode::not_found,
              fmt::format("there is no sequence '{}'", state.sequence.name.to_string()),
              {.engine = "postgres"}};
}

std::optional<BoundStatement> reserve_keys_statement(const Engine& engine, const Schema& schema,
                                                     const Table& table, std::size_t count) {
  const Sequence* counter = counter_of(schema, table);
  if (counter == nullptr || count == 0) return std::nullopt;
  return BoundStatement{"SELECT nextval($1::regclass) FROM generate_series(1, $2::int8)",
                        {engine.quote(counter->name), count}};
}

std::vector<std::int64_t> reserve_keys(Connection& connection, const Schema& schema,
                                       const Table& table, std::size_t count) {
  std::vector<std::int64_t> keys;
  const auto statement = reserve_keys_statement(connection.engine(), schema, table, count);
  if (!statement) return keys;
  const RowSet result = connection.query(statement->sql, statement->arguments);
  keys.reserve(count);
  for (const auto& row : result.rows) keys.push_back(row.front().integer());
  return keys;
}

}  // namespace seedbed::postgres
