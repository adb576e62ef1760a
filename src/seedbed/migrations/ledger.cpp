#include "seedbed/migrations/ledger.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 3> kStates{"applied", "applying", "undoing"};
constexpr std::array<std::string_view, 3> kStatementStates{"running", "done", "failed"};

template <typename State>
std::string_view name_of(State state, const std::array<std::string_view, 3>& names) {
  return names.at(static_cast<std::size_t>(state));
}

template <typename State>
State state_of(const Value& name, const std::array<std::string_view, 3>& names) {
  const auto* const found = std::find(names.begin(), names.end(), name.as<std::string>());
  if (found == names.end()) {
    throw Error{
        ErrorCode::conflict,
        fmt::format("the ledger of migrations holds the state '{}', which this version of Seedbed "
                    "does not know",
                    name.display())};
  }
  return static_cast<State>(found - names.begin());
}

}  // namespace

Ledger::Ledger(Connection& connection)
    : connection_{connection},
      migrations_{connection.engine().own_table("migrations")},
      statements_{connection.engine().own_table("migration_statements")} {}

std::string Ledger::placeholders(std::size_t count) const {
  std::vector<std::string> parts;
  for (std::size_t i = 1; i <= count; ++i) parts.push_back(connection_.engine().placeholder(i));
  return join(parts, ", ");
}

void Ledger::create() {
  const Engine& engine = connection_.engine();
  if (engine.own_table_exists(connection_, "migrations") &&
      engine.own_table_exists(connection_, "migration_statements")) {
    return;
  }
  std::optional<Transaction> transaction;
  if (engine.capabilities(connection_).transactional_ddl) transaction.emplace(connection_);
  engine.prepare_own_tables(connection_);
  connection_.execute(fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (version BIGINT NOT NULL PRIMARY KEY, label VARCHAR(255) NOT "
      "NULL, "
      "checksum VARCHAR(80) NOT NULL, state VARCHAR(16) NOT NULL, applied_at VARCHAR(40) NOT NULL, "
      "duration_ms BIGINT NOT NULL)",
      migrations_));
  connection_.execute(fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (version BIGINT NOT NULL, direction VARCHAR(4) NOT NULL, "
      "ordinal BIGINT NOT NULL, digest VARCHAR(80) NOT NULL, line_number BIGINT NOT NULL, "
      "state VARCHAR(16) NOT NULL, duration_ms BIGINT NOT NULL, error TEXT NOT NULL, "
      "PRIMARY KEY (version, direction, ordinal))",
      statements_));
  if (transaction) transaction->commit();
}

std::vector<LedgerEntry> Ledger::entries() {
  if (!connection_.engine().own_table_exists(connection_, "migrations")) return {};
  return read_entries("", {});
}

std::optional<LedgerEntry> Ledger::find(std::int64_t version) {
  auto found = read_entries(" WHERE version = " + placeholders(1), {version});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<LedgerEntry> Ledger::read_entries(const std::string& condition, const Row& arguments) {
  const auto rows = connection_.query(
      fmt::format("SELECT version, label, checksum, state, applied_at, duration_ms FROM {}{} "
                  "ORDER BY version",
                  migrations_, condition),
      arguments);
  std::vector<LedgerEntry> result;
  for (const auto& row : rows.rows) {
    result.push_back({.version = row[0].as<std::int64_t>(),
                      .label = row[1].as<std::string>(),
                      .checksum = row[2].as<std::string>(),
                      .state = state_of<LedgerState>(row[3], kStates),
                      .applied_at = row[4].as<std::string>(),
                      .duration_ms = row[5].as<std::int64_t>()});
  }
  return result;
}

void Ledger::put(const LedgerEntry& entry) {
  Transaction transaction{connection_};
  connection_.execute(
      fmt::format("DELETE FROM {} WHERE version = {}", migrations_, placeholders(1)),
      Row{entry.version});
  connection_.execute(
      fmt::format(
          "INSERT INTO {} (version, label, checksum, state, applied_at, duration_ms) VALUES ({})",
          migrations_, placeholders(6)),
      Row{entry.version, entry.label, entry.checksum, name_of(entry.state, kStates),
          entry.applied_at, entry.duration_ms});
  transaction.commit();
}

void Ledger::put(const LedgerStatement& statement) {
  const std::string_view direction = statement.undo ? "down" : "up";
  Transaction transaction{connection_};
  const auto key = [&](std::size_t n) { return connection_.engine().placeholder(n); };
  connection_.execute(
      fmt::format("DELETE FROM {} WHERE version = {} AND direction = {} AND ordinal = {}",
                  statements_, key(1), key(2), key(3)),
      Row{statement.version, direction, statement.ordinal});
  connection_.execute(
      fmt::format(
          "INSERT INTO {} (version, direction, ordinal, digest, line_number, state, duration_ms, "
          "error) VALUES ({})",
          statements_, placeholders(8)),
      Row{statement.version, direction, statement.ordinal, statement.digest, statement.line,
          name_of(statement.state, kStatementStates), statement.duration_ms, statement.error});
  transaction.commit();
}

void Ledger::remove(std::int64_t version) {
  Transaction transaction{connection_};
  for (const auto& table : {statements_, migrations_}) {
    connection_.execute(fmt::format("DELETE FROM {} WHERE version = {}", table, placeholders(1)),
                        Row{version});
  }
  transaction.commit();
}

std::vector<LedgerStatement> Ledger::statements(std::int64_t version, bool undo) {
  const auto key = [&](std::size_t n) { return connection_.engine().placeholder(n); };
  const auto rows = connection_.query(
      fmt::format("SELECT ordinal, digest, line_number, state, duration_ms, error FROM {} WHERE "
                  "version = {} AND direction = {} ORDER BY ordinal",
                  statements_, key(1), key(2)),
      Row{version, undo ? "down" : "up"});
  std::vector<LedgerStatement> result;
  for (const auto& row : rows.rows) {
    result.push_back({.version = version,
                      .undo = undo,
                      .ordinal = row[0].as<std::int64_t>(),
                      .digest = row[1].as<std::string>(),
                      .line = row[2].as<std::int64_t>(),
                      .state = state_of<StatementState>(row[3], kStatementStates),
                      .duration_ms = row[4].as<std::int64_t>(),
                      .error = row[5].as<std::string>()});
  }
  return result;
}

}  // namespace seedbed::detail
