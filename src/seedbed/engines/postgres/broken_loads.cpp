#include "seedbed/engines/postgres/broken_loads.hpp"

#include <chrono>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/postgres/own_tables.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

constexpr std::string_view kCluster = "(SELECT system_identifier::text FROM pg_control_system())";

// Numbers of transactions of another cluster may be in the future here, which is an error to ask
// about.
constexpr std::string_view kNotesThatAre = R"(FROM seedbed.seedbed_streams
WHERE CASE WHEN cluster = {} THEN coalesce(pg_xact_status(owner), 'aborted') = '{}' ELSE false END)";

std::string notes_that_are(std::string_view status) {
  return fmt::format(kNotesThatAre, kCluster, status);
}

/// A load that is seen to have notes is about to end, one way or the other.
void wait_for_ends(Connection& connection) {
  constexpr std::chrono::seconds kLongest{2};
  constexpr std::chrono::milliseconds kPause{5};
  const auto sql = "SELECT count(*) " + notes_that_are("in progress");
  const auto end = std::chrono::steady_clock::now() + kLongest;
  while (connection.query_value(sql).integer() > 0) {
    if (std::chrono::steady_clock::now() > end) return;
    std::this_thread::sleep_for(kPause);
  }
}

// Another role may have made the table.
bool has_usable_notes(Connection& connection) {
  return connection
      .query_value(
          "SELECT coalesce(bool_and(has_schema_privilege(n.oid, 'USAGE') AND "
          "has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND "
          "has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')), false) "
          "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
          "WHERE n.nspname = 'seedbed' AND c.relname = 'seedbed_streams'")
      .boolean();
}

void delete_rows(Connection& connection, const std::string& session, const std::string& table) {
  try {
    connection.execute(
        fmt::format("DELETE FROM ONLY {} WHERE xmin = '{}'::xid8::xid", table, session));
  } catch (Error& error) {
    error.add_context(
        fmt::format("a load into table '{}' was killed, and its rows cannot be taken back; delete "
                    "what refers to them, or reset the database",
                    table));
    throw;
  }
}

}  // namespace

bool prepare_stream_notes(Connection& connection) {
  if (!own_table_exists(connection, "streams")) {
    prepare_own_tables(connection);
    connection.execute(
        "CREATE TABLE IF NOT EXISTS seedbed.seedbed_streams (cluster text NOT NULL, owner xid8 NOT "
        "NULL, session xid8 NOT NULL, loaded oid NOT NULL)");
  }
  return has_usable_notes(connection);
}

std::string commit_stream_sql(const std::string& owner, const std::string& table) {
  return fmt::format(
      "INSERT INTO seedbed.seedbed_streams (cluster, owner, session, loaded) "
      "VALUES ({}, '{}', pg_current_xact_id(), {}); COMMIT",
      kCluster, owner, table);
}

std::size_t remove_stream_notes(Connection& connection, const std::string& owner) {
  return connection.execute(
      fmt::format("DELETE FROM seedbed.seedbed_streams WHERE owner = '{}'", owner));
}

void undo_broken_loads(Connection& connection) {
  if (!has_usable_notes(connection)) return;
  wait_for_ends(connection);
  Transaction transaction{connection};
  const auto sql =
      "SELECT session::text, loaded::regclass::text, EXISTS (SELECT FROM pg_class WHERE oid = "
      "loaded) " +
      notes_that_are("aborted") + " FOR UPDATE";
  for (const auto& note : connection.query(sql).rows) {
    if (note[2].boolean()) delete_rows(connection, note[0].text(), note[1].text());
    connection.execute(
        fmt::format("DELETE FROM seedbed.seedbed_streams WHERE session = '{}'", note[0].text()));
  }
  transaction.commit();
}

}  // namespace seedbed::postgres
