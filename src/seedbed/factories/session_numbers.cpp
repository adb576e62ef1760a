// Row numbers, seeds and counts of rows, as tests ask for them.
#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using detail::RowNumbers;

constexpr std::uint64_t kHighestRow = 1'000'000'000'000'000;

const Table& table_called(detail::SessionState& state, std::string_view name) {
  const auto factories = state.library.factory_names();
  const bool factory = state.library.definitions().factories.contains(name);
  if (factory) return *state.book.models().at(name).table;
  if (const auto* table = state.schema.find(name)) return *table;
  auto known = factories;
  const auto tables = state.schema.table_names();
  known.insert(known.end(), tables.begin(), tables.end());
  throw Error{ErrorCode::not_found,
              fmt::format("there is no factory or table '{}'{}", name, did_you_mean(name, known))};
}

/// Moves the next number of a table, as `target` says by what is there.
template <typename Target>
void move_number(detail::SessionState& state, const Table& table, const Target& target) {
  state.prepare();
  std::optional<Transaction> transaction;
  if (!state.numbers.in_sandbox()) transaction.emplace(state.connection);
  RowNumbers::Stretch stretch{state.numbers, transaction ? &*transaction : nullptr};
  stretch.move(table, target(stretch));
  stretch.keep();
  if (transaction) transaction->commit();
}

}  // namespace

std::uint64_t FactorySession::row_number(std::string_view table_or_factory) {
  const auto& table = table_called(*state_, table_or_factory);
  return RowNumbers::Stretch{state_->numbers}.next(table);
}

void FactorySession::set_row_number(std::string_view table_or_factory, std::uint64_t next) {
  const auto& table = table_called(*state_, table_or_factory);
  if (next == 0 || next > kHighestRow) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("row numbers are 1 to {}, not {}", grouped(kHighestRow), next)};
  }
  move_number(*state_, table, [&](const RowNumbers::Stretch& stretch) {
    if (next >= stretch.next(table)) return next;
    throw Error{ErrorCode::conflict,
                fmt::format("row number {} of table '{}' was used already; the next one is {}",
                            next, table.name.to_string(), stretch.next(table))};
  });
}

void FactorySession::rewind(std::string_view table_or_factory) {
  const auto& table = table_called(*state_, table_or_factory);
  move_number(*state_, table, [&](const RowNumbers::Stretch& stretch) {
    const auto sql =
        fmt::format("SELECT 1 FROM {} LIMIT 1", state_->connection.engine().quote(table.name));
    if (state_->numbers.in_sandbox() || state_->connection.query(sql).rows.empty()) {
      return stretch.first(table);
    }
    throw Error{ErrorCode::conflict,
                fmt::format("table '{}' holds rows, whose numbers would be used again; empty it "
                            "first",
                            table.name.to_string())};
  });
}

std::uint64_t FactorySession::seed() const noexcept {
  return state_->book.draw_seed();
}
void FactorySession::set_seed(std::uint64_t draw_seed) {
  state_->book.set_draw_seed(draw_seed);
}

const RowCounts& FactorySession::written() const noexcept {
  return state_->written;
}

void FactorySession::require_rows(std::uint64_t rows, const RowCounts& before) const {
  std::uint64_t sum = 0;
  std::vector<std::string> tables;
  for (const auto& [table, count] : written()) {
    const auto known = before.find(table);
    const auto fresh = count - (known != before.end() ? known->second : 0);
    if (fresh == 0) continue;
    sum += fresh;
    tables.push_back(fmt::format("{} {}", table.to_string(), grouped(fresh)));
  }
  if (sum == rows) return;
  throw Error{ErrorCode::conflict,
              fmt::format("{} rows were expected, {} were written{}{}", grouped(rows), grouped(sum),
                          tables.empty() ? "" : ": ", join(tables, ", "))};
}

}  // namespace seedbed
