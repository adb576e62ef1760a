#include "seedbed/engines/sqlite/sqlite_statement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sqlite/sqlite_errors.hpp"

namespace seedbed::detail {

namespace {

[[noreturn]] void throw_bad_statement(std::string_view problem, std::string_view sql) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("sqlite: {}", problem),
              {.engine = "sqlite", .statement = std::string{sql}}};
}

// SQLite reads no further than a NUL, and so would run a part of the text only.
void check_text(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) {
    throw_bad_statement("the statement holds a NUL character", sql);
  }
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw_bad_statement("the statement is longer than 2 GiB", sql.substr(0, 100));
  }
}

// Compiles the first statement of `sql` and cuts it off. Null for blanks and comments only.
sqlite3_stmt* prepare_first(sqlite3* handle, std::string_view& sql, int& result) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  result = sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement, &tail);
  if (tail != nullptr) sql.remove_prefix(static_cast<std::size_t>(tail - sql.data()));
  return statement;
}

// Whatever follows the first statement must compile to nothing.
bool only_blanks(sqlite3* handle, std::string_view sql) {
  while (!sql.empty()) {
    const auto before = sql.size();
    int result = SQLITE_OK;
    const Prepared statement{prepare_first(handle, sql, result)};
    if (statement != nullptr || result != SQLITE_OK) return false;
    if (sql.size() == before) return true;
  }
  return true;
}

// A null pointer would bind NULL instead of an empty string.
const char* pointer_to(std::string_view bytes) noexcept {
  return bytes.data() != nullptr ? bytes.data() : "";
}

}  // namespace

void FinalizeStatement::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(sqlite3* handle, std::string_view sql)
    : handle_{handle}, sql_{sql} {
  check_text(sql_);
  std::string_view rest = sql_;
  int result = SQLITE_OK;
  statement_.reset(prepare_first(handle_, rest, result));
  if (result != SQLITE_OK) throw sqlite_error(handle_, sql_);
  if (statement_ == nullptr) throw_bad_statement("the statement is empty", sql_);
  if (!only_blanks(handle_, rest)) {
    throw_bad_statement("the text holds more than one statement; run it as a script", sql_);
  }
}

void SqliteStatement::require(int result) const {
  if (result != SQLITE_OK) throw sqlite_error(handle_, sql_);
}

void SqliteStatement::bind(std::span<const Value> arguments) {
  const auto expected = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get()));
  if (arguments.size() != expected) {
    throw_bad_statement(fmt::format("the statement takes {} arguments, but {} were given", expected,
                                    arguments.size()),
                        sql_);
  }
  arguments_.assign(arguments.begin(), arguments.end());
  int index = 0;
  for (const auto& argument : arguments_) bind_value(++index, argument);
}

void SqliteStatement::bind_value(int index, const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return require(sqlite3_bind_null(statement_.get(), index));
    case ValueKind::boolean: return bind_integer(index, value.boolean() ? 1 : 0);
    case ValueKind::integer: return bind_integer(index, value.integer());
    case ValueKind::real: return bind_real(index, value.real());
    case ValueKind::text: return bind_text(index, value.text());
    case ValueKind::bytes: return bind_bytes(index, value.bytes().data);
  }
}

void SqliteStatement::bind_cell(int index, const BatchColumn& cells, std::size_t row) {
  switch (cells.kind(row)) {
    case ValueKind::null: return require(sqlite3_bind_null(statement_.get(), index));
    case ValueKind::boolean: return bind_integer(index, cells.boolean(row) ? 1 : 0);
    case ValueKind::integer: return bind_integer(index, cells.integer(row));
    case ValueKind::real: return bind_real(index, cells.real(row));
    case ValueKind::text: return bind_text(index, cells.text(row));
    case ValueKind::bytes: return bind_bytes(index, cells.text(row));
  }
}

void SqliteStatement::bind_integer(int index, std::int64_t value) {
  require(sqlite3_bind_int64(statement_.get(), index, value));
}

