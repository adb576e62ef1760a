// The transaction of a sandbox.
#include <string>

#include "seedbed/engines/postgres/postgres_connection.hpp"
#include "seedbed/engines/postgres/sandbox_script.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

void PostgresConnection::begin_sandbox() {
  postgres::begin_sandbox([this](const char* sql) { execute_script(sql); });
  watch_sandbox();
}

void PostgresConnection::roll_back_sandbox() {
  execute_script(kEndSandbox);
}

void PostgresConnection::check_constraints() {
  const Transaction undone{*this};
  execute("SET CONSTRAINTS ALL IMMEDIATE");
}

}  // namespace seedbed::postgres
