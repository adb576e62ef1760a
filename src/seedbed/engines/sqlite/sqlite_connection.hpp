#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/sqlite/sqlite_session.hpp"

namespace seedbed::detail {

/// How Seedbed's own sessions are set up; an adopted one keeps the user's settings.
struct SqliteSettings {
  int busy_timeout_ms = 5000;
  bool foreign_keys = true;
  /// SQLite's own is 2 MiB, which the indexes of a large load do not fit in.
  int cache_kib = 64 * 1024;
};

/// A Connection over a raw handle: of a session of its own, or of the user's.
class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const Engine& engine, std::unique_ptr<SqliteSession> session,
                   const SqliteSettings& settings);
  /// `savepoints` outlives the connection, as the handle does.
  SqliteConnection(const Engine& engine, sqlite3* adopted, SavepointStack* savepoints = nullptr);

  [[nodiscard]] const Engine& engine() const noexcept override { return engine_; }
  [[nodiscard]] std::string database_name() override;
  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override;
  void execute_script(std::string_view sql) override;
  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override;
  std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) override;
  [[nodiscard]] bool in_transaction() override;
  void cancel() noexcept override;
  [[nodiscard]] bool adopted() const noexcept override { return session_ == nullptr; }
  /// A COMMIT becomes a rollback, and an error, until the sandbox ends.
  void begin_sandbox() override;
  [[nodiscard]] SavepointStack* savepoints() noexcept override { return savepoints_; }
  void check_constraints() override;
  /// Whether triggers fire for this connection's statements; returns how it was.
  bool switch_triggers(bool on);
  /// Whether they are enforced for them; returns how it was. Outside of transactions.
  bool switch_foreign_keys(bool on);

 protected:
  void roll_back_sandbox() override;

 private:
  static int refuse_commit(void* connection);
  static void note_end(void* connection);

  const Engine& engine_;
  std::unique_ptr<SqliteSession> session_;  // null: adopted
  sqlite3* handle_;
  SavepointStack* savepoints_ = nullptr;
};

}  // namespace seedbed::detail
