// Statements that are sent without waiting for the results of those before.
#include <string>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/libpq_connection.hpp"
#include "seedbed/engines/sandbox_transaction.hpp"

namespace seedbed::postgres {

namespace {

// More than any test suite uses; each holds memory in the server.
constexpr std::size_t kMostPrepared = 500;
constexpr std::size_t kMuch = std::size_t{8} << 10U;

std::vector<Row> rows_of(const PGresult& result) {
  std::vector<Row> rows(static_cast<std::size_t>(PQntuples(&result)));
  if (rows.empty()) return rows;
  std::vector<CellKind> kinds(static_cast<std::size_t>(PQnfields(&result)));
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i] = cell_kind(PQftype(&result, static_cast<int>(i)));
  }
  const auto cell = [&](int row, int column) -> Value {
    if (PQgetisnull(&result, row, column) != 0) return {};
    const auto length = static_cast<std::size_t>(PQgetlength(&result, row, column));
    return decoded(kinds[static_cast<std::size_t>(column)],
                   {PQgetvalue(&result, row, column), length});
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows[row].reserve(kinds.size());
    for (std::size_t column = 0; column < kinds.size(); ++column) {
      rows[row].push_back(cell(static_cast<int>(row), static_cast<int>(column)));
    }
  }
  return rows;
}

}  // namespace

/// libpq's pipeline mode from the first statement to the last result.
class LibpqConnection::Pipeline {
 public:
  Pipeline(LibpqConnection& connection, std::string_view first) : connection_{connection} {
    connection_.begin(first);
    if (PQenterPipelineMode(handle()) == 0) lost();
  }
  ~Pipeline() {
    for (const auto& sent : sent_) {
      if (sent.fresh) connection_.prepared_.erase(connection_.prepared_.find(sent.sql));
    }
    if (!synced_) synced_ = PQpipelineSync(handle()) != 0;
    while (synced_ && !ended_ && PQstatus(handle()) == CONNECTION_OK) static_cast<void>(next());
    PQexitPipelineMode(handle());
    connection_.end();
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  std::vector<std::vector<Row>> run(std::span<const BoundStatement> statements,
                                    const Brackets& brackets) {
    sent_.reserve(statements.size() + 2);
    if (!brackets.begin.empty()) send(brackets.begin, {});
    for (const auto& statement : statements) send(statement.sql, statement.arguments);
    if (!brackets.end.empty()) send(brackets.end, {});
    synced_ = PQpipelineSync(handle()) != 0;
    if (!synced_) lost();
    std::vector<std::vector<Row>> results;
    results.reserve(sent_.size());
    auto* sent = sent_.data();
    if (!brackets.begin.empty()) read(*sent++);
    for (std::size_t i = 0; i < statements.size(); ++i) {
      results.push_back(rows_of(*read(*sent++)));
    }
    if (!brackets.end.empty()) read(*sent);
    return results;
  }

 private:
  struct Sent {
    std::string_view sql;
    bool fresh;  // it is being prepared
  };

  [[nodiscard]] PGconn* handle() const noexcept { return connection_.handle_; }

  // The server begins with a long one while the next is being written; short ones go together.
  void send(std::string_view sql, std::span<const Value> arguments) {
    refuse_nul(sql);
    const Arguments texts{arguments};
    const auto count = static_cast<int>(arguments.size());
    auto& prepared = connection_.prepared_;
    auto known = prepared.find(sql);
    const bool fresh = known == prepared.end() && prepared.size() < kMostPrepared;
    sent_.push_back({sql, false});
    int sent = 1;
    if (fresh) {
      auto name = "seedbed_" + std::to_string(++connection_.prepared_ever_);
      known = prepared.emplace(sql, std::move(name)).first;
      sent_.back().fresh = true;
      sent = PQsendPrepare(handle(), known->second.c_str(), known->first.c_str(), count,
                           texts.types().data());
    }
    if (sent != 0 && known != prepared.end()) {
      sent = PQsendQueryPrepared(handle(), known->second.c_str(), count, texts.values().data(),
                                 nullptr, nullptr, 0);
    } else if (sent != 0) {
      sent = PQsendQueryParams(handle(), std::string{sql}.c_str(), count, texts.types().data(),
                               texts.values().data(), nullptr, nullptr, 0);
    }
    if (sent == 0) lost();
    unsent_ += texts.size();
    if (unsent_ < kMuch) return;
    if (PQflush(handle()) < 0) lost();
    unsent_ = 0;
  }

  /// The next result, also an empty one between two statements; notes the end.
  ResultPtr next() {
    ResultPtr result{PQgetResult(handle())};
    if (result != nullptr && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) ended_ = true;
    return result;
  }

  /// The statement's result, which is no error.
  ResultPtr read(Sent& sent) {
    if (sent.fresh) require_done(next(), sent.sql);
    sent.fresh = false;
    return require_done(next(), sent.sql);
  }

  ResultPtr require_done(ResultPtr result, std::string_view sql) {
    if (result == nullptr) lost();
    const auto status = PQresultStatus(result.get());
    const bool done =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!done) fail(*result, sql);
    if (PQgetResult(handle()) != nullptr) lost();
    return result;
  }

  [[noreturn]] void fail(const PGresult& result, std::string_view sql) const {
    const auto error = error_of(result);
    if (error.sqlstate.empty()) lost();
    throw to_error(error, sql);
  }
  [[noreturn]] void lost() const { throw connection_lost(PQerrorMessage(handle())); }

  LibpqConnection& connection_;
  std::vector<Sent> sent_{};
  std::size_t unsent_ = 0;  // bytes of arguments since the last flush
  bool synced_ = false;
  bool ended_ = false;
};

std::vector<std::vector<Row>> LibpqConnection::run_all(std::span<const BoundStatement> statements,
                                                       const Brackets& brackets) {
  if (statements.empty()) return {};
  const auto run = [&](const Brackets& around) {
    return Pipeline{*this, statements.front().sql}.run(statements, around);
  };
  const Guard guard = brackets.begin.empty() ? guard_for(statements.front().sql) : Guard::none;
  if (guard == Guard::none) return run(brackets);
  try {
    return run({detail::kStatementSavepoint, detail::kReleaseStatement});
  } catch (const Error&) {
    end_guard(guard);
    throw;
  }
}

// "cached plan must not change result type", a name that DISCARD or DEALLOCATE has taken away, and
// a column of another type than the parameter had.
bool LibpqConnection::dropped_stale_statements(const Error& error) {
  const auto& state = error.details().sqlstate;
  const bool stale = state == "0A000" || state == "26000" || state == "42804";
  if (!stale || prepared_.empty()) return false;
  prepared_.clear();
  return true;
}

}  // namespace seedbed::postgres
