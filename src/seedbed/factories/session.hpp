#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
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
  /// The name of a test ("Suite.Name") whose rows get draws of their own, unique columns apart;
  /// empty: the project's.
  std::string test{};
  std::optional<std::uint64_t> draw_seed{};  ///< of these draws, instead of the test's
};

/// Where rows are written, and what they are made of.
struct FactoryTarget {
  Connection& connection;
  const Schema& schema;
  const FactoryLibrary& library;
  SessionOptions options{};
};

/// Changes the arguments of one row of a list, `index` from 0, before anything is written.
using RowChange = std::function<void(CallArguments& row, std::uint64_t index)>;

/// Rows by table.
using RowCounts = std::map<TableName, std::uint64_t>;

/// Rows of one table that a call would write, for `--dry-run`.
struct PlannedStatement {
  TableName table{};  ///< that gets rows; else empty
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
                                  const CallArguments& arguments = {},
                                  const RowChange& change = {});
  /// As `create` without writing: no row number is used up, and keys that the database makes are
  /// absent.
  [[nodiscard]] Record build(std::string_view factory, const CallArguments& arguments = {});
  [[nodiscard]] std::vector<Record> build_list(std::string_view factory, std::uint64_t count,
                                               const CallArguments& arguments = {},
                                               const RowChange& change = {});
  /// As above, each row as a plain struct; see `Columns`. Also throws as `RowReader::get`, when the
  /// rows are made already.
  template <typename T>
  T create(std::string_view factory, const CallArguments& arguments = {}) {
    return create(factory, arguments).template as<T>();
  }
  template <typename T>
  std::vector<T> create_list(std::string_view factory, std::uint64_t count,
                             const CallArguments& arguments = {}) {
    return structs_of<T>(create_list(factory, count, arguments));
  }
  template <typename T>
  [[nodiscard]] T build(std::string_view factory, const CallArguments& arguments = {}) {
    return build(factory, arguments).template as<T>();
  }
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

  /// The row number that the next row of a table, or of a factory's table, gets. Throws not_found
  /// with the nearest name.
  [[nodiscard]] std::uint64_t row_number(std::string_view table_or_factory);
  /// Goes on with this number. Throws conflict, changing nothing, when it was used already.
  void set_row_number(std::string_view table_or_factory, std::uint64_t next);
  /// Begins again at 1, or where the sandbox began. Throws conflict outside of a sandbox when the
  /// table holds rows.
  void rewind(std::string_view table_or_factory);

  /// The seed of draws: the project's, or that of a test (test_seed.hpp).
  [[nodiscard]] std::uint64_t seed() const noexcept;
  /// From here on columns that are not unique, and counts, draw under this seed.
  void set_seed(std::uint64_t draw_seed);

  /// The rows that this session's creates have written so far, those of named records included.
  [[nodiscard]] const RowCounts& written() const noexcept;
  /// Runs `callable`, and returns what it returns. Throws conflict, listing tables and counts,
  /// unless the session's creates wrote exactly `rows` rows in it.
  template <typename Callable>
  auto expect_rows(std::uint64_t rows, Callable&& callable) {
    const auto before = written();
    if constexpr (std::is_void_v<std::invoke_result_t<Callable>>) {
      std::forward<Callable>(callable)();
      require_rows(rows, before);
    } else {
      auto result = std::forward<Callable>(callable)();
      require_rows(rows, before);
      return result;
    }
  }

 private:
  void require_rows(std::uint64_t rows, const RowCounts& before) const;

  std::unique_ptr<detail::SessionState> state_;
};

inline constexpr std::uint64_t kWorkerRows = 1'000'000'000;

}  // namespace seedbed
