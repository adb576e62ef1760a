#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "seedbed/engines/postgres/libpq.hpp"
#include "seedbed/engines/postgres/postgres_connection.hpp"

namespace seedbed::postgres {

/// COPY ... FROM STDIN.
[[nodiscard]] std::string copy_sql(const Engine& engine, const BulkTarget& target);

/// Seedbed's own connection.
class LibpqConnection final : public PostgresConnection {
 public:
  class Statement;
  class Pipeline;
  /// How a savepoint is put around a statement whose failure must not end a sandbox: not at all, in
  /// the statement's own round trip, or in two more.
  enum class Guard : unsigned char { none, together, apart };

  LibpqConnection(const Engine& engine, std::unique_ptr<OwnSession> session);
  /// Rolls back before it closes, so that rows and locks are gone when it returns.
  ~LibpqConnection() override;
  LibpqConnection(const LibpqConnection&) = delete;
  LibpqConnection& operator=(const LibpqConnection&) = delete;

  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override;
  void execute_script(std::string_view sql) override;
  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override;
  std::vector<std::vector<Row>> run_all(std::span<const BoundStatement> statements,
                                        const Brackets& brackets) override;
  [[nodiscard]] bool dropped_stale_statements(const Error& error) override;
  std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) override;
  [[nodiscard]] bool in_transaction() override;
  void cancel() noexcept override;

  /// What it was opened by.
  [[nodiscard]] const DatabaseUrl& url() const noexcept { return session_->url(); }

 private:
  void begin(std::string_view sql);
  void end() noexcept;
  std::uint64_t copy(const BulkTarget& target, const BatchSource& next);
  [[nodiscard]] Guard guard_for(std::string_view sql);
  void end_guard(Guard guard) noexcept;

  std::unique_ptr<OwnSession> session_;
  pg_conn* handle_;
  std::unique_ptr<pg_cancel, CancelDeleter> cancel_request_;
  RunningStatement running_;
  bool busy_ = false;                // a statement's results are not read to their end
  bool transaction_before_ = false;  // when that statement began
  std::string watched_;              // its text, in a sandbox
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
  };
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>>
      prepared_;  // names by SQL
  std::size_t prepared_ever_ = 0;
};

/// One statement from sending it to reading its last result. While it lives the connection takes no
/// other; its end reads and drops what is left, so the connection is usable whatever happened, and
/// so is the transaction of a sandbox.
class LibpqConnection::Statement {
 public:
  Statement(LibpqConnection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void send(std::span<const Value> arguments);
  /// The whole text, by the simple protocol.
  void send_script();
  /// The next result, which is no error and no COPY; nullptr behind the last.
  [[nodiscard]] ResultPtr next();
  /// Sends a COPY ... FROM STDIN.
  void begin_copy();
  void send_copy_data(std::string_view data);
  /// Whether something has arrived during a COPY: an error, or a trigger's notice.
  [[nodiscard]] bool server_has_spoken() const;
  /// Ends the COPY; another may begin. Returns the number of rows.
  std::uint64_t end_copy();
  /// Makes the end quick where that changes nothing: outside transactions, for plain queries.
  void abandon() noexcept;

  [[nodiscard]] pg_conn* handle() const noexcept { return connection_.handle_; }

 private:
  [[noreturn]] void throw_failure(const pg_result* result) const;
  void begin_guard();
  void send_release();
  void read_release();
  void send_in_pipeline(std::string_view sql);
  void leave_pipeline() noexcept;
  void look_for_begin(pg_result& result);

  LibpqConnection& connection_;
  std::string sql_;
  bool script_ = false;
  Guard guard_ = Guard::none;
  bool in_pipeline_ = false;  // behind the savepoint
  bool synced_ = false;       // the end of the pipeline is sent
  std::size_t finished_ = 0;  // results so far
};

}  // namespace seedbed::postgres
