#include "seedbed/engines/sqlite/sqlite_connection.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/sqlite/sqlite_bulk_load.hpp"
#include "seedbed/engines/sqlite/sqlite_statement.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

// The first row is fetched at once, so that a statement runs, and fails, when it is asked for. Only
// then are its columns known: where others have changed the schema, it is prepared again.
class SqliteRowStream final : public RowStream {
 public:
  explicit SqliteRowStream(SqliteStatement statement)
      : statement_{std::move(statement)},
        more_{statement_.step()},
        columns_{statement_.column_names()} {}

  [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(columns_.size());
    std::size_t rows = 0;
    for (; more_ && rows < kBatchRows; ++rows) {
      statement_.append_row(batch);
      more_ = statement_.step();
    }
    return rows > 0;
  }

 private:
  SqliteStatement statement_;
  bool more_;
  std::vector<std::string> columns_;
};

// Whether it runs, and is no query whose rows are being read.
bool may_end_transaction(sqlite3_stmt* statement) {
  if (sqlite3_stmt_busy(statement) == 0) return false;
  if (sqlite3_stmt_readonly(statement) == 0) return true;
  const std::string verb = to_lower(trimmed(sqlite3_sql(statement)).substr(0, 3));
  return verb == "com" || verb == "end" || verb == "rol" || verb == "rel";
}

}  // namespace

SqliteConnection::SqliteConnection(const Engine& engine, std::unique_ptr<SqliteSession> session,
                                   const SqliteSettings& settings)
    : engine_{engine}, session_{std::move(session)}, handle_{session_->handle()} {
  sqlite3_busy_timeout(handle_, settings.busy_timeout_ms);
  SqliteConnection::execute(
      settings.foreign_keys ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF", {});
  SqliteConnection::execute(fmt::format("PRAGMA cache_size = -{}", settings.cache_kib), {});
  // Opening reads nothing: without this a file that is no database would be noticed much later.
  SqliteConnection::execute("PRAGMA schema_version", {});
}

SqliteConnection::SqliteConnection(const Engine& engine, sqlite3* adopted,
                                   SavepointStack* savepoints)
    : engine_{engine}, handle_{adopted}, savepoints_{savepoints} {}

std::string SqliteConnection::database_name() {
  const char* path = sqlite3_db_filename(handle_, "main");
  return path != nullptr && *path != '\0' ? path : ":memory:";
}

std::uint64_t SqliteConnection::execute(std::string_view sql, std::span<const Value> arguments) {
  SqliteStatement statement{handle_, sql};
  statement.bind(arguments);
  const auto before = sqlite3_total_changes64(handle_);
  while (statement.step()) {
  }
  // DDL leaves the last statement's count behind.
  if (sqlite3_total_changes64(handle_) == before) return 0;
  return static_cast<std::uint64_t>(sqlite3_changes64(handle_));
}

void SqliteConnection::execute_script(std::string_view sql) {
  run_sqlite_script(handle_, sql);
}

std::unique_ptr<RowStream> SqliteConnection::stream(std::string_view sql,
                                                    std::span<const Value> arguments) {
  SqliteStatement statement{handle_, sql};
  statement.bind(arguments);
  return std::make_unique<SqliteRowStream>(std::move(statement));
}

std::uint64_t SqliteConnection::bulk_load(const BulkTarget& target, const BatchSource& next) {
  Transaction transaction{*this};
  SqliteLoad load{handle_, engine_.quote(target.table.name), target};
  ColumnBatch batch{target.columns.size()};
  std::uint64_t rows = 0;
  while (next(batch)) {
    load.write(batch);
    rows += batch.row_count();
    batch.reset(target.columns.size());
  }
  transaction.commit();
  return rows;
}

bool SqliteConnection::in_transaction() {
  return sqlite3_get_autocommit(handle_) == 0;
}

void SqliteConnection::cancel() noexcept {
  sqlite3_interrupt(handle_);
}

void SqliteConnection::begin_sandbox() {
  Connection::begin_sandbox();
  sqlite3_commit_hook(handle_, refuse_commit, this);
  sqlite3_rollback_hook(handle_, note_end, this);
}

void SqliteConnection::roll_back_sandbox() {
  sqlite3_commit_hook(handle_, nullptr, nullptr);
  sqlite3_rollback_hook(handle_, nullptr, nullptr);
  Connection::roll_back_sandbox();
}

// SQLite calls back through C, which no exception may cross.
int SqliteConnection::refuse_commit(void* connection) {
  note_end(connection);
  return 1;
}

void SqliteConnection::note_end(void* connection) {
  auto& self = *static_cast<SqliteConnection*>(connection);
  if (!self.watching()) return;
  sqlite3_stmt* statement = sqlite3_next_stmt(self.handle_, nullptr);
  while (statement != nullptr && !may_end_transaction(statement)) {
    statement = sqlite3_next_stmt(self.handle_, statement);
  }
  if (statement != nullptr) self.set_ended_by(sqlite3_sql(statement));
}

void SqliteConnection::check_constraints() {
  int open = 0;
  int ignored = 0;
  sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &ignored, 0);
  if (open == 0) return;
  const RowSet orphans = query(
      R"(SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY "table", fkid)");
  const std::string where =
      orphans.rows.empty() ? std::string{}
                           : fmt::format(": {} rows of table '{}' have no parent in table '{}'",
                                         orphans.rows[0][2].display(), orphans.rows[0][0].text(),
                                         orphans.rows[0][1].text());
  throw Error{ErrorCode::constraint_violation,
              "a foreign key that waits for the commit does not hold" + where,
              {.engine = "sqlite", .sqlstate = "23503"}};
}

namespace {

bool switch_setting(sqlite3* handle, int setting, bool on) {
  int before = 0;
  sqlite3_db_config(handle, setting, -1, &before);
  if ((before != 0) != on) sqlite3_db_config(handle, setting, on ? 1 : 0, nullptr);
  return before != 0;
}

}  // namespace

bool SqliteConnection::switch_triggers(bool on) {
  return switch_setting(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, on);
}

bool SqliteConnection::switch_foreign_keys(bool on) {
  return switch_setting(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, on);
}

}  // namespace seedbed::detail
