#include <csignal>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/engines/mysql/mysql_server.hpp"

namespace seedbed::mysql {

namespace {

std::string program(std::string_view name) {
  const auto found = find_program(name);
  if (!found.empty()) return found.string();
  throw Error{ErrorCode::unavailable,
              fmt::format("MariaDB is not installed: there is no program '{}' on the path or in "
                          "/usr/sbin (Debian's package is 'mariadb-server')",
                          name),
              {.engine = "mysql"}};
}

}  // namespace

ServerRecipe make_server_recipe(const ServerPlace& place) {
  const auto data = "--datadir=" + (place.directory / "data").string();
  const auto first_statements = place.directory / "first.sql";
  ServerRecipe recipe;
  recipe.prepare = {program("mariadb-install-db"),
                    "--no-defaults",
                    data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--skip-name-resolve"};
  recipe.after = {
      {first_statements, fmt::format("DELETE FROM mysql.global_priv WHERE User IN ('root', '');\n"
                                     "FLUSH PRIVILEGES;\n"
                                     "CREATE USER IF NOT EXISTS seedbed@'%' IDENTIFIED BY '{}';\n"
                                     "GRANT ALL ON *.* TO seedbed@'%' WITH GRANT OPTION;\n",
                                     place.password)}};
  recipe.serve = {program("mariadbd"),
                  "--no-defaults",
                  data,
                  "--socket=server.sock",  // below the data, where its path may be long
                  "--pid-file=server.pid",
                  "--init-file=" + first_statements.string(),
                  "--bind-address=127.0.0.1",
                  fmt::format("--port={}", place.port),
                  "--skip-name-resolve",
                  "--skip-log-bin",
                  "--character-set-server=utf8mb4",
                  "--max-connections=200",
                  "--innodb-flush-log-at-trx-commit=0",
                  "--innodb-doublewrite=0",
                  "--innodb-flush-method=nosync",
                  "--sync-frm=0",
                  "--table-definition-cache=10000",
                  "--innodb-buffer-pool-size=256M",
                  "--innodb-log-file-size=96M",
                  "--performance-schema=0",
                  "--local-infile=1"};
  recipe.stop_signal = SIGKILL;  // what is in memory is nobody's loss
  recipe.url = {.engine = "mysql",
                .user = "seedbed",
                .password = place.password,
                .host = "127.0.0.1",
                .port = place.port,
                .database = "mysql"};
  return recipe;
}

}  // namespace seedbed::mysql
