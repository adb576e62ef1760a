#include "seedbed/factories/load/row_text.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/copy_text.hpp"
#include "seedbed/factories/expression/json_text.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kRowsPerStatement = 500;

std::string csv_text(std::string_view text) {
  std::string quoted{'"'};
  for (const char c : text) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

class CsvText final : public RowText {
 public:
  explicit CsvText(const BulkTarget& target) : columns_{target.columns} {}

  void begin(std::string& text) override {
    for (const auto& name : columns_) {
      if (&name != &columns_.front()) text += ',';
      append_text(text, name);
    }
    text += '\n';
  }

  void append(std::string& text, const ColumnBatch& rows, std::size_t row) override {
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
      if (i > 0) text += ',';
      append_cell(text, rows.column(i), row);
    }
    text += '\n';
  }

 private:
  static void append_text(std::string& text, std::string_view cell) {
    // "\." alone on a line ends the data of COPY.
    const bool plain = !cell.empty() && cell.find_first_of(",\"\r\n") == std::string_view::npos &&
                       cell.front() != '\\';
    text += plain ? std::string{cell} : csv_text(cell);
  }

  static void append_cell(std::string& text, const BatchColumn& cells, std::size_t row) {
    switch (cells.kind(row)) {
      case ValueKind::null: return;
      case ValueKind::boolean: text += cells.boolean(row) ? "true" : "false"; return;
      case ValueKind::integer: return append_integer_text(text, cells.integer(row));
      case ValueKind::real: return append_real_text(text, cells.real(row));
      case ValueKind::text: return append_text(text, cells.text(row));
      case ValueKind::bytes: text += "\\x"; return append_hex_text(text, cells.text(row));
    }
  }

  std::vector<std::string> columns_;
};

class JsonText final : public RowText {
 public:
  explicit JsonText(const BulkTarget& target) {
    for (const auto& name : target.columns) {
      starts_.emplace_back(starts_.empty() ? "{" : ",");
      append_json_text(starts_.back(), name);
      starts_.back() += ':';
    }
  }

  void append(std::string& text, const ColumnBatch& rows, std::size_t row) override {
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      text += starts_[i];
      append_cell(text, rows.column(i), row);
    }
    text += "}\n";
  }

 private:
  static void append_cell(std::string& text, const BatchColumn& cells, std::size_t row) {
    switch (cells.kind(row)) {
      case ValueKind::null: text += "null"; return;
      case ValueKind::boolean: text += cells.boolean(row) ? "true" : "false"; return;
      case ValueKind::integer: return append_integer_text(text, cells.integer(row));
      case ValueKind::real: return append_real(text, cells.real(row));
      case ValueKind::text: return append_json_text(text, cells.text(row));
      case ValueKind::bytes:
        text += R"({"$bytes":")";
        append_hex_text(text, cells.text(row));
        text += "\"}";
    }
  }

  // JSON has no numbers for the three that are none.
  static void append_real(std::string& text, double number) {
    const bool quoted = !std::isfinite(number);
    if (quoted) text += '"';
    append_real_text(text, number);
    if (quoted) text += '"';
  }

  std::vector<std::string> starts_;
};

class SqlText final : public RowText {
 public:
  SqlText(const Engine& engine, const BulkTarget& target) : engine_{engine} {
    std::vector<std::string> names;
    for (const auto& name : target.columns) {
      names.push_back(engine.quote(name));
      columns_.push_back(target.table.find_column(name));
    }
    const auto clause = engine.overriding_clause(target.table);
    insert_ = fmt::format("INSERT INTO {} ({}){}{} VALUES\n", engine.quote(target.table.name),
                          join(names, ", "), clause.empty() ? "" : " ", clause);
  }

  void append(std::string& text, const ColumnBatch& rows, std::size_t row) override {
    text += rows_ == 0 ? insert_ : ",\n";
    text += '(';
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) text += ", ";
      text += engine_.write_expression(*columns_[i], engine_.literal(rows.column(i).value(row)));
    }
    text += ')';
    if (++rows_ == kRowsPerStatement) end(text);
  }

  void end(std::string& text) override {
    if (std::exchange(rows_, 0) > 0) text += ";\n";
  }

 private:
  const Engine& engine_;
  std::vector<const Column*> columns_;
  std::string insert_;
  std::size_t rows_ = 0;  // of the statement
};

class CopyText final : public RowText {
 public:
  void append(std::string& text, const ColumnBatch& rows, std::size_t row) override {
    append_copy_line(text, rows, row);
  }
};

}  // namespace

std::unique_ptr<RowText> row_text(RowFormat format, const Engine& engine,
                                  const BulkTarget& target) {
  switch (format) {
    case RowFormat::csv: return std::make_unique<CsvText>(target);
    case RowFormat::jsonl: return std::make_unique<JsonText>(target);
    case RowFormat::sql: return std::make_unique<SqlText>(engine, target);
    case RowFormat::copy: break;
  }
  return std::make_unique<CopyText>();
}

}  // namespace seedbed::detail
