#pragma once

#include <memory>
#include <string>

#include "seedbed/engines/postgres/libpq.hpp"

namespace seedbed::postgres {

/// A session that waits for the lock of a table, so that whoever comes to write it waits behind it;
/// sessions that had begun to write it go on.
class TableGate {
 public:
  /// `table` is quoted.
  TableGate(const DatabaseUrl& url, const std::string& table);
  /// Gives up waiting.
  ~TableGate();
  TableGate(const TableGate&) = delete;
  TableGate& operator=(const TableGate&) = delete;

  /// Of its server process, for `pg_blocking_pids`.
  [[nodiscard]] int pid() const noexcept;

 private:
  std::unique_ptr<OwnSession> session_;
};

}  // namespace seedbed::postgres
