#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed::detail {

/// Turns the transactions of code under test into savepoints while a sandbox holds the real one:
/// the part that the wrappers around the drivers' connections (engines/adopt) have in common.
/// Errors are the driver's.
class SavepointStack {
 public:
  SavepointStack() = default;
  virtual ~SavepointStack() = default;
  SavepointStack(const SavepointStack&) = delete;
  SavepointStack& operator=(const SavepointStack&) = delete;

  /// A sandbox has begun.
  void enter();
  /// It is about to roll back, with what the code under test has left open.
  void leave() noexcept;
  [[nodiscard]] bool inside() const noexcept { return !sandboxes_.empty(); }
  /// Expires with this object.
  [[nodiscard]] std::weak_ptr<void> lifetime() const noexcept { return lifetime_; }

  /// Innermost last. Undoing and releasing return false when the code under test has none open.
  void begin_savepoint();
  bool release_savepoint();
  bool undo_savepoint();

  /// Around a statement outside of the code's own transactions that must not end the sandbox's when
  /// it fails (PostgreSQL): false when it needs no such savepoint. It stays until the next one.
  bool guard_statement(std::string_view sql);
  void undo_statement() noexcept;

 protected:
  /// Runs a statement on the driver's connection.
  virtual void run(const std::string& sql) = 0;
  /// Whether a transaction begins where another ends, as without autocommit.
  [[nodiscard]] virtual bool chains() { return false; }

 private:
  struct Level {
    std::size_t depth = 0;  // savepoints that were open when the sandbox began
    bool guarded = false;   // the savepoint of a statement is there
    bool by_text = false;   // the code under test does transactions in SQL text
  };

  [[nodiscard]] bool any_open() const noexcept { return depth_ > sandboxes_.back().depth; }
  [[nodiscard]] std::string guard() const;
  [[nodiscard]] std::string name() const { return "seedbed_users_" + std::to_string(depth_); }

  std::vector<Level> sandboxes_;
  std::size_t depth_ = 0;
  std::shared_ptr<void> lifetime_ = std::make_shared<bool>();
};

}  // namespace seedbed::detail
