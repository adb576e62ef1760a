#include "seedbed/engines/postgres/own_tables.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

// IF NOT EXISTS does not wait for another session that is just creating the same: it then fails
// with one of these, and the object is there.
bool lost_a_race(const Error& error) {
  const std::string& state = error.details().sqlstate;
  return state == "23505" || state == "42P06" || state == "42P07" || state == "42710";
}

void create_if_missing(Connection& connection, const std::string& sql) {
  try {
    Transaction transaction{connection};
    connection.execute(sql);
    transaction.commit();
  } catch (const Error& error) {
    if (!lost_a_race(error)) throw;
  }
}

std::int64_t lock_number(std::string_view lock) {
  const Digest digest = sha256(fmt::format("seedbed:{}", lock));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest.bytes[i];
  return static_cast<std::int64_t>(number);
}

}  // namespace

void prepare_own_tables(Connection& connection) {
  // Looked up first: a role that may not create schemas can still use one that was made for it.
  const Value exists =
      connection.query_value("SELECT count(*) FROM pg_namespace WHERE nspname = 'seedbed'");
  if (exists.integer() > 0) return;
  try {
    create_if_missing(connection, "CREATE SCHEMA IF NOT EXISTS seedbed");
  } catch (const Error& error) {
    if (error.details().sqlstate != "42501") throw;
    const Engine& engine = connection.engine();
    const std::string role = connection.query_value("SELECT current_user").text();
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("role '{}' may not create schema 'seedbed' in database '{}', where Seedbed "
                    "keeps its own tables; run: GRANT CREATE ON DATABASE {} TO {}",
                    role, connection.database_name(), engine.quote(connection.database_name()),
                    engine.quote(role)),
        error.details()};
  }
}

// Asks the catalog, which every role may read; to_regclass needs USAGE on the schema.
bool own_table_exists(Connection& connection, std::string_view name) {
  const std::vector<Value> arguments{fmt::format("seedbed_{}", name)};
  const Value count = connection.query_value(
      "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = 'seedbed' AND c.relname = $1",
      arguments);
  return count.integer() > 0;
}

std::string database_binding(Connection& connection) {
  return connection
      .query_value(
          "SELECT format('%s/%s', system_identifier, d.oid) FROM pg_control_system(), "
          "pg_database d WHERE d.datname = current_database()")
      .text();
}

std::optional<MarkRecord> read_mark(Connection& connection) {
  if (!own_table_exists(connection, "mark")) return std::nullopt;
  const RowSet result = connection.query("SELECT id, binding FROM seedbed.seedbed_mark");
  if (result.rows.empty()) return std::nullopt;
  return MarkRecord{result.rows.front()[0].text(), result.rows.front()[1].text()};
}

void write_mark(Connection& connection, const MarkRecord& mark) {
  prepare_own_tables(connection);
  create_if_missing(connection,
                    "CREATE TABLE IF NOT EXISTS seedbed.seedbed_mark (id text, binding text)");
  const std::vector<Value> arguments{mark.id, mark.binding};
  Transaction transaction{connection};
  connection.execute("LOCK TABLE seedbed.seedbed_mark IN SHARE ROW EXCLUSIVE MODE");
  connection.execute("DELETE FROM seedbed.seedbed_mark");
  connection.execute("INSERT INTO seedbed.seedbed_mark (id, binding) VALUES ($1, $2)", arguments);
  transaction.commit();
}

// Polls: a session that blocks in pg_advisory_lock deadlocks with CREATE INDEX CONCURRENTLY of the
// one that holds the lock.
bool try_lock(Connection& connection, std::string_view lock, int milliseconds) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kFirstPause{10};
  constexpr std::chrono::milliseconds kLongestPause{250};
  const auto deadline = steady_clock::now() + std::chrono::milliseconds{milliseconds};
  const std::vector<Value> arguments{lock_number(lock)};
  for (auto pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    if (connection.query_value("SELECT pg_try_advisory_lock($1::int8)", arguments).boolean()) {
      return true;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return false;
    std::this_thread::sleep_for(std::min(pause, left));
  }
}

void unlock(Connection& connection, std::string_view lock) {
  const std::vector<Value> arguments{lock_number(lock)};
  if (connection.query_value("SELECT pg_advisory_unlock($1::int8)", arguments).boolean()) return;
  throw Error{ErrorCode::internal,
              fmt::format("lock '{}' is not held by this session", lock),
              {.engine = "postgres"}};
}

}  // namespace seedbed::postgres
