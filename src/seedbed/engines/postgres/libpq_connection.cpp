#include "seedbed/engines/postgres/libpq_connection.hpp"

#include <array>
#include <charconv>

#include <libpq-fe.h>
#include <poll.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/copy_text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

struct MemoryDeleter {
  void operator()(char* memory) const noexcept { PQfreemem(memory); }
};

bool is_error(ExecStatusType status) {
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

bool is_copy(ExecStatusType status) {
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

void skip_copy_out(PGconn* handle) {
  char* row = nullptr;
  while (PQgetCopyData(handle, &row, 0) > 0) const std::unique_ptr<char, MemoryDeleter> freed{row};
}

// A statement that, abandoned in the middle, leaves nothing undone.
bool is_plain_query(std::string_view sql) {
  const std::string start = to_lower(trimmed(sql).substr(0, 6));
  return start == "select" || start == "values" || start.starts_with("table");
}

std::uint64_t changed_rows(PGresult& result) {
  const std::string_view status = PQcmdStatus(&result);
  if (status.starts_with("SELECT")) return 0;
  const std::string_view text = PQcmdTuples(&result);
  std::uint64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

// Rows as they arrive: one result each, in libpq's single-row mode.
class LibpqStream final : public RowStream {
 public:
  LibpqStream(LibpqConnection& connection, std::string_view sql, std::span<const Value> arguments)
      : statement_{std::make_unique<LibpqConnection::Statement>(connection, sql)} {
    statement_->send(arguments);
    PQsetSingleRowMode(statement_->handle());
    pending_ = statement_->next();
    if (pending_ == nullptr) return;
    for (int i = 0; i < PQnfields(pending_.get()); ++i) {
      columns_.emplace_back(PQfname(pending_.get(), i));
      kinds_.push_back(cell_kind(PQftype(pending_.get(), i)));
    }
    skip_empty();
  }
  ~LibpqStream() override {
    if (statement_ != nullptr) statement_->abandon();
  }
  LibpqStream(const LibpqStream&) = delete;
  LibpqStream& operator=(const LibpqStream&) = delete;

  [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }

  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(columns_.size());
    for (std::size_t rows = 0; rows < kBatchRows && pending_ != nullptr; ++rows) {
      append_row(batch);
      pending_ = statement_->next();
      skip_empty();
    }
    return batch.row_count() > 0;
  }

 private:
  // The result behind the last row has none; behind it is nothing, and the connection is free.
  void skip_empty() {
    while (pending_ != nullptr && PQntuples(pending_.get()) == 0) pending_ = statement_->next();
    if (pending_ == nullptr) statement_.reset();
  }

  void append_row(ColumnBatch& batch) const {
    const PGresult* row = pending_.get();
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      const int field = static_cast<int>(i);
      if (PQgetisnull(row, 0, field) != 0) {
        batch.column(i).append_null();
      } else {
        const auto length = static_cast<std::size_t>(PQgetlength(row, 0, field));
        append_decoded(batch.column(i), kinds_[i], {PQgetvalue(row, 0, field), length});
      }
    }
  }

  std::unique_ptr<LibpqConnection::Statement> statement_;  // nullptr behind the last row
  std::vector<std::string> columns_;
  std::vector<CellKind> kinds_;
  ResultPtr pending_;  // the next row
};

}  // namespace

LibpqConnection::Statement::Statement(LibpqConnection& connection, std::string_view sql)
    : connection_{connection}, sql_{sql} {
  connection_.begin(sql);
}

LibpqConnection::Statement::~Statement() {
  PGconn* const connection = handle();
  if (in_pipeline_) leave_pipeline();
  while (PQstatus(connection) == CONNECTION_OK) {
    const ResultPtr result{PQgetResult(connection)};
    if (result == nullptr) break;
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN) PQputCopyEnd(connection, "the load was stopped");
    if (status == PGRES_COPY_OUT) skip_copy_out(connection);
  }
  connection_.end();
  if (guard_ != Guard::none) connection_.end_guard(guard_);
}

void LibpqConnection::Statement::send(std::span<const Value> arguments) {
  const Arguments texts{arguments};
  begin_guard();
  const int sent =
      PQsendQueryParams(handle(), sql_.c_str(), static_cast<int>(arguments.size()),
                        texts.types().data(), texts.values().data(), nullptr, nullptr, 0);
  if (sent == 0) throw_failure(nullptr);
  if (in_pipeline_) send_release();
}

void LibpqConnection::Statement::send_script() {
  script_ = true;
  begin_guard();
  if (PQsendQuery(handle(), sql_.c_str()) == 0) throw_failure(nullptr);
}

ResultPtr LibpqConnection::Statement::next() {
  ResultPtr result{PQgetResult(handle())};
  if (result == nullptr) {
    if (in_pipeline_) read_release();
    return nullptr;
  }
  const auto status = PQresultStatus(result.get());
  if (is_error(status)) throw_failure(result.get());
  if (is_copy(status)) {
    throw Error{ErrorCode::unsupported,
                "COPY to or from the client is not possible as a statement",
                {.engine = "postgres", .statement = sql_}};
  }
  ++finished_;
  if (script_) look_for_begin(*result);
  return result;
}

void LibpqConnection::Statement::throw_failure(const PGresult* result) const {
  const ServerError error = result != nullptr ? error_of(*result) : ServerError{};
  if (error.sqlstate.empty()) throw connection_lost(PQerrorMessage(handle()));
  if (script_) throw to_script_error(error, sql_, finished_ + 1);
  throw to_error(error, sql_);
}

