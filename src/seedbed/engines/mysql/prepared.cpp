#include "seedbed/engines/mysql/prepared.hpp"

#include <cstdint>

#include <mysql.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/client.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/errors.hpp"

namespace seedbed::mysql {

namespace {

// One argument in the form the client library sends; points into the Value or into `number`.
struct Argument {
  std::int64_t integer = 0;
  double real = 0;
};

void bind_text(MYSQL_BIND& bind, enum_field_types type, const std::string& text) {
  bind.buffer_type = type;
  // The library only reads it; its structure is shared with results.
  bind.buffer = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  bind.buffer_length = text.size();
  bind.length_value = text.size();
}

void bind_integer(MYSQL_BIND& bind, Argument& argument, std::int64_t value) {
  argument.integer = value;
  bind.buffer_type = MYSQL_TYPE_LONGLONG;
  bind.buffer = &argument.integer;
}

void bind_real(MYSQL_BIND& bind, Argument& argument, double value) {
  require_finite(value);
  argument.real = value;
  bind.buffer_type = MYSQL_TYPE_DOUBLE;
  bind.buffer = &argument.real;
}

void bind_value(MYSQL_BIND& bind, Argument& argument, const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: bind.buffer_type = MYSQL_TYPE_NULL; return;
    case ValueKind::boolean: return bind_integer(bind, argument, value.boolean() ? 1 : 0);
    case ValueKind::integer: return bind_integer(bind, argument, value.integer());
    case ValueKind::real: return bind_real(bind, argument, value.real());
    case ValueKind::text: return bind_text(bind, MYSQL_TYPE_STRING, value.text());
    case ValueKind::bytes: return bind_text(bind, MYSQL_TYPE_BLOB, value.bytes().data);
  }
}

}  // namespace

void Prepared::Close::operator()(MYSQL_STMT* handle) const noexcept {
  mysql_stmt_close(handle);
}

Prepared::Prepared(MYSQL* client, std::string_view sql)
    : client_{client}, sql_{sql}, handle_{mysql_stmt_init(client)} {
  if (!handle_) throw Error{ErrorCode::internal, "mysql: out of memory"};
  if (mysql_stmt_prepare(handle_.get(), sql.data(), sql.size()) == 0) {
    ready_ = true;
  } else if (mysql_stmt_errno(handle_.get()) != kNotPreparable) {
    fail();
  }
}

Prepared::~Prepared() {
  if (!ready_) return;
  mysql_stmt_free_result(handle_.get());
  while (mysql_stmt_more_results(handle_.get()) != 0 &&
         mysql_stmt_next_result(handle_.get()) == 0) {
    mysql_stmt_free_result(handle_.get());
  }
}

// An error between two rows is kept with the session, not with the statement.
void Prepared::fail() const {
  if (mysql_stmt_errno(handle_.get()) == 0) throw_failure(client_, sql_);
  throw translate({mysql_stmt_errno(handle_.get()), mysql_stmt_sqlstate(handle_.get()),
                   mysql_stmt_error(handle_.get())},
                  sql_);
}

void Prepared::execute(std::span<const Value> arguments) {
  require_arguments(mysql_stmt_param_count(handle_.get()), arguments.size());
  std::vector<Argument> values(arguments.size());
  std::vector<MYSQL_BIND> binds(arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) bind_value(binds[i], values[i], arguments[i]);
  if (!binds.empty() && mysql_stmt_bind_param(handle_.get(), binds.data()) != 0) fail();
  if (mysql_stmt_execute(handle_.get()) != 0) fail();
}

std::uint64_t Prepared::finish() {
  if (mysql_stmt_field_count(handle_.get()) > 0) discard_result();
  const std::uint64_t rows = changed_rows();
  finish_rest();
  return rows;
}

void Prepared::finish_rest() {
  while (mysql_stmt_more_results(handle_.get()) != 0) {
    if (mysql_stmt_next_result(handle_.get()) > 0) fail();
    if (mysql_stmt_field_count(handle_.get()) > 0) discard_result();
  }
}

// Stored first, since only then an error in the middle of the rows is seen.
void Prepared::discard_result() {
  if (mysql_stmt_store_result(handle_.get()) != 0) fail();
  mysql_stmt_free_result(handle_.get());
}

std::uint64_t Prepared::changed_rows() const {
  if (mysql_stmt_field_count(handle_.get()) > 0) return 0;
  return mysql_stmt_affected_rows(handle_.get());
}

}  // namespace seedbed::mysql
