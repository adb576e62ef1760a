#include "seedbed/engines/mysql/mysql_connection.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/bulk_loader.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"
#include "seedbed/engines/statement_splitter.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::mysql {

MysqlConnection::MysqlConnection(const Engine& engine, std::unique_ptr<Session> session)
    : engine_{engine}, session_{std::move(session)} {}

std::string MysqlConnection::database_name() {
  const Value name = query_value("SELECT DATABASE()");
  return name.is_null() ? std::string{} : name.text();
}

std::uint64_t MysqlConnection::execute(std::string_view sql, std::span<const Value> arguments) {
  const auto rows = session_->execute(sql, arguments);
  watch(sql);
  return rows;
}

// An adopted session would ask the server.
void MysqlConnection::watch(std::string_view sql) {
  if (watching() && !adopted() && !in_transaction()) set_ended_by(sql);
}

// Split here as the mysql client does, never sent as one text: DELIMITER is the client's own
// command, and after an error in the middle of several statements the drivers lose step with the
// server.
void MysqlConnection::execute_script(std::string_view sql) {
  const auto statements = split_statements(sql, SqlDialect::mysql);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      execute(statements[i].text, {});
    } catch (Error& error) {
      error.add_context(
          fmt::format("statement {} of {}, line {}", i + 1, statements.size(), statements[i].line));
      throw;
    }
  }
}

std::unique_ptr<RowStream> MysqlConnection::stream(std::string_view sql,
                                                   std::span<const Value> arguments) {
  auto rows = session_->stream(sql, arguments);
  watch(sql);
  return rows;
}

std::uint64_t MysqlConnection::bulk_load(const BulkTarget& target, const BatchSource& next) {
  // The server cannot interrupt a load between two statements, or while it waits for rows.
  cancelled_ = false;
  const BatchSource source = [&](ColumnBatch& batch) {
    if (cancelled_) throw Error{ErrorCode::unavailable, "mysql: the load was cancelled"};
    return next(batch);
  };
  const LoadSettings settings{*this};
  Transaction transaction{*this};
  const std::uint64_t rows = load_rows(*session_, target, source);
  transaction.commit();
  return rows;
}

void MysqlConnection::cancel() noexcept {
  cancelled_ = true;
  session_->cancel();
}

}  // namespace seedbed::mysql
