#include "seedbed/snapshots/reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/graph.hpp"
#include "seedbed/snapshots/counters.hpp"
#include "seedbed/snapshots/drift.hpp"
#include "seedbed/snapshots/stored_rows.hpp"
#include "seedbed/snapshots/stored_snapshot.hpp"

namespace seedbed {

namespace {

constexpr std::size_t kShownDifferences = 5;

void expect_same_engine(const detail::SnapshotConfig& config, const Engine& engine) {
  if (config.engine == engine.name()) return;
  throw Error{ErrorCode::conflict,
              fmt::format("it was saved from {}, the database is {}: restore it on {}",
                          config.engine, engine.name(), config.engine)};
}

void expect_same_schema(const detail::SnapshotConfig& config, const Schema& schema) {
  auto drift = detail::find_drift(config, schema);
  if (drift.empty()) return;
  const std::size_t more = drift.size() - std::min(drift.size(), kShownDifferences);
  drift.resize(drift.size() - more);
  throw Error{
      ErrorCode::conflict,
      fmt::format(
          "its schema is not the database's: {}{}; migrate the database to the state of the "
          "snapshot, or save the snapshot again",
          join(drift, "; "), more > 0 ? fmt::format("; and {} more", more) : "")};
}

const detail::TableData& data_of(const detail::SnapshotConfig& config, const TableName& table) {
  const auto found = std::find_if(config.data.begin(), config.data.end(),
                                  [&](const auto& data) { return data.name == table; });
  if (found == config.data.end()) {
    throw Error{ErrorCode::corrupt,
                fmt::format("it has no rows for table '{}'", table.to_string())};
  }
  return *found;
}

// The columns as stored, which the equal schema must have in the same order.
detail::RowLayout layout_of(const Table& table, const detail::TableData& data) {
  detail::RowLayout layout = detail::layout_of(table);
  const auto same = [](const Column* column, const detail::DataColumn& stored) {
    return column->name == stored.name && column->type.type_class == stored.type_class;
  };
  if (!std::equal(layout.columns.begin(), layout.columns.end(), data.columns.begin(),
                  data.columns.end(), same)) {
    throw Error{ErrorCode::corrupt,
                fmt::format("table '{}': its rows have other columns than its schema",
                            table.name.to_string())};
  }
  for (std::size_t i = 0; i < data.columns.size(); ++i) layout.mixed[i] = data.columns[i].mixed;
  return layout;
}

// One restore of a snapshot that was verified already.
class Restore {
 public:
  Restore(const SnapshotStore& store, const detail::StoredSnapshot& snapshot,
          Connection& connection, const Schema& schema, Progress& progress)
      : store_{store},
        config_{snapshot.config},
        connection_{connection},
        schema_{schema},
        progress_{progress},
        order_{insert_order(schema).tables} {}

  void run() {
    const bool transactional = connection_.engine().capabilities(connection_).transactional_ddl;
    if (!transactional && connection_.in_transaction()) {
      throw Error{ErrorCode::unsupported,
                  "setting counters would end the open transaction on this engine; end it first"};
    }
    {
      Transaction transaction{connection_};
      replace_rows(transactional);
      detail::restore_row_numbers(connection_, config_.row_numbers);
      detail::restore_records(connection_, config_.records);
      if (transactional) detail::restore_sequences(connection_, schema_, config_.sequences);
      transaction.commit();
    }
    if (!transactional) restore_sequences_after();
  }

 private:
  void replace_rows(bool transactional) {
    const auto guard = connection_.engine().guard_load(connection_, schema_, order_);
    for (const auto& sql : emptying(transactional)) {
      progress_.check();
      connection_.execute(sql);
    }
    for (const auto& name : order_) load(schema_.at(name), data_of(config_, name));
    guard->finish();
  }

  // TRUNCATE would commit where DDL is not transactional.
  [[nodiscard]] std::vector<std::string> emptying(bool transactional) const {
    const Engine& engine = connection_.engine();
    if (transactional) return engine.truncate_sql(schema_, order_);
    std::vector<std::string> statements;
    std::for_each(order_.rbegin(), order_.rend(), [&](const TableName& table) {
      statements.push_back("DELETE FROM " + engine.quote(table));
    });
    return statements;
  }

  void load(const Table& table, const detail::TableData& data) {
    const detail::RowLayout layout = layout_of(table, data);
    detail::StoredBatches batches{store_, data, layout, connection_.engine().mixes_kinds()};
    std::uint64_t rows = 0;
    const auto next = [&](ColumnBatch& batch) {
      progress_.check();
      progress_.report({.phase = "restore",
                        .table = table.name.to_string(),
                        .rows = rows,
                        .total_rows = data.rows});
      const bool more = batches.next(batch);
      rows += batch.row_count();
      return more;
    };
    const std::uint64_t written =
        data.rows == 0 ? 0 : connection_.bulk_load({table, layout.names()}, next);
    if (written != data.rows) {
      throw Error{
          ErrorCode::constraint_violation,
          fmt::format("table '{}' took {} of {} rows", table.name.to_string(), written, data.rows)};
    }
  }

  void restore_sequences_after() {
    try {
      detail::restore_sequences(connection_, schema_, config_.sequences);
    } catch (Error& error) {
      error.add_context("the rows are restored, but not all counters");
      throw;
    }
  }

  const SnapshotStore& store_;
  const detail::SnapshotConfig& config_;
  Connection& connection_;
  const Schema& schema_;
  Progress& progress_;
  std::vector<TableName> order_;
};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): what, from where, to where, how; all are needed
SnapshotSummary restore_snapshot(const SnapshotStore& store, std::string_view name,
                                 Connection& connection, const Schema& schema,
                                 const RestoreOptions& options, Progress& progress) {
  const detail::StoredSnapshot snapshot = detail::read_snapshot(store, name);
  try {
    detail::verify_rows(store, snapshot);
    expect_same_engine(snapshot.config, connection.engine());
    expect_same_schema(snapshot.config, schema);
    if (!options.dry_run) Restore{store, snapshot, connection, schema, progress}.run();
  } catch (const Error& error) {
    throw Error{error.code(), fmt::format("snapshot '{}': {}", name, error.what()),
                error.details()};
  }
  SnapshotSummary summary = detail::summary_of(snapshot.config);
  summary.name = name;
  summary.manifest = snapshot.digest;
  return summary;
}

}  // namespace seedbed
