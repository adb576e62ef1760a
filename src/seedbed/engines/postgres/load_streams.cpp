#include "seedbed/engines/postgres/load_streams.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/batch_queue.hpp"
#include "seedbed/engines/postgres/broken_loads.hpp"
#include "seedbed/engines/postgres/libpq_connection.hpp"
#include "seedbed/engines/postgres/table_gate.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

/// More would wait for each other where the table grows.
constexpr unsigned kMostSessions = 4;
/// Enough to go on with while the next run of rows is sorted.
constexpr std::size_t kBytesForEach = std::size_t{2} << 20U;
/// Sessions that come to write equal values of a key wait for each other, which would not end.
constexpr const char* kLongestWait = "2s";
/// Longer than an autovacuum stays once it is in the way (deadlock_timeout, usually a second).
constexpr std::chrono::milliseconds kGateTime{1500};
constexpr std::chrono::milliseconds kGatePause{5};

// What a session finds out about itself and the table: its role, its process, and the table's
// number where several sessions may write it.
constexpr std::string_view kLookSql = R"(
SELECT current_user::text, pg_backend_pid()::text, c.oid::text
FROM pg_class c
WHERE c.oid = to_regclass($1) AND c.relkind = 'r' AND c.relpersistence <> 't'
  AND NOT c.relrowsecurity AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_rewrite WHERE ev_class = c.oid)
  AND current_setting('server_version_num')::int >= 130000
  AND current_setting('transaction_isolation') = 'read committed'
  AND current_setting('transaction_read_only') = 'off')";

struct Look {
  std::string role{};
  std::string pid{};
  std::string table{};
};

std::optional<Look> look(Connection& connection, const std::string& table) {
  const std::vector<Value> arguments{table};
  const auto found = connection.query(kLookSql, arguments).rows;
  if (found.empty()) return std::nullopt;
  return Look{found[0][0].text(), found[0][1].text(), found[0][2].text()};
}

class Streams final : public LoadStreams {
 public:
  Streams(LibpqConnection& caller, std::string table) : caller_{caller}, table_{std::move(table)} {}

