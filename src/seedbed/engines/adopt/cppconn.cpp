#include "seedbed/engines/adopt/cppconn.hpp"

#include <bitset>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/errors.hpp"
#include "seedbed/engines/mysql/mysql_connection.hpp"
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/mysql/session.hpp"
#include "seedbed/engines/savepoint_stack.hpp"

namespace seedbed {

namespace {

using Results = std::unique_ptr<sql::ResultSet>;

Error translated(const sql::SQLException& error, std::string_view statement) {
  return mysql::translate(
      {static_cast<unsigned>(error.getErrorCode()), error.getSQLState(), error.what()}, statement);
}

// Calls `action`; the driver's exceptions leave as Error.
template <typename Action>
decltype(auto) translating(std::string_view statement, const Action& action) {
  try {
    return action();
  } catch (const sql::SQLException& error) {
    throw translated(error, statement);
  }
}

std::string text_of(const sql::SQLString& text) {
  return {text.c_str(), text.length()};
}

// Until every result is taken, those of a CALL too, the session is out of step with the server.
void take_rest(sql::Statement& statement) {
  while (statement.getMoreResults()) Results{statement.getResultSet()};
}

// The driver prints the fraction of a prepared result's time with six digits, or with none.
std::string with_fraction(std::string text, unsigned digits) {
  const auto dot = text.find('.');
  if (digits == 0 || digits > 6) return text.substr(0, dot);
  if (dot == std::string::npos) return text + "." + std::string(digits, '0');
  text.resize(dot + 1 + digits, '0');
  return text;
}

class ConnectorRows : public RowStream {
 public:
  // `statement` made `results`.
  ConnectorRows(std::unique_ptr<sql::Statement> statement, Results results)
      : statement_{std::move(statement)}, results_{std::move(results)} {
    if (!results_) return;
    sql::ResultSetMetaData& facts = *results_->getMetaData();
    for (unsigned i = 1; i <= facts.getColumnCount(); ++i) {
      names_.push_back(text_of(facts.getColumnLabel(i)));
      columns_.push_back({.type = facts.getColumnType(i),
                          .is_unsigned = !facts.isSigned(i),
                          .scale = facts.getScale(i),
                          .width = facts.getColumnDisplaySize(i)});
    }
  }
  ~ConnectorRows() override {
    try {
      results_.reset();
      take_rest(*statement_);
    } catch (const sql::SQLException&) {
      // The session is lost; the next statement says so.
    }
  }
  ConnectorRows(const ConnectorRows&) = delete;
  ConnectorRows& operator=(const ConnectorRows&) = delete;

  [[nodiscard]] const std::vector<std::string>& columns() const override { return names_; }

  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(names_.size());
    translating({}, [&] {
      while (results_ && batch.row_count() < kBatchRows && results_->next()) {
        for (unsigned i = 0; i < columns_.size(); ++i) append(batch.column(i), i);
      }
    });
    return batch.row_count() > 0;
  }

 private:
  struct ColumnFacts {
    int type = 0;
    bool is_unsigned = false;
    unsigned scale = 0;
    unsigned width = 0;
  };

  void append(BatchColumn& cells, unsigned index) const {
    const unsigned number = index + 1;
    if (results_->isNull(number)) return cells.append_null();
    const ColumnFacts& facts = columns_[index];
    switch (facts.type) {
      case sql::DataType::TINYINT:
      case sql::DataType::SMALLINT:
      case sql::DataType::MEDIUMINT:
      case sql::DataType::INTEGER:
      case sql::DataType::BIGINT:
        if (facts.is_unsigned) return cells.append(Value{results_->getUInt64(number)});
        return cells.append_integer(results_->getInt64(number));
      case sql::DataType::REAL:
      case sql::DataType::DOUBLE:  // getString() of a prepared result has six digits
        return cells.append_real(static_cast<double>(results_->getDouble(number)));
      case sql::DataType::BIT: return append_bits(cells, results_->getUInt64(number), facts.width);
      case sql::DataType::YEAR:
        return cells.append_text(fmt::format("{:04}", results_->getInt(number)));
      case sql::DataType::TIME:
      case sql::DataType::TIMESTAMP:
        return cells.append_text(with_fraction(text_of(results_->getString(number)), facts.scale));
      case sql::DataType::BINARY:
      case sql::DataType::VARBINARY:
      case sql::DataType::LONGVARBINARY:
      case sql::DataType::GEOMETRY: return cells.append_bytes(text_of(results_->getString(number)));
      default: return cells.append_text(text_of(results_->getString(number)));
    }
  }

  static void append_bits(BatchColumn& cells, std::uint64_t bits, unsigned width) {
    constexpr unsigned kWidest = 64;
    const std::string digits = std::bitset<kWidest>{bits}.to_string();
    cells.append_text(std::string_view{digits}.substr(kWidest - std::min(width, kWidest)));
  }

  std::unique_ptr<sql::Statement> statement_;
  Results results_;
  std::vector<std::string> names_;
  std::vector<ColumnFacts> columns_;
};

// Binds one argument; the streams of bytes live until the statement has run.
void bind(sql::PreparedStatement& statement, unsigned number, const Value& value,
          std::vector<std::istringstream>& streams) {
  switch (value.kind()) {
    case ValueKind::null: return statement.setNull(number, 0);
    case ValueKind::boolean: return statement.setInt(number, value.boolean() ? 1 : 0);
    case ValueKind::integer: return statement.setInt64(number, value.integer());
    case ValueKind::real:
      mysql::require_finite(value.real());
      return statement.setDouble(number, value.real());
    case ValueKind::text: return statement.setString(number, value.text());
    case ValueKind::bytes:
      return statement.setBlob(number, &streams.emplace_back(value.bytes().data));
  }
}

class ConnectorSession : public mysql::Session {
 public:
  explicit ConnectorSession(sql::Connection& connection) : connection_{connection} {}