void SqliteStatement::bind_real(int index, double value) {
  if (std::isnan(value))
    throw_bad_statement("NaN cannot be stored: SQLite would make it NULL", sql_);
  require(sqlite3_bind_double(statement_.get(), index, value));
}

void SqliteStatement::bind_text(int index, std::string_view text) {
  require(sqlite3_bind_text64(statement_.get(), index, pointer_to(text), text.size(), nullptr,
                              SQLITE_UTF8));
}

void SqliteStatement::bind_bytes(int index, std::string_view bytes) {
  require(sqlite3_bind_blob64(statement_.get(), index, pointer_to(bytes), bytes.size(), nullptr));
}

bool SqliteStatement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw sqlite_error(handle_, sql_);
}

// The result repeats the error of the last step, which was thrown already.
void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

std::vector<std::string> SqliteStatement::column_names() const {
  std::vector<std::string> names;
  const int count = sqlite3_column_count(statement_.get());
  for (int i = 0; i < count; ++i) {
    const char* name = sqlite3_column_name(statement_.get(), i);
    names.emplace_back(name != nullptr ? name : "");
  }
  return names;
}

namespace {

// Asking for text converts that of a UTF-16 database; a value of no bytes has no pointer.
void append_cell(BatchColumn& cells, sqlite3_stmt* statement, int index) {
  const auto size = [&] {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
  };
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER: return cells.append_integer(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT: return cells.append_real(sqlite3_column_double(statement, index));
    case SQLITE_NULL: return cells.append_null();
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
      return cells.append_text({text, size()});
    }
    default: break;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
  cells.append_bytes(bytes == nullptr ? std::string_view{} : std::string_view{bytes, size()});
}

}  // namespace

void SqliteStatement::append_row(ColumnBatch& batch) const {
  for (std::size_t i = 0; i < batch.column_count(); ++i) {
    append_cell(batch.column(i), statement_.get(), static_cast<int>(i));
  }
}

namespace {

bool runs_to_its_end(sqlite3_stmt* statement) {
  int result = SQLITE_ROW;
  while (result == SQLITE_ROW) result = sqlite3_step(statement);
  return result == SQLITE_DONE;
}

int line_of(std::string_view script, const char* position) {
  return 1 + static_cast<int>(std::count(script.data(), position, '\n'));
}

// Where the statement itself begins: after blanks and comments.
const char* first_word(std::string_view text) {
  std::size_t at = 0;
  for (;;) {
    at = text.find_first_not_of(" \t\r\n\f;", at);
    if (at == std::string_view::npos) return text.data() + text.size();
    if (text.substr(at).starts_with("--")) {
      at = text.find('\n', at);
    } else if (text.substr(at).starts_with("/*")) {
      at = text.find("*/", at + 2);
    } else {
      return text.data() + at;
    }
    if (at == std::string_view::npos) return text.data() + text.size();
    at += std::size_t{text[at] == '*' ? 2U : 1U};
  }
}

}  // namespace

void run_sqlite_script(sqlite3* handle, std::string_view script) {
  check_text(script);
  std::string_view rest = script;
  while (!rest.empty()) {
    const std::string_view from = rest;
    const char* start = first_word(from);
    int result = SQLITE_OK;
    const Prepared statement{prepare_first(handle, rest, result)};
    if (result != SQLITE_OK) {
      const int offset = sqlite3_error_offset(handle);
      const char* position = offset >= 0 ? from.data() + offset : start;
      const std::string_view text = from.substr(static_cast<std::size_t>(start - from.data()));
      throw sqlite_error(handle, text.substr(0, text.find(';')), line_of(script, position));
    }
    if (statement == nullptr && rest.size() == from.size()) return;
    if (statement != nullptr && !runs_to_its_end(statement.get())) {
      throw sqlite_error(handle, sqlite3_sql(statement.get()), line_of(script, start));
    }
  }
}

}  // namespace seedbed::detail
