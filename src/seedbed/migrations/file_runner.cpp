#include "seedbed/migrations/file_runner.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLongestError = 500;
constexpr std::array<std::string_view, 4> kRowStatements{"insert", "update", "delete", "replace"};
constexpr std::array<std::string_view, 9> kControlStatements{
    "begin", "start", "commit", "rollback", "end", "savepoint", "release", "set", "pragma"};

std::int64_t milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
}

// The user's database may store texts in any character set, so the ledger keeps to ASCII.
std::string ascii(std::string_view text) {
  std::string result{text.substr(0, kLongestError)};
  std::replace_if(
      result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; },
      '?');
  return result;
}

/// How a statement that runs outside of a file's transaction is recorded.
enum class StatementKind : unsigned char {
  rows,     ///< in one transaction with its record
  control,  ///< BEGIN and the like: harmless to repeat
  other,    ///< DDL and what is not known: recorded before and after
};

StatementKind kind_of(const SqlStatement& statement) {
  const std::string word = first_words(statement.text)[0];
  const auto is_one_of = [&](const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_one_of(kRowStatements)) return StatementKind::rows;
  return is_one_of(kControlStatements) ? StatementKind::control : StatementKind::other;
}

std::string_view command(Direction direction) {
  return direction == Direction::up ? "seedbed migrate up" : "seedbed migrate down";
}

// The file's line of the statement, and the engine's line inside it where it tells.
SourceSpot place_of(const std::filesystem::path& file, const SqlStatement& statement,
                    const SourceSpot& inside) {
  return {.file = file, .line = static_cast<int>(statement.line) + std::max(inside.line - 1, 0)};
}

ErrorCode code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::constraint_violation:
    case ErrorCode::unsupported:
    case ErrorCode::unavailable: return code;
    case ErrorCode::invalid_input:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::refused:
    case ErrorCode::corrupt:
    case ErrorCode::internal: break;
  }
  return ErrorCode::invalid_input;
}

Error with_place(const Error& error, SourceSpot place, const std::string& context) {
  std::string_view message = error.what();
  const std::string inner_line = fmt::format("line {}: ", error.details().where.line);
  if (message.starts_with(inner_line)) message.remove_prefix(inner_line.size());
  ErrorDetails details = error.details();
  details.where = std::move(place);
  return {code_of(error.code()), fmt::format("{} ({})", message, context), std::move(details)};
}

}  // namespace

FileRunner::FileRunner(Connection& connection, Ledger& ledger, const MigrateOptions& options,
                       Progress& progress)
    : connection_{connection},
      ledger_{ledger},
      options_{options},
      progress_{progress},
      transactional_ddl_{connection.engine().capabilities(connection).transactional_ddl} {}

bool FileRunner::run(const Migration& migration, Direction direction) {
  const bool up = direction == Direction::up;
  const auto& file = up ? migration.up_file : migration.down_file;
  Job job{migration, direction, file,
          read_script(file, up ? migration.up_sql : migration.down_sql,
                      dialect_of(connection_.engine().name()))};
  throw_if_any(std::move(job.script.findings));
  const auto entry = ledger_.find(migration.version);
  const bool begun = entry && entry->state != LedgerState::applied;
  if (transactional_ddl_ && job.script.in_transaction && !begun) return run_in_transaction(job);
  run_journalled(job);
  return true;
}

bool FileRunner::run_in_transaction(const Job& job) {
  const auto begin = Clock::now();
  Transaction transaction{connection_};
  const bool applied = ledger_.find(job.migration.version).has_value();
  if (applied == (job.direction == Direction::up)) return false;
  for (std::size_t i = 0; i < job.script.statements.size(); ++i) {
    execute(job, i, "nothing of the file stays applied");
  }
  if (!connection_.in_transaction()) {
    throw Error{ErrorCode::conflict,
                "a statement of the file ended the transaction that it runs in; make '-- seedbed: "
                "no-transaction' the first line",
                {.where = {.file = job.file}}};
  }
  record_end(job, milliseconds_since(begin));
  try {
    transaction.commit();
  } catch (const Error& error) {
    throw with_place(error, {.file = job.file}, "at the commit; nothing of the file stays applied");
  }
  return true;
}

void FileRunner::execute(const Job& job, std::size_t index, const std::string& consequence) {
  progress_.check();
  const auto& statement = job.script.statements[index];
  try {
    connection_.execute(statement.text);
  } catch (const Error& error) {
    throw with_place(error, place_of(job.file, statement, error.details().where),
                     fmt::format("statement {} of {}; {}", index + 1, job.script.statements.size(),
                                 consequence));
  }
  progress_.report({.phase = "migrate",
                    .table = job.migration.label(),
                    .rows = index + 1,
                    .total_rows = job.script.statements.size()});
}