  [[nodiscard]] detail::SavepointStack* savepoints() noexcept override {
    return dynamic_cast<detail::SavepointStack*>(&connection_);
  }

  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override {
    return translating(sql, [&] {
      const auto statement = prepare(sql, arguments);
      if (!statement) return execute_text(sql);
      std::vector<std::istringstream> streams = bind_all(*statement, arguments);
      if (statement->getMetaData()->getColumnCount() > 0) {
        static_cast<void>(Results{statement->executeQuery()});
        take_rest(*statement);
        return std::uint64_t{0};
      }
      const int rows = statement->executeUpdate();
      take_rest(*statement);
      return static_cast<std::uint64_t>(std::max(rows, 0));
    });
  }

  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override {
    return translating(sql, [&]() -> std::unique_ptr<RowStream> {
      auto statement = prepare(sql, arguments);
      if (!statement) return stream_text(sql);
      std::vector<std::istringstream> streams = bind_all(*statement, arguments);
      const bool has_rows = statement->execute();
      Results results{has_rows ? statement->getResultSet() : nullptr};
      return std::make_unique<ConnectorRows>(std::move(statement), std::move(results));
    });
  }

  [[nodiscard]] std::optional<std::uint64_t> load(const std::string& /*sql*/,
                                                  const mysql::TextSource& /*source*/) override {
    return std::nullopt;
  }

  [[nodiscard]] std::uint64_t warning_count() override {
    constexpr const char* kSql = "SHOW COUNT(*) WARNINGS";
    return translating(kSql, [&] {
      const std::unique_ptr<sql::Statement> statement{connection_.createStatement()};
      const Results results{statement->executeQuery(kSql)};
      return results->next() ? results->getUInt64(1) : 0;
    });
  }

  // A savepoint outlives its statement only inside a transaction; with autocommit off it begins
  // one. MySQL has no @@in_transaction, and MariaDB's is 0 there until the first statement.
  [[nodiscard]] bool in_transaction() override {
    constexpr const char* kRelease = "RELEASE SAVEPOINT seedbed_probe";
    return translating(kRelease, [&] {
      const std::unique_ptr<sql::Statement> statement{connection_.createStatement()};
      statement->execute("SAVEPOINT seedbed_probe");
      try {
        statement->execute(kRelease);
        return true;
      } catch (const sql::SQLException& error) {
        if (static_cast<unsigned>(error.getErrorCode()) != mysql::kNoSuchSavepoint) throw;
        return false;
      }
    });
  }

  void cancel() noexcept override {}
  [[nodiscard]] bool adopted() const noexcept override { return true; }

 private:
  // Prepared statements only: with the option CLIENT_MULTI_STATEMENTS a plain one runs several, and
  // stops reading their results too soon. Null when the server cannot prepare it.
  std::unique_ptr<sql::PreparedStatement> prepare(std::string_view sql,
                                                  std::span<const Value> arguments) {
    try {
      return std::unique_ptr<sql::PreparedStatement>{
          connection_.prepareStatement(sql::SQLString{sql.data(), sql.size()})};
    } catch (const sql::SQLException& error) {
      const bool preparable = static_cast<unsigned>(error.getErrorCode()) != mysql::kNotPreparable;
      if (preparable || !arguments.empty()) throw;
      return nullptr;
    }
  }

  static std::vector<std::istringstream> bind_all(sql::PreparedStatement& statement,
                                                  std::span<const Value> arguments) {
    const int wanted = statement.getParameterMetaData()->getParameterCount();
    mysql::require_arguments(static_cast<std::size_t>(wanted), arguments.size());
    std::vector<std::istringstream> streams;
    streams.reserve(arguments.size());  // bound by address
    for (unsigned i = 0; i < arguments.size(); ++i) bind(statement, i + 1, arguments[i], streams);
    return streams;
  }

  std::uint64_t execute_text(std::string_view sql) {
    const std::unique_ptr<sql::Statement> statement{connection_.createStatement()};
    const bool has_rows = statement->execute(sql::SQLString{sql.data(), sql.size()});
    const std::uint64_t rows = has_rows ? 0 : statement->getUpdateCount();
    if (has_rows) static_cast<void>(Results{statement->getResultSet()});
    take_rest(*statement);
    return rows;
  }

  std::unique_ptr<RowStream> stream_text(std::string_view sql) {
    std::unique_ptr<sql::Statement> statement{connection_.createStatement()};
    const bool has_rows = statement->execute(sql::SQLString{sql.data(), sql.size()});
    Results results{has_rows ? statement->getResultSet() : nullptr};
    return std::make_unique<ConnectorRows>(std::move(statement), std::move(results));
  }

  sql::Connection& connection_;
};

void require_utf8mb4(Connection& connection) {
  const Row sets =
      connection.query("SELECT @@character_set_client, @@character_set_results").rows.at(0);
  for (const auto& set : sets) {
    if (set == Value{"utf8mb4"}) continue;
    throw Error{ErrorCode::unsupported,
                fmt::format("the connection's character set is '{}', which cannot hold every "
                            "text; run SET NAMES utf8mb4",
                            set.display())};
  }
}

}  // namespace

std::unique_ptr<Connection> adopt(sql::Connection& connection) {
  auto adopted = std::make_unique<mysql::MysqlConnection>(
      mysql::shared_engine(), std::make_unique<ConnectorSession>(connection));
  require_utf8mb4(*adopted);
  return adopted;
}

}  // namespace seedbed
