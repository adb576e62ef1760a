#include "seedbed/engines/mysql/load_text.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/copy_text.hpp"

namespace seedbed::mysql {

namespace {

void append_escaped(std::string& text, std::string_view cell) {
  if (is_plain(cell)) {
    text += cell;
    return;
  }
  for (const char c : cell) {
    switch (c) {
      case '\\': text += "\\\\"; break;
      case '\t': text += "\\t"; break;
      case '\n': text += "\\n"; break;
      case '\r': text += "\\r"; break;
      case '\0': text += "\\0"; break;
      default: text += c;
    }
  }
}

[[noreturn]] void throw_misfit(const std::string& column, std::string_view wanted) {
  throw Error{ErrorCode::constraint_violation,
              fmt::format("mysql: a value does not fit column {}: it must be {}", column, wanted),
              {.engine = "mysql", .sqlstate = "22000", .statement = {}, .where = {}}};
}

// UNHEX and CONV give NULL or a shorter number for what they do not understand, without a warning.
std::string checked_hex(std::string_view digits, const std::string& column) {
  if (!from_hex(digits)) throw_misfit(column, "hexadecimal digits");
  return std::string{digits};
}

std::string checked_bits(const Value& cell, const std::string& column) {
  if (cell.kind() == ValueKind::integer) {
    return fmt::format("{:b}", static_cast<std::uint64_t>(cell.integer()));
  }
  auto digits = cell.as<std::string>();
  if (digits.empty() || digits.find_first_not_of("01") != std::string::npos) {
    throw_misfit(column, "zeros and ones");
  }
  return digits;
}

// The cell of a column that is not `plain`, in the column's form.
std::string formed(const Value& cell, Form form, const std::string& column) {
  if (form == Form::instant) return std::string{without_utc(cell.as<std::string>())};
  if (form == Form::bits) return checked_bits(cell, column);
  if (cell.kind() == ValueKind::bytes) return to_hex(cell.bytes().data);
  if (form == Form::wkb) return checked_hex(cell.as<std::string>(), column);
  return to_hex(cell.as<std::string>());
}

std::string from_variable(Form form, const std::string& variable) {
  if (form == Form::hex || form == Form::wkb) return fmt::format("UNHEX({})", variable);
  if (form == Form::bits) return fmt::format("CAST(CONV({}, 2, 10) AS UNSIGNED)", variable);
  return variable;
}

bool through_variable(const LoadColumns& columns, std::size_t index) {
  // MariaDB forgets that a counter's column was given, and makes a new key of a 0, when there is a
  // SET clause and the column is not in it.
  if (columns.counters[index]) return true;
  const Form form = columns.forms[index];
  return form != Form::plain && form != Form::instant;
}

std::string formed_literal(Form form, const std::string& text) {
  if (form == Form::instant) return literal(text);
  return fmt::format("{}'{}'", form == Form::bits ? 'b' : 'x', text);
}

void append_plain(std::string& text, const BatchColumn& cells, std::size_t row) {
  switch (cells.kind(row)) {
    case ValueKind::null: text += "\\N"; return;
    case ValueKind::boolean: text += cells.boolean(row) ? '1' : '0'; return;
    case ValueKind::integer: return detail::append_integer_text(text, cells.integer(row));
    case ValueKind::real:
      require_finite(cells.real(row));
      text += shortest(cells.real(row));
      return;
    case ValueKind::text:
    case ValueKind::bytes: return append_escaped(text, cells.text(row));
  }
}

}  // namespace

LoadColumns::LoadColumns(const BulkTarget& target) : table{backticked(target.table.name)} {
  for (const auto& name : target.columns) {
    const Column& column = target.table.column(name);
    names.push_back(backticked(name));
    forms.push_back(form_of(column.type));
    counters.push_back(column.identity != Identity::no);
  }
}

std::string load_sql(const LoadColumns& columns) {
  std::vector<std::string> targets;
  std::vector<std::string> assignments;
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    if (!through_variable(columns, i)) {
      targets.push_back(columns.names[i]);
      continue;
    }
    const auto variable = fmt::format("@seedbed_{}", i);
    targets.push_back(variable);
    assignments.push_back(
        fmt::format("{} = {}", columns.names[i], from_variable(columns.forms[i], variable)));
  }
  return fmt::format(
      "LOAD DATA LOCAL INFILE 'seedbed' INTO TABLE {} CHARACTER SET utf8mb4 "
      "FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ({}){}{}",
      columns.table, join(targets, ", "), assignments.empty() ? "" : " SET ",
      join(assignments, ", "));
}

LoadText::LoadText(const LoadColumns& columns, const BatchSource& next)
    : columns_{columns}, next_{next}, batch_{columns.names.size()} {}

std::string_view LoadText::next_piece() {
  text_.clear();
  batch_.clear();
  if (!next_(batch_)) return {};
  for (std::size_t row = 0; row < batch_.row_count(); ++row) append_line(row);
  rows_ += batch_.row_count();
  return text_;
}

void LoadText::append_line(std::size_t row) {
  for (std::size_t i = 0; i < columns_.names.size(); ++i) {
    const BatchColumn& cells = batch_.column(i);
    if (i > 0) text_ += '\t';
    if (columns_.forms[i] == Form::plain || cells.is_null(row)) {
      append_plain(text_, cells, row);
    } else {
      append_escaped(text_, formed(cells.value(row), columns_.forms[i], columns_.names[i]));
    }
  }
  text_ += '\n';
}

void append_tuple(std::string& sql, const LoadColumns& columns, const ColumnBatch& batch,
                  std::size_t row) {
  sql += '(';
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    const Value cell = batch.column(i).value(row);
    if (i > 0) sql += ',';
    if (columns.forms[i] == Form::plain || cell.is_null()) {
      sql += literal(cell);
    } else {
      const Form form = columns.forms[i];
      sql += formed_literal(form, formed(cell, form, columns.names[i]));
    }
  }
  sql += ')';
}

}  // namespace seedbed::mysql
