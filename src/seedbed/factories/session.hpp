#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/record.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

struct CreatePlan;  // see plan_report.hpp

namespace detail {
struct SessionState;
}

/// 2026-01-01 00:00:00 UTC: `now` where a project states none, so that a run tomorrow equals a run
/// today.
inline constexpr std::int64_t kDefaultNowMicros = 1'767'225'600'000'000;

struct SessionOptions {
  std::uint64_t seed = 0;
  std::int64_t now_micros = kDefaultNowMicros;
};

/// What `create` would write to one table, for `--dry-run`.
struct PlannedStatement {
  TableName table{};
  std::string sql{};  ///< with the engine's placeholders
  std::uint64_t rows = 0;
};

/// Makes rows from factories in one database. Each `create` plans its whole graph first and is
/// atomic: a savepoint when a transaction is open, else a transaction of its own, so a refused row
/// leaves the user's work usable. One thread at a time, like its connection.
///
/// All members throw invalid_input or not_found for what a call gets wrong (unknown factory, trait,
/// column, relation or parameter, a value that does not fit its column) before anything is written,
/// and constraint_violation for what the database refuses.
class FactorySession {
 public:
  /// `connection`, `schema` and `library` outlive the session.
  FactorySession(Connection& connection, const Schema& schema, const FactoryLibrary& library,
                 SessionOptions options = {});
  ~FactorySession();
  FactorySession(const FactorySession&) = delete;
  FactorySession& operator=(const FactorySession&) = delete;

  /// Makes Seedbed's own tables that creating needs, where they are missing. Creating does so by
  /// itself, but on an engine whose DDL commits (MySQL) it cannot inside a transaction and then
  /// throws conflict.
  void prepare();
  Record create(std::string_view factory, const CallArguments& arguments = {});
  /// `count` rows, each with a graph of its own; zero is no error.
  std::vector<Record> create_list(std::string_view factory, std::uint64_t count,
                                  const CallArguments& arguments = {});
  /// As `create` without writing: no row number is used up, and keys that the database makes are
  /// absent.
  [[nodiscard]] Record build(std::string_view factory, const CallArguments& arguments = {});
  [[nodiscard]] std::vector<Record> build_list(std::string_view factory, std::uint64_t count,
                                               const CallArguments& arguments = {});
  /// Overrides and generated values of one row, without relations.
  [[nodiscard]] Record attributes(std::string_view factory, const CallArguments& arguments = {});
  /// The library's record `name`, created when the database does not hold it yet. Throws not_found.
  Record record(std::string_view name);

  /// What `create_list` would write, parents first; writes nothing.
  [[nodiscard]] std::vector<PlannedStatement> plan(std::string_view factory, std::uint64_t count,
                                                   const CallArguments& arguments = {});
  /// The rows that `create_list` would write and those it would refer to, each with the reason;
  /// writes nothing.
  [[nodiscard]] CreatePlan plan_graph(std::string_view factory, std::uint64_t count,
                                      const CallArguments& arguments = {});

  /// From here on row numbers are read once per table and counted in memory, so that they do not
  /// depend on what ran before; worker w of several in one database begins `w * kWorkerRows` later.
  /// Ends with `leave_sandbox`.
  void enter_sandbox(unsigned worker = 0);
  void leave_sandbox() noexcept;

 private:
  std::unique_ptr<detail::SessionState> state_;
};

inline constexpr std::uint64_t kWorkerRows = 1'000'000'000;

}  // namespace seedbed
