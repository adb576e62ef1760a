#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "seedbed/cleanup/templates.hpp"

namespace seedbed {

/// Which databases a pool holds.
struct PoolOrder {
  TemplateOrder contents{};
  /// Makes a database that was given back what a clone would be; false, or an Error, where it
  /// cannot. It is marked.
  std::function<bool(Connection&)> restore{};
};

/// A marked clone of a template that nobody else has while this lives: one that a process before
/// has given back, or a new one. It is dropped at the end unless it was given back; that of a
/// process that was killed by the next one.
///
/// A pool has as many databases as there were processes at once. Those older than a day are dropped
/// by the next process, whatever they hold.
class PooledDatabase {
 public:
  /// Throws as the steps do, leaving nothing behind.
  PooledDatabase(std::shared_ptr<DatabaseServer> server, const PoolOrder& order,
                 Progress& progress);
  ~PooledDatabase();
  PooledDatabase(const PooledDatabase&) = delete;
  PooledDatabase& operator=(const PooledDatabase&) = delete;

  [[nodiscard]] const DatabaseUrl& url() const noexcept { return url_; }
  [[nodiscard]] bool reused() const noexcept { return reused_; }
  /// The connection that was opened to look at it; once.
  [[nodiscard]] std::unique_ptr<Connection> take_connection() noexcept {
    return std::move(connection_);
  }
  /// For the next process: what `PoolOrder::restore` cannot find may not have been changed. When
  /// somebody is still connected it is dropped instead.
  void give_back();
  /// Leaves it where it is; the next process drops it once this object is gone.
  void leave() noexcept { left_ = true; }

 private:
  void take_place(const PoolOrder& order, Progress& progress);
  bool take_over(const std::string& name, const PoolOrder& order);
  void make(const PoolOrder& order, Progress& progress);
  void connect_to(const std::string& name);
  void let_go() noexcept;

  std::shared_ptr<DatabaseServer> server_;
  std::string place_;  // in the pool, whose lock is held
  std::string name_;   // empty once it is given back
  DatabaseUrl url_;
  std::unique_ptr<Connection> connection_;
  std::int64_t made_micros_ = 0;
  bool reused_ = false;
  bool left_ = false;
};

/// Drops what killed processes left, and databases older than a day that nobody has. A failure is
/// left to the next time.
void reap_pools(DatabaseServer& server);

}  // namespace seedbed
