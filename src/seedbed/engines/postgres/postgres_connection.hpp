#pragma once

#include <concepts>
#include <mutex>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"

namespace seedbed::postgres {

/// Lets another thread interrupt the running statement, and never the one after it.
class RunningStatement {
 public:
  void begins() {
    const std::lock_guard lock{mutex_};
    running_ = true;
  }
  void ends() noexcept {
    const std::lock_guard lock{mutex_};
    running_ = false;
  }
  /// `request` returns once the server has taken it, so the lock keeps it from the next statement.
  void interrupt(const std::invocable auto& request) noexcept {
    const std::lock_guard lock{mutex_};
    if (running_) request();
  }

 private:
  std::mutex mutex_;
  bool running_ = false;
};

/// What Seedbed's own connection and an adopted one have in common.
class PostgresConnection : public Connection {
 public:
  explicit PostgresConnection(const Engine& engine) : engine_{engine} {}

  [[nodiscard]] const Engine& engine() const noexcept final { return engine_; }
  [[nodiscard]] std::string database_name() final {
    if (database_name_.empty()) database_name_ = query_value("SELECT current_database()").text();
    return database_name_;
  }
  void begin_sandbox() final;
  void check_constraints() final;

 protected:
  void roll_back_sandbox() final;

 private:
  const Engine& engine_;
  std::string database_name_;
};

/// The engine of adopted connections; stateless.
[[nodiscard]] const Engine& postgres_engine();

/// The columns as `"a", "b"`.
[[nodiscard]] std::string column_list(const Engine& engine,
                                      const std::vector<std::string>& columns);

/// Refuses rows that PostgreSQL would change without a word: a text whose blanks beyond the
/// column's length would be cut, a decimal that would be rounded. Everything else it refuses by
/// itself.
class SilentChangeCheck {
 public:
  explicit SilentChangeCheck(const BulkTarget& target);
  /// Throws constraint_violation naming the column.
  void check(const ColumnBatch& batch) const;

 private:
  struct Limit {
    std::size_t index;  // in the batch
    const Column* column;
  };
  std::string table_;
  std::vector<Limit> limits_;
};

}  // namespace seedbed::postgres
