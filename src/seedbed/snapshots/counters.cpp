#include "seedbed/snapshots/counters.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

namespace {
constexpr std::string_view kRowNumbers = "rows";
constexpr std::string_view kRecords = "records";
}  // namespace

std::vector<StoredCounter> read_sequences(Connection& connection, const Schema& schema) {
  std::vector<StoredCounter> counters;
  for (const auto& state : connection.engine().sequence_states(connection, schema)) {
    counters.push_back({state.sequence.name, state.next});
  }
  return counters;
}

void restore_sequences(Connection& connection, const Schema& schema,
                       const std::vector<StoredCounter>& sequences) {
  for (const auto& counter : sequences) {
    const auto all = schema.sequences();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& sequence) {
      return sequence.name == counter.name;
    });
    if (found == all.end()) {
      throw Error{ErrorCode::corrupt,
                  fmt::format("the snapshot has a sequence '{}' that the schema it names has not",
                              counter.name.to_string())};
    }
    connection.engine().set_sequence(connection, {*found, counter.next});
  }
}

std::vector<RowNumber> read_row_numbers(Connection& connection) {
  const Engine& engine = connection.engine();
  std::vector<RowNumber> numbers;
  if (!engine.own_table_exists(connection, kRowNumbers)) return numbers;
  const RowSet rows = connection.query(
      fmt::format("SELECT table_name, next_row FROM {}", engine.own_table(kRowNumbers)));
  for (const auto& row : rows.rows) {
    numbers.push_back({row[0].as<std::string>(), row[1].as<std::int64_t>()});
  }
  std::sort(numbers.begin(), numbers.end(),
            [](const auto& left, const auto& right) { return left.table < right.table; });
  return numbers;
}

void restore_row_numbers(Connection& connection, const std::vector<RowNumber>& numbers) {
  const Engine& engine = connection.engine();
  if (!engine.own_table_exists(connection, kRowNumbers)) return;
  const std::string table = engine.own_table(kRowNumbers);
  connection.execute("DELETE FROM " + table);
  const std::string insert = fmt::format("INSERT INTO {} (table_name, next_row) VALUES ({}, {})",
                                         table, engine.placeholder(1), engine.placeholder(2));
  for (const auto& number : numbers) {
    connection.execute(insert, std::vector<Value>{number.table, number.next});
  }
}

std::vector<RecordPlace> read_records(Connection& connection) {
  const Engine& engine = connection.engine();
  std::vector<RecordPlace> records;
  if (!engine.own_table_exists(connection, kRecords)) return records;
  const RowSet rows = connection.query(
      fmt::format("SELECT name, table_name, row_key, row_no FROM {}", engine.own_table(kRecords)));
  for (const auto& row : rows.rows) {
    records.push_back({row[0].as<std::string>(), row[1].as<std::string>(), row[2].as<std::string>(),
                       row[3].as<std::int64_t>()});
  }
  std::sort(records.begin(), records.end(),
            [](const auto& left, const auto& right) { return left.name < right.name; });
  return records;
}

void restore_records(Connection& connection, const std::vector<RecordPlace>& records) {
  const Engine& engine = connection.engine();
  if (!engine.own_table_exists(connection, kRecords)) return;
  const std::string table = engine.own_table(kRecords);
  connection.execute("DELETE FROM " + table);
  const std::string insert = fmt::format(
      "INSERT INTO {} (name, table_name, row_key, row_no) VALUES ({}, {}, {}, {})", table,
      engine.placeholder(1), engine.placeholder(2), engine.placeholder(3), engine.placeholder(4));
  for (const auto& record : records) {
    connection.execute(insert,
                       std::vector<Value>{record.name, record.table, record.key, record.row});
  }
}

}  // namespace seedbed::detail
