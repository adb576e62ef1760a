#pragma once

#include <atomic>
#include <memory>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/session.hpp"

namespace seedbed::mysql {

/// The Connection over either driver's session.
class MysqlConnection : public Connection {
 public:
  /// `engine` outlives the connection.
  MysqlConnection(const Engine& engine, std::unique_ptr<Session> session);

  [[nodiscard]] const Engine& engine() const noexcept override { return engine_; }
  [[nodiscard]] std::string database_name() override;
  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override;
  void execute_script(std::string_view sql) override;
  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override;
  std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) override;
  [[nodiscard]] bool in_transaction() override { return session_->in_transaction(); }
  void cancel() noexcept override;
  [[nodiscard]] bool adopted() const noexcept override { return session_->adopted(); }
  [[nodiscard]] detail::SavepointStack* savepoints() noexcept override {
    return session_->savepoints();
  }

 private:
  void watch(std::string_view sql);

  const Engine& engine_;
  std::unique_ptr<Session> session_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace seedbed::mysql
