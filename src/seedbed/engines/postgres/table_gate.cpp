#include "seedbed/engines/postgres/table_gate.hpp"

#include <array>

#include <libpq-fe.h>

namespace seedbed::postgres {

TableGate::TableGate(const DatabaseUrl& url, const std::string& table)
    : session_{open_session(url)} {
  const std::string script =
      "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; LOCK TABLE " + table +
      " IN SHARE ROW EXCLUSIVE MODE";
  if (PQsendQuery(session_->handle(), script.c_str()) == 0) {
    throw connection_lost(PQerrorMessage(session_->handle()));
  }
}

TableGate::~TableGate() {
  const std::unique_ptr<pg_cancel, CancelDeleter> request{PQgetCancel(session_->handle())};
  std::array<char, 256> ignored{};
  if (request != nullptr) PQcancel(request.get(), ignored.data(), static_cast<int>(ignored.size()));
}

int TableGate::pid() const noexcept {
  return PQbackendPID(session_->handle());
}

}  // namespace seedbed::postgres
