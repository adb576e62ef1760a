#include "seedbed/engines/sqlite/sqlite_file_state.hpp"

#include <fmt/format.h>

#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

// All that is not SQLite's own, or Seedbed's but for the triggers that note. Tables go last, and
// take what belongs to them along.
constexpr std::string_view kObjects =
    R"(SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM sqlite_schema
       WHERE (type = 'trigger' OR name NOT LIKE 'seedbed\_%' ESCAPE '\')
         AND tbl_name NOT LIKE 'seedbed\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\')";

}  // namespace

void store_file_state(Connection& connection, std::string_view prefix) {
  const bool counters =
      !connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").rows.empty();
  connection.execute(
      fmt::format("CREATE TABLE {}_counters (name PRIMARY KEY, seq) WITHOUT ROWID", prefix));
  if (counters) {
    connection.execute(
        fmt::format("INSERT INTO {}_counters SELECT name, seq FROM sqlite_sequence", prefix));
  }
  connection.execute(fmt::format("CREATE TABLE {}_objects AS {}", prefix, kObjects));
  connection.execute(fmt::format(
      "CREATE TABLE {}_state (version, user_version, application_id, counters)", prefix));
  connection.execute(
      fmt::format("INSERT INTO {}_state SELECT schema_version, user_version, application_id, {} "
                  "FROM pragma_schema_version, pragma_user_version, pragma_application_id",
                  prefix, counters ? 1 : 0));
}

FileState read_file_state(Connection& connection, std::string_view prefix) {
  const Row row =
      connection
          .query(fmt::format("SELECT version, user_version, application_id, counters FROM {}_state",
                             prefix))
          .rows.front();
  return {prefix, row[0], {row[1], row[2]}, row[3].integer() != 0};
}

SchemaChanges schema_changes(Connection& connection, const FileState& before) {
  SchemaChanges changes;
  if (connection.query_value("PRAGMA schema_version") == before.schema_version) return changes;
  const auto fresh = connection.query(
      fmt::format("SELECT type, name FROM ({}) WHERE (type, name) NOT IN (SELECT type, name FROM "
                  "{}_objects) ORDER BY type = 'table', type DESC, name",
                  kObjects, before.prefix));
  for (const auto& row : fresh.rows) {
    const std::string& type = row[0].text();
    changes.drops.push_back(
        fmt::format("DROP {} IF EXISTS {}", type, quote_identifier(row[1].text())));
    changes.fresh.push_back(fmt::format("{} {}", type, row[1].text()));
  }
  // Of a table that was made anew only the triggers that note are missing.
  constexpr std::string_view kChanged =
      R"(SELECT DISTINCT CASE
           WHEN name LIKE 'seedbed\_%' ESCAPE '\' THEN 'table ''' || tbl_name || ''' was made anew'
           WHEN (type, name) IN (SELECT type, name FROM ({0})) THEN
             type || ' ''' || name || ''' was changed'
           ELSE type || ' ''' || name || ''' is gone' END
         FROM (SELECT * FROM {1}_objects EXCEPT {0}) ORDER BY 1)";
  for (const auto& row : connection.query(fmt::format(kChanged, kObjects, before.prefix)).rows) {
    changes.changed.push_back(row[0].text());
  }
  return changes;
}

void store_schema_version(Connection& connection, std::string_view prefix) {
  connection.execute(fmt::format(
      "UPDATE {}_state SET version = (SELECT schema_version FROM pragma_schema_version)", prefix));
}

std::vector<std::string> moved_counters(Connection& connection, const FileState& before) {
  // Where all that there are stand as before, none is gone unless there are fewer.
  constexpr std::string_view kMoved =
      R"(SELECT name FROM sqlite_sequence s
         WHERE seq IS NOT (SELECT seq FROM {0}_counters c WHERE c.name = s.name)
         UNION ALL
         SELECT name FROM {0}_counters
         WHERE (SELECT count(*) FROM sqlite_sequence) < (SELECT count(*) FROM {0}_counters)
           AND name NOT IN (SELECT name FROM sqlite_sequence)
         ORDER BY 1)";
  std::vector<std::string> moved;
  if (!before.counters) return moved;
  for (const auto& row : connection.query(fmt::format(kMoved, before.prefix)).rows) {
    moved.push_back(row[0].text());
  }
  return moved;
}

void put_counters_back(Connection& connection, const FileState& before) {
  connection.execute("DELETE FROM sqlite_sequence");
  connection.execute(
      fmt::format("INSERT INTO sqlite_sequence SELECT name, seq FROM {}_counters", before.prefix));
}

void put_header_back(Connection& connection, const FileState& before, Changes& changes) {
  std::size_t column = 0;
  for (const std::string name : {"user_version", "application_id"}) {
    const Value& wanted = before.header.at(column++);
    if (connection.query_value("PRAGMA " + name) == wanted) continue;
    connection.execute(fmt::format("PRAGMA {} = {}", name, wanted.integer()));
    changes.counters.push_back(name);
  }
}

}  // namespace seedbed::detail
