#include "seedbed/cleanup/baseline.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed {

namespace {

constexpr std::string_view kTable = "baseline";

// How a baseline comes back, in column `noted`; what another version wrote there and this one does
// not know is restored.
constexpr std::int64_t kRestored = 0;
constexpr std::int64_t kNoted = 1;
constexpr std::int64_t kDeleted = 2;
constexpr std::int64_t kTruncated = 3;

std::int64_t way_back(const Baseline& baseline) {
  if (baseline.noted) return kNoted;
  if (!baseline.emptied_by) return kRestored;
  return *baseline.emptied_by == EmptyBy::delete_ ? kDeleted : kTruncated;
}

void create_table(Connection& connection) {
  const Engine& engine = connection.engine();
  if (engine.own_table_exists(connection, kTable)) return;
  engine.prepare_own_tables(connection);
  connection.execute(fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (id INT NOT NULL PRIMARY KEY, snapshot VARCHAR(255) NOT NULL, "
      "digest VARCHAR(80) NOT NULL, marked_at VARCHAR(40) NOT NULL, noted SMALLINT NOT NULL)",
      engine.own_table(kTable)));
}

}  // namespace

std::optional<Baseline> read_baseline(Connection& connection) {
  const Engine& engine = connection.engine();
  if (!engine.own_table_exists(connection, kTable)) return std::nullopt;
  const RowSet found = connection.query(
      fmt::format("SELECT snapshot, digest, marked_at, noted FROM {}", engine.own_table(kTable)));
  if (found.rows.empty()) return std::nullopt;
  const Row& row = found.rows.front();
  const auto digest = Digest::parse(row[1].as<std::string>());
  if (!digest) {
    throw Error{ErrorCode::corrupt,
                fmt::format("the baseline of database '{}' holds no valid digest; run "
                            "'seedbed baseline mark' again",
                            connection.database_name())};
  }
  Baseline baseline{row[0].as<std::string>(), *digest, row[2].as<std::string>()};
  const auto way = row[3].as<std::int64_t>();
  baseline.noted = way == kNoted;
  if (way == kDeleted) baseline.emptied_by = EmptyBy::delete_;
  if (way == kTruncated) baseline.emptied_by = EmptyBy::truncate;
  return baseline;
}

void write_baseline(Connection& connection, const Baseline& baseline) {
  create_table(connection);
  const Engine& engine = connection.engine();
  const std::string table = engine.own_table(kTable);
  Transaction transaction{connection};
  connection.execute("DELETE FROM " + table);
  connection.execute(
      fmt::format(
          "INSERT INTO {} (id, snapshot, digest, marked_at, noted) VALUES (1, {}, {}, {}, {})",
          table, engine.placeholder(1), engine.placeholder(2), engine.placeholder(3),
          engine.placeholder(4)),
      Row{baseline.snapshot, baseline.digest.to_string(), baseline.marked_at, way_back(baseline)});
  transaction.commit();
}

void remove_baseline(Connection& connection) {
  const Engine& engine = connection.engine();
  if (!engine.own_table_exists(connection, kTable)) return;
  connection.execute("DELETE FROM " + engine.own_table(kTable));
}

Baseline require_baseline(Connection& connection) {
  if (auto baseline = read_baseline(connection)) return *baseline;
  throw Error{
      ErrorCode::not_found,
      fmt::format("database '{}' has no baseline: bring it into the state that tests start from, "
                  "then run 'seedbed baseline mark'",
                  connection.database_name())};
}

}  // namespace seedbed
