#pragma once

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"

namespace seedbed::mysql {

/// Session settings while rows are put right: no foreign keys, unless `keys`. Others are not waited
/// for long: DDL a second, rows three. Puts the settings back.
class QuietSession {
 public:
  explicit QuietSession(Connection& connection, bool keys = false);
  ~QuietSession();
  QuietSession(const QuietSession&) = delete;
  QuietSession& operator=(const QuietSession&) = delete;

  /// No notes from here on (`UndoLog`).
  void stop_notes() { connection_.execute("SET @seedbed_undoing = 1"); }

 private:
  void set(const Row& settings);

  Connection& connection_;
  LoadSettings settings_;
  Row before_;
};

}  // namespace seedbed::mysql
