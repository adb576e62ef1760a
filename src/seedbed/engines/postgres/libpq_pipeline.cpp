// Statements that are sent without waiting for the results of those before.
#include <string>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/libpq_connection.hpp"

namespace seedbed::postgres {

namespace {

// More than any test suite uses; each holds memory in the server.
constexpr std::size_t kMostPrepared = 500;
constexpr std::size_t kMuch = std::size_t{8} << 10U;

RowSet rows_of(const PGresult& result) {
  RowSet set;
  const int columns = PQnfields(&result);
  std::vector<CellKind> kinds;
  for (int i = 0; i < columns; ++i) {
    set.columns.emplace_back(PQfname(&result, i));
    kinds.push_back(cell_kind(PQftype(&result, i)));
  }
  const auto cell = [&](int row, int column) -> Value {
    if (PQgetisnull(&result, row, column) != 0) return {};
    const auto length = static_cast<std::size_t>(PQgetlength(&result, row, column));
    return decoded(kinds[static_cast<std::size_t>(column)],
                   {PQgetvalue(&result, row, column), length});
  };
  for (int row = 0; row < PQntuples(&result); ++row) {
    auto& values = set.rows.emplace_back();
    values.reserve(kinds.size());
    for (int column = 0; column < columns; ++column) values.push_back(cell(row, column));
  }
  return set;
}

}  // namespace

/// libpq's pipeline mode from the first statement to the last result.
class LibpqConnection::Pipeline {
 public:
  Pipeline(LibpqConnection& connection, std::span<const BoundStatement> statements)
      : connection_{connection}, statements_{statements} {
    connection_.begin(statements.front().sql);
    if (PQenterPipelineMode(handle()) == 0) lost();
  }
  ~Pipeline() {
    for (std::size_t i = 0; i < fresh_.size(); ++i) {
      if (fresh_[i]) connection_.prepared_.erase(statements_[i].sql);
    }
    if (!synced_) synced_ = PQpipelineSync(handle()) != 0;
    while (synced_ && !ended_ && PQstatus(handle()) == CONNECTION_OK) static_cast<void>(next());
    PQexitPipelineMode(handle());
    connection_.end();
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  std::vector<RowSet> run() {
    for (const auto& statement : statements_) send(statement);
    synced_ = PQpipelineSync(handle()) != 0;
    if (!synced_) lost();
    std::vector<RowSet> results;
    results.reserve(statements_.size());
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (fresh_[i]) read(i);
      fresh_[i] = false;
      results.push_back(read(i));
    }
    return results;
  }

 private:
  [[nodiscard]] PGconn* handle() const noexcept { return connection_.handle_; }

  // The server begins with a long one while the next is being written; short ones go together.
  void send(const BoundStatement& statement) {
    refuse_nul(statement.sql);
    const Arguments texts{statement.arguments};
    const auto count = static_cast<int>(statement.arguments.size());
    auto& prepared = connection_.prepared_;
    auto known = prepared.find(statement.sql);
    const bool fresh = known == prepared.end() && prepared.size() < kMostPrepared;
    fresh_.push_back(fresh);
    int sent = 1;
    if (fresh) {
      auto name = "seedbed_" + std::to_string(++connection_.prepared_ever_);
      known = prepared.emplace(statement.sql, std::move(name)).first;
      sent = PQsendPrepare(handle(), known->second.c_str(), statement.sql.c_str(), count,
                           texts.types().data());
    }
    if (sent != 0 && known != prepared.end()) {
      sent = PQsendQueryPrepared(handle(), known->second.c_str(), count, texts.values().data(),
                                 nullptr, nullptr, 0);
    } else if (sent != 0) {
      sent = PQsendQueryParams(handle(), statement.sql.c_str(), count, texts.types().data(),
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

  RowSet read(std::size_t statement) {
    const ResultPtr result = next();
    if (result == nullptr) lost();
    const auto status = PQresultStatus(result.get());
    const bool done =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!done) fail(*result, statements_[statement].sql);
    if (PQgetResult(handle()) != nullptr) lost();
    return rows_of(*result);
  }

  [[noreturn]] void fail(const PGresult& result, const std::string& sql) const {
    const auto error = error_of(result);
    if (error.sqlstate.empty()) lost();
    throw to_error(error, sql);
  }
  [[noreturn]] void lost() const { throw connection_lost(PQerrorMessage(handle())); }

  LibpqConnection& connection_;
  std::span<const BoundStatement> statements_;
  std::vector<bool> fresh_{};  // statements that are being prepared
  std::size_t unsent_ = 0;     // bytes of arguments since the last flush
  bool synced_ = false;
  bool ended_ = false;
};

std::vector<RowSet> LibpqConnection::run_all(std::span<const BoundStatement> statements) {
  if (statements.empty()) return {};
  return Pipeline{*this, statements}.run();
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