  ~Streams() override {
    others_.clear();
    gate_.reset();
    if (!committed_ || caller_.in_transaction()) return;
    try {
      undo_broken_loads(caller_);
    } catch (const Error&) {
      // The connection is lost; whoever writes next does it.
    }
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  /// False when something is in the way.
  [[nodiscard]] bool open(unsigned sessions) {
    const auto own = look(caller_, table_);
    if (!own) return false;
    number_ = own->table;
    std::vector<std::string> pids{own->pid};
    pids.reserve(sessions);
    others_.reserve(sessions - 1);
    for (unsigned i = 1; i < sessions; ++i) {
      auto other = std::make_unique<LibpqConnection>(caller_.engine(), open_session(caller_.url()));
      if (!prepare(*other)) return false;
      const auto its = look(*other, table_);
      if (!its || its->role != own->role || its->table != own->table) return false;
      pids.push_back(its->pid);
      others_.push_back(std::move(other));
    }
    caller_.execute_script(lock_sql("ROW EXCLUSIVE"));
    owner_ = caller_.query_value("SELECT pg_current_xact_id()::text").text();
    gate_.emplace(caller_.url(), table_);
    return keeps_others_out(pids);
  }

  void load(const BulkTarget& target, const BatchSource& next) override {
    try {
      Transaction savepoint{caller_};
      const auto limit = caller_.query_value("SELECT current_setting('lock_timeout')");
      set_limit(kLongestWait);
      spread(target, next);
      set_limit(limit);
      savepoint.commit();
      loaded_ = true;
    } catch (...) {
      close();
      throw;
    }
  }

  // The caller has begun to write the table, so it is not the one to wait at the gate.
  void close() override {
    others_.clear();
    caller_.execute_script(lock_sql("SHARE ROW EXCLUSIVE"));
    gate_.reset();
  }

  void commit() override {
    if (!loaded_) return;
    committed_ = true;
    for (auto& other : others_) other->execute_script(commit_stream_sql(owner_, number_));
    if (remove_stream_notes(caller_, owner_) == others_.size()) return;
    throw Error{ErrorCode::conflict,
                fmt::format("somebody has removed Seedbed's notes of a load into {} while it ran: "
                            "some of its rows may have stayed; empty the table and load again",
                            table_)};
  }

 private:
  [[nodiscard]] std::string lock_sql(std::string_view mode) const {
    return fmt::format("LOCK TABLE {} IN {} MODE", table_, mode);
  }

  void set_limit(const Value& limit) {
    const std::vector<Value> arguments{limit};
    static_cast<void>(caller_.query("SELECT set_config('lock_timeout', $1, true)", arguments));
  }

  [[nodiscard]] bool prepare(LibpqConnection& other) const {
    if (!prepare_stream_notes(other)) return false;
    other.execute_script(
        fmt::format("BEGIN; SET LOCAL lock_timeout = '{}'; SET LOCAL statement_timeout = 0; SET "
                    "LOCAL idle_in_transaction_session_timeout = 0; {}",
                    kLongestWait, lock_sql("ROW EXCLUSIVE")));
    return true;
  }

  /// Once the gate waits for nobody but the sessions of this load.
  [[nodiscard]] bool keeps_others_out(const std::vector<std::string>& pids) {
    const auto sql = fmt::format(
        "SELECT blocking <@ '{{{}}}' AND cardinality(blocking) > 0 FROM pg_blocking_pids({}) "
        "blocking",
        join(pids, ","), gate_->pid());
    const auto end = std::chrono::steady_clock::now() + kGateTime;
    while (!caller_.query_value(sql).boolean()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(kGatePause);
    }
    return true;
  }

  static void write(LibpqConnection& session, const BulkTarget& target, BatchQueue& queue) {
    try {
      session.bulk_load(target, [&](ColumnBatch& batch) { return queue.take(batch); });
    } catch (...) {
      queue.fail(std::current_exception());
    }
  }

  void spread(const BulkTarget& target, const BatchSource& next) {
    BatchQueue queue{kBytesForEach * (others_.size() + 1)};
    std::vector<std::jthread> threads;
    threads.reserve(others_.size() + 1);
    try {
      threads.emplace_back([&] { write(caller_, target, queue); });
      for (auto& other : others_) threads.emplace_back([&] { write(*other, target, queue); });
      ColumnBatch batch;
      while (batch.reset(target.columns.size()), next(batch) && queue.put(batch)) continue;
      queue.end();
    } catch (...) {
      queue.fail(std::current_exception());
    }
    threads.clear();  // waits for them
    queue.rethrow_failure();
  }

  LibpqConnection& caller_;
  std::string table_;   // quoted
  std::string number_;  // its own, in the catalog
  std::string owner_;   // the caller's transaction
  std::vector<std::unique_ptr<LibpqConnection>> others_;
  std::optional<TableGate> gate_;
  bool loaded_ = false;
  bool committed_ = false;
};

}  // namespace

std::unique_ptr<LoadStreams> open_streams(Connection& connection, const Table& table) {
  auto* caller = dynamic_cast<LibpqConnection*>(&connection);
  const auto sessions = std::min(std::thread::hardware_concurrency(), kMostSessions);
  if (caller == nullptr || sessions < 2) return nullptr;
  try {
    Transaction savepoint{connection};
    auto streams = std::make_unique<Streams>(*caller, connection.engine().quote(table.name));
    if (!streams->open(sessions)) return nullptr;
    savepoint.commit();
    return streams;
  } catch (const Error&) {
    // More sessions only make it faster: what is wrong with the caller's own it will say itself.
    return nullptr;
  }
}

}  // namespace seedbed::postgres