void FileRunner::run_journalled(const Job& job) {
  const auto begin = Clock::now();
  const std::size_t done = statements_done(job);
  record_state(job, job.direction == Direction::up ? LedgerState::applying : LedgerState::undoing,
               0);
  for (std::size_t i = done; i < job.script.statements.size(); ++i) run_recorded(job, i);
  if (connection_.in_transaction()) {
    connection_.execute("ROLLBACK");
    throw Error{ErrorCode::invalid_input,
                "the file begins a transaction that it does not end",
                {.where = {.file = job.file}}};
  }
  record_end(job, milliseconds_since(begin));
}

void FileRunner::run_recorded(const Job& job, std::size_t index) {
  LedgerStatement record = record_of(job, index);
  try {
    send_recorded(job, record, index);
  } catch (const Error& error) {
    record.state = StatementState::failed;
    record.error = ascii(error.what());
    record_failure(record);
    throw;
  }
}

void FileRunner::record_failure(const LedgerStatement& record) {
  try {
    if (connection_.in_transaction()) connection_.execute("ROLLBACK");
    ledger_.put(record);
  } catch (const Error&) {
    // The connection is lost. The journal says what is known: that the statement was sent.
    return;
  }
}

void FileRunner::send_recorded(const Job& job, LedgerStatement& record, std::size_t index) {
  const auto begin = Clock::now();
  const std::string consequence =
      fmt::format("{}; correct the file and run '{}', which goes on at this statement",
                  index == 0 ? "nothing of the file was applied"
                             : fmt::format("the {} before it stay applied", index),
                  command(job.direction));
  const StatementKind kind = kind_of(job.script.statements[index]);
  std::optional<Transaction> transaction;
  if (kind == StatementKind::rows && !connection_.in_transaction())
    transaction.emplace(connection_);
  progress_.check();
  if (kind == StatementKind::other) ledger_.put(record);
  execute(job, index, consequence);
  record.state = StatementState::done;
  record.duration_ms = milliseconds_since(begin);
  ledger_.put(record);
  if (transaction) transaction->commit();
}

// How many statements an earlier run has done.
std::size_t FileRunner::statements_done(const Job& job) {
  std::size_t done = 0;
  for (auto& record : ledger_.statements(job.migration.version, job.direction == Direction::down)) {
    const bool unknown = record.state == StatementState::running;
    if (unknown && options_.unknown == UnknownStatement::refuse) refuse_unknown(job, record);
    if (record.state == StatementState::failed ||
        (unknown && options_.unknown == UnknownStatement::run_again)) {
      break;
    }
    check_unchanged(job, record, done);
    if (unknown) {
      record.state = StatementState::done;
      ledger_.put(record);
    }
    ++done;
  }
  return done;
}

void FileRunner::check_unchanged(const Job& job, const LedgerStatement& record,
                                 std::size_t index) const {
  if (index < job.script.statements.size() && record_of(job, index).digest == record.digest) return;
  throw Error{
      ErrorCode::conflict,
      fmt::format("statement {} was run from line {} before the file stopped at a later one, and "
                  "has been changed since: put it back as it was, and correct only what comes "
                  "behind the statements that were run",
                  record.ordinal, record.line),
      {.where = {.file = job.file, .line = static_cast<int>(record.line)}}};
}

void FileRunner::refuse_unknown(const Job& job, const LedgerStatement& record) {
  throw Error{
      ErrorCode::conflict,
      fmt::format("statement {} was sent, but nobody saw whether it took effect, since the process "
                  "or the connection ended: look at the database, then run '{} --unknown skip' "
                  "if it did, or '--unknown run-again' if it did not",
                  record.ordinal, command(job.direction)),
      {.where = {.file = job.file, .line = static_cast<int>(record.line)}}};
}

void FileRunner::record_end(const Job& job, std::int64_t duration_ms) {
  if (job.direction == Direction::up) {
    record_state(job, LedgerState::applied, duration_ms);
  } else {
    ledger_.remove(job.migration.version);
  }
}

void FileRunner::record_state(const Job& job, LedgerState state, std::int64_t duration_ms) {
  ledger_.put(LedgerEntry{.version = job.migration.version,
                          .label = job.migration.label(),
                          .checksum = job.migration.checksum.to_string(),
                          .state = state,
                          .applied_at = format_rfc3339(system_now_micros()),
                          .duration_ms = duration_ms});
}

LedgerStatement FileRunner::record_of(const Job& job, std::size_t index) const {
  const auto& statement = job.script.statements[index];
  return {.version = job.migration.version,
          .undo = job.direction == Direction::down,
          .ordinal = static_cast<std::int64_t>(index) + 1,
          .digest = sha256(statement.text).to_string(),
          .line = static_cast<std::int64_t>(statement.line)};
}

}  // namespace seedbed::detail
