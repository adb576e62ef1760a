#include "seedbed/engines/mysql/ddl_tally.hpp"

#include <fmt/format.h>

namespace seedbed::mysql {

DdlTally read_ddl_tally(Connection& connection, Product product) {
  const auto row =
      connection
          .query(fmt::format(
              "SELECT CAST(UNIX_TIMESTAMP() - MAX(IF(variable_name = 'UPTIME', variable_value, 0)) "
              "AS SIGNED), CAST(SUM(IF(variable_name = 'UPTIME', 0, variable_value)) AS SIGNED) "
              "FROM {} WHERE variable_name = 'UPTIME' OR variable_name REGEXP "
              "'^COM_(ALTER|CREATE|DROP|RENAME|TRUNCATE|OPTIMIZE|REPAIR)' AND variable_name NOT "
              "LIKE '%TEMPORARY%'",
              status_view(product)))
          .rows.front();
  return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>()};
}

// A procedure shows the statement that it is at; what comes after has not been counted yet.
bool ddl_may_be_running(Connection& connection) {
  return !connection
              .query(
                  "SELECT 1 FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND "
                  "command NOT IN ('Sleep', 'Daemon') AND coalesce(info, '') NOT REGEXP "
                  "'^[[:space:]]*(SELECT|INSERT|UPDATE|DELETE|REPLACE|COMMIT|ROLLBACK|BEGIN)'")
              .rows.empty();
}

void create_tally_table(Connection& connection, std::string_view prefix) {
  connection.execute(fmt::format(
      "CREATE TABLE {}_tally (started BIGINT NOT NULL, statements BIGINT NOT NULL) ENGINE = InnoDB",
      prefix));
  connection.execute(fmt::format("INSERT INTO {}_tally VALUES (0, 0)", prefix));
}

DdlTally stored_tally(Connection& connection, std::string_view prefix) {
  const auto row = connection.query(fmt::format("SELECT started, statements FROM {}_tally", prefix))
                       .rows.front();
  return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>()};
}

void store_tally(Connection& connection, std::string_view prefix, const DdlTally& tally) {
  connection.execute(fmt::format("UPDATE {}_tally SET started = ?, statements = ?", prefix),
                     Row{tally.started, tally.statements});
}

}  // namespace seedbed::mysql