void LibpqConnection::Statement::begin_copy() {
  if (PQsendQuery(handle(), sql_.c_str()) == 0) throw_failure(nullptr);
  const ResultPtr result{PQgetResult(handle())};
  if (result == nullptr || PQresultStatus(result.get()) != PGRES_COPY_IN)
    throw_failure(result.get());
}

void LibpqConnection::Statement::send_copy_data(std::string_view data) {
  if (PQputCopyData(handle(), data.data(), static_cast<int>(data.size())) != 1) {
    throw_failure(nullptr);
  }
}

bool LibpqConnection::Statement::server_has_spoken() const {
  pollfd descriptor{.fd = PQsocket(handle()), .events = POLLIN, .revents = 0};
  return ::poll(&descriptor, 1, 0) > 0;
}

std::uint64_t LibpqConnection::Statement::end_copy() {
  PQputCopyEnd(handle(), nullptr);  // fails where the load has failed: the result tells why
  std::uint64_t rows = 0;
  while (const ResultPtr result = next()) rows += changed_rows(*result);
  return rows;
}

void LibpqConnection::Statement::abandon() noexcept {
  // In a transaction a cancelled statement would abort it, and a cancelled INSERT would be undone.
  if (connection_.transaction_before_ || !is_plain_query(sql_)) return;
  connection_.cancel();
}

LibpqConnection::LibpqConnection(const Engine& engine, std::unique_ptr<OwnSession> session)
    : PostgresConnection{engine},
      session_{std::move(session)},
      handle_{session_->handle()},
      cancel_request_{PQgetCancel(handle_)} {}

void LibpqConnection::begin(std::string_view sql) {
  refuse_nul(sql);
  if (busy_) {
    throw Error{ErrorCode::internal,
                "the connection still reads the rows of another statement",
                {.engine = "postgres", .statement = std::string{sql}}};
  }
  if (PQstatus(handle_) == CONNECTION_BAD) throw connection_lost({});
  transaction_before_ = in_transaction();
  if (watching()) watched_ = sql;
  busy_ = true;
  running_.begins();
}

void LibpqConnection::end() noexcept {
  running_.ends();
  busy_ = false;
  if (watching() && !in_transaction()) set_ended_by(watched_);
}

LibpqConnection::~LibpqConnection() {
  if (!in_transaction() || PQstatus(handle_) != CONNECTION_OK) return;
  const ResultPtr ignored{PQexec(handle_, "ROLLBACK")};
}

std::uint64_t LibpqConnection::execute(std::string_view sql, std::span<const Value> arguments) {
  Statement statement{*this, sql};
  statement.send(arguments);
  std::uint64_t rows = 0;
  bool rolled_back = false;
  while (const ResultPtr result = statement.next()) {
    rows += changed_rows(*result);
    rolled_back = std::string_view{PQcmdStatus(result.get())} == "ROLLBACK";
  }
  if (rolled_back && is_commit(sql)) throw commit_of_failed_transaction();
  return rows;
}

void LibpqConnection::execute_script(std::string_view sql) {
  const bool transaction_is_ours = in_transaction();
  try {
    Statement statement{*this, sql};
    statement.send_script();
    while (const ResultPtr result = statement.next()) continue;
  } catch (const Error&) {
    // A transaction that the script itself began is not left open, failed, for the next statement.
    const bool left_open = !transaction_is_ours && in_transaction();
    if (left_open) const ResultPtr ignored{PQexec(handle_, "ROLLBACK")};
    throw;
  }
}

std::unique_ptr<RowStream> LibpqConnection::stream(std::string_view sql,
                                                   std::span<const Value> arguments) {
  return std::make_unique<LibpqStream>(*this, sql, arguments);
}

void LibpqConnection::cancel() noexcept {
  running_.interrupt([this]() noexcept {
    std::array<char, 256> ignored{};
    PQcancel(cancel_request_.get(), ignored.data(), static_cast<int>(ignored.size()));
  });
}

bool LibpqConnection::in_transaction() {
  const auto status = PQtransactionStatus(handle_);
  if (status == PQTRANS_ACTIVE) return transaction_before_;
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

std::string copy_sql(const Engine& engine, const BulkTarget& target) {
  return fmt::format("COPY {} ({}) FROM STDIN", engine.quote(target.table.name),
                     column_list(engine, target.columns));
}

std::uint64_t LibpqConnection::bulk_load(const BulkTarget& target, const BatchSource& next) {
  if (target.columns.empty()) return 0;
  if (in_transaction() && !seems_autocommit()) return copy(target, next);
  Transaction whole{*this};
  const std::uint64_t rows = copy(target, next);
  whole.commit();
  return rows;
}

std::uint64_t LibpqConnection::copy(const BulkTarget& target, const BatchSource& next) {
  constexpr std::size_t kChunkBytes = std::size_t{128} << 10U;
  const SilentChangeCheck unchanged{target};
  Statement statement{*this, copy_sql(engine(), target)};
  statement.begin_copy();
  std::uint64_t rows = 0;
  std::string lines;
  lines.reserve(2 * kChunkBytes);
  const auto send = [&] {
    statement.send_copy_data(lines);
    lines.clear();
    // Most likely it has refused a row, which libpq would tell only after the last one.
    if (!statement.server_has_spoken()) return;
    rows += statement.end_copy();
    statement.begin_copy();
  };
  ColumnBatch batch;
  while (batch.reset(target.columns.size()), next(batch)) {
    unchanged.check(batch);
    for (std::size_t row = 0; row < batch.row_count();) {
      row = detail::append_copy_lines(lines, batch, row, kChunkBytes);
      if (lines.size() >= kChunkBytes) send();
    }
  }
  if (!lines.empty()) statement.send_copy_data(lines);
  return rows + statement.end_copy();
}

}  // namespace seedbed::postgres
