#pragma once

#include "seedbed/engines/sqlite/sqlite_connection.hpp"

namespace seedbed::detail {

/// Neither triggers nor foreign keys act while it lives, and the disk is not waited for: what a
/// crash of the whole machine might break can be made again, and a crash of the process breaks
/// nothing. Outside of transactions.
class SqliteQuiet {
 public:
  explicit SqliteQuiet(Connection& connection);
  ~SqliteQuiet();
  SqliteQuiet(const SqliteQuiet&) = delete;
  SqliteQuiet& operator=(const SqliteQuiet&) = delete;

 private:
  void wait_for_disk(std::int64_t synchronous);

  SqliteConnection& connection_;
  std::int64_t synchronous_;
  bool keys_ = true;
  bool triggers_ = true;
};

}  // namespace seedbed::detail
