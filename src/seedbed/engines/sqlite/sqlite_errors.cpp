#include "seedbed/engines/sqlite/sqlite_errors.hpp"

#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

namespace seedbed::detail {

namespace {

constexpr int kPrimaryCode = 0xFF;  // the low byte of an extended code

std::string_view hint(int extended_code) noexcept {
  if (extended_code == SQLITE_CONSTRAINT_COMMITHOOK) {
    return "; a sandbox is open, which rolls back at its end, so nothing was committed";
  }
  switch (extended_code & kPrimaryCode) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "; another connection is writing, or raise busy_timeout in the URL";
    case SQLITE_INTERRUPT: return "; the statement was cancelled";
    case SQLITE_READONLY: return "; check the permissions of the file and of its directory";
    default: return "";
  }
}

}  // namespace

ErrorCode sqlite_error_code(int extended_code) noexcept {
  if (extended_code == SQLITE_CONSTRAINT_COMMITHOOK) return ErrorCode::conflict;
  switch (extended_code & kPrimaryCode) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return ErrorCode::constraint_violation;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_ABORT:
    case SQLITE_AUTH:
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
    case SQLITE_SCHEMA: return ErrorCode::unavailable;
    case SQLITE_INTERNAL:
    case SQLITE_MISUSE: return ErrorCode::internal;
    default: return ErrorCode::invalid_input;
  }
}

std::string_view sqlite_sqlstate(int extended_code) noexcept {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE: return "23505";
    case SQLITE_CONSTRAINT_FOREIGNKEY: return "23503";
    case SQLITE_CONSTRAINT_NOTNULL: return "23502";
    case SQLITE_CONSTRAINT_CHECK: return "23514";
    default: return "";
  }
}

Error sqlite_error(sqlite3* handle, std::string_view statement, int line) {
  const int code = sqlite3_extended_errcode(handle);
  const std::string place = line > 0 ? fmt::format("line {}: ", line) : std::string{};
  ErrorDetails details{.engine = "sqlite",
                       .sqlstate = std::string{sqlite_sqlstate(code)},
                       .statement = std::string{statement}};
  details.where.line = line;
  return {sqlite_error_code(code),
          fmt::format("{}sqlite: {}{}", place, sqlite3_errmsg(handle), hint(code)),
          std::move(details)};
}

}  // namespace seedbed::detail
