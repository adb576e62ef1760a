#include "seedbed/engines/adopt/pqxx.hpp"

#include <pqxx/nontransaction>
#include <pqxx/pqxx>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/errors.hpp"
#include "seedbed/engines/postgres/postgres_connection.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed {

namespace postgres {

namespace {

// A result that libpqxx has read whole, handed out in batches.
class PqxxStream final : public RowStream {
 public:
  explicit PqxxStream(const pqxx::result& result) : result_{result} {
    for (pqxx::row::size_type i = 0; i < result_.columns(); ++i) {
      columns_.emplace_back(result_.column_name(i));
      kinds_.push_back(cell_kind(result_.column_type(i)));
    }
  }

  [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }

  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(columns_.size());
    for (; row_ < result_.size() && batch.row_count() < kBatchRows; ++row_) append_row(batch);
    return batch.row_count() > 0;
  }

 private:
  void append_row(ColumnBatch& batch) const {
    const pqxx::row row = result_[row_];
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      const pqxx::field field = row[static_cast<pqxx::row::size_type>(i)];
      if (field.is_null()) {
        batch.column(i).append_null();
      } else {
        append_decoded(batch.column(i), kinds_[i], {field.c_str(), field.size()});
      }
    }
  }

  pqxx::result result_;
  std::vector<std::string> columns_;
  std::vector<CellKind> kinds_;
  pqxx::result::size_type row_ = 0;
};

// libpqxx's rollback errors carry no SQLSTATE.
Error rollback_error(const pqxx::transaction_rollback& problem, std::string_view sql) {
  std::string_view state = "40000";
  if (dynamic_cast<const pqxx::serialization_failure*>(&problem) != nullptr) state = "40001";
  if (dynamic_cast<const pqxx::deadlock_detected*>(&problem) != nullptr) state = "40P01";
  return to_error(parse_report(state, problem.what()), sql);
}

class PqxxConnection final : public PostgresConnection {
 public:
  explicit PqxxConnection(pqxx::transaction_base& transaction)
      : PostgresConnection{postgres_engine()}, transaction_{transaction} {
    guarded({}, [this] { return transaction_.exec(""); });  // a lazy connection opens now
    backend_ = transaction_.conn().backendpid();
  }

  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override {
    if (is_commit(sql) && has_failed()) throw commit_of_failed_transaction();
    const pqxx::result result = run(sql, arguments);
    const bool returns_read_rows =
        result.columns() > 0 && to_lower(sql).find("returning") == std::string::npos;
    return returns_read_rows ? 0 : result.affected_rows();
  }

  void execute_script(std::string_view sql) override {
    refuse_nul(sql);
    guarded(sql, [&] { return transaction_.exec(std::string{sql}); });
  }

  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override {
    return std::make_unique<PqxxStream>(run(sql, arguments));
  }

  std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) override;

  // Only a nontransaction may be outside of one; there the two times differ inside.
  [[nodiscard]] bool in_transaction() override {
    if (dynamic_cast<pqxx::nontransaction*>(&transaction_) == nullptr) return true;
    if (has_failed()) return true;
    constexpr const char* kSql = "SELECT now() <> statement_timestamp()";
    const pqxx::result result = guarded(kSql, [&] { return transaction_.exec(kSql); });
    return std::string_view{result[0][0].c_str()} == "t";
  }

  void cancel() noexcept override {
    running_.interrupt([this]() noexcept {
      try {
        transaction_.conn().cancel_query();
      } catch (const std::exception&) {
        // Nothing to interrupt: the connection is gone.
        return;
      }
    });
  }

  [[nodiscard]] bool adopted() const noexcept override { return true; }

 private:
  // A failed transaction takes no query.
  [[nodiscard]] bool has_failed() {
    try {
      guarded("SELECT", [this] { return transaction_.exec("SELECT"); });
      return false;
    } catch (const Error& error) {
      if (error.details().sqlstate == "25P02") return true;
      throw;
    }
  }

  // The empty statement goes first because exec_params skips what exec does: it checks that the
  // transaction is still open and not in use, and sends a subtransaction's SAVEPOINT.
  pqxx::result run(std::string_view sql, std::span<const Value> arguments) {
    refuse_nul(sql);
    const Arguments texts{arguments};
    return guarded(sql, [&] {
      transaction_.exec("");
      return transaction_.exec_params(std::string{sql},
                                      pqxx::prepare::make_dynamic_params(texts.values()));
    });
  }

  pqxx::result guarded(std::string_view sql, const std::invocable auto& statement) {
    if (is_lost()) throw connection_lost({});
    running_.begins();
    try {
      const pqxx::result result = statement();
      running_.ends();
      return result;
    } catch (const pqxx::pqxx_exception& problem) {
      running_.ends();
      throw translated(problem, sql);
    }
  }

  // libpqxx reconnects by itself where it can; the session with its locks and settings is gone
  // then.
  [[nodiscard]] bool is_lost() {
    const pqxx::connection_base& connection = transaction_.conn();
    const bool another = backend_ != 0 && connection.backendpid() != backend_;
    lost_ = lost_ || another || (backend_ != 0 && !connection.is_open());
    return lost_;
  }

  Error translated(const pqxx::pqxx_exception& problem, std::string_view sql) {
    const std::exception& base = problem.base();
    if (const auto* error = dynamic_cast<const pqxx::sql_error*>(&base)) {
      return to_error(parse_report(error->sqlstate(), error->what()), sql);
    }
    if (const auto* error = dynamic_cast<const pqxx::transaction_rollback*>(&base)) {
      return rollback_error(*error, sql);
    }
    if (dynamic_cast<const pqxx::usage_error*>(&base) != nullptr) {
      return {ErrorCode::invalid_input,
              std::string{"the adopted transaction cannot be used: "} + base.what(),
              {.engine = "postgres", .statement = std::string{sql}}};
    }
    lost_ = true;
    return connection_lost(base.what());
  }

  pqxx::transaction_base& transaction_;
  RunningStatement running_;
  int backend_ = 0;
  bool lost_ = false;
};

// INSERTs of many rows, whose untyped literals the columns read as COPY reads its fields.
std::uint64_t PqxxConnection::bulk_load(const BulkTarget& target, const BatchSource& next) {
  constexpr std::size_t kStatementBytes = std::size_t{256} << 10U;
  if (target.columns.empty()) return 0;
  const SilentChangeCheck unchanged{target};
  const std::string head = "INSERT INTO " + engine().quote(target.table.name) + " (" +
                           column_list(engine(), target.columns) + ") " +
                           engine().overriding_clause(target.table) + " VALUES ";
  Transaction transaction{*this};
  std::uint64_t written = 0;
  std::string sql = head;
  const auto flush = [&] {
    if (sql.size() > head.size()) written += execute(sql, {});
    sql = head;
  };
  ColumnBatch batch;
  while (batch.reset(target.columns.size()), next(batch)) {
    unchanged.check(batch);
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      append_row_literal(sql, batch, row);
      if (sql.size() >= kStatementBytes) flush();
    }
  }
  flush();
  transaction.commit();
  return written;
}

}  // namespace

}  // namespace postgres

std::unique_ptr<Connection> adopt(pqxx::transaction_base& transaction) {
  return std::make_unique<postgres::PqxxConnection>(transaction);
}

}  // namespace seedbed
