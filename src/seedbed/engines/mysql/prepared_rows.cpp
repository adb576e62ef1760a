#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <mysql.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/client.hpp"
#include "seedbed/engines/mysql/prepared.hpp"

namespace seedbed::mysql {

namespace {

constexpr unsigned kBinaryCharset = 63;
constexpr auto kMysqlJson = static_cast<enum_field_types>(245);  // its charset says binary

enum class CellKind : std::uint8_t { integer, real, text, bytes, bit, year };

CellKind kind_of_text(const MYSQL_FIELD& field) {
  return field.charsetnr == kBinaryCharset ? CellKind::bytes : CellKind::text;
}

CellKind kind_of(const MYSQL_FIELD& field) {
  if (field.type == kMysqlJson) return CellKind::text;
  // NOLINTNEXTLINE(clang-diagnostic-switch-enum): every type not named arrives as text
  switch (static_cast<int>(field.type)) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG: return CellKind::integer;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return CellKind::real;
    case MYSQL_TYPE_BIT: return CellKind::bit;
    case MYSQL_TYPE_YEAR: return CellKind::year;
    case MYSQL_TYPE_GEOMETRY: return CellKind::bytes;
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_VAR_STRING: return kind_of_text(field);
    default: return CellKind::text;
  }
}

void append_bits(BatchColumn& cells, std::string_view bytes, std::size_t width) {
  std::string digits;
  for (const char c : bytes) digits += fmt::format("{:08b}", static_cast<std::uint8_t>(c));
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  cells.append_text(std::string_view{digits}.substr(digits.size() - width));
}

void append_unsigned(BatchColumn& cells, std::uint64_t value) {
  cells.append(Value{value});
}

std::vector<std::string> names_of(MYSQL_RES* result) {
  std::vector<std::string> names;
  const MYSQL_FIELD* fields = mysql_fetch_fields(result);
  for (unsigned i = 0; i < mysql_num_fields(result); ++i) {
    names.emplace_back(fields[i].name, fields[i].name_length);
  }
  return names;
}

struct FreeResult {
  void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
};
using Result = std::unique_ptr<MYSQL_RES, FreeResult>;

// Where the client library puts one cell of the current row.
struct Slot {
  CellKind kind = CellKind::text;
  std::size_t width = 0;  // of a BIT
  bool is_unsigned = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string data{};
  unsigned long length = 0;
  my_bool is_null = 0;
  my_bool truncated = 0;
};

class PreparedRows : public RowStream {
 public:
  explicit PreparedRows(std::unique_ptr<Prepared> statement) : statement_{std::move(statement)} {
    const Result fields{mysql_stmt_result_metadata(statement_->handle())};
    if (!fields) return;  // a statement without rows
    names_ = names_of(fields.get());
    slots_.resize(names_.size());
    binds_.resize(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) place(mysql_fetch_fields(fields.get())[i], i);
    bind();
    open_ = true;
  }

  [[nodiscard]] const std::vector<std::string>& columns() const override { return names_; }

  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(names_.size());
    while (open_ && batch.row_count() < kBatchRows && fetch()) append_row(batch);
    return batch.row_count() > 0;
  }

 private:
  static constexpr std::size_t kFirstSize = 64;  // every number and date fits

  void place(const MYSQL_FIELD& field, std::size_t index) {
    Slot& slot = slots_[index];
    MYSQL_BIND& bind = binds_[index];
    slot.kind = kind_of(field);
    slot.width = field.length;
    slot.is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
    bind.is_null = &slot.is_null;
    bind.length = &slot.length;
    bind.error = &slot.truncated;
    if (slot.kind == CellKind::integer || slot.kind == CellKind::year) {
      bind.buffer_type = MYSQL_TYPE_LONGLONG;
      bind.buffer = &slot.integer;
      bind.is_unsigned = slot.is_unsigned ? 1 : 0;
    } else if (slot.kind == CellKind::real) {
      bind.buffer_type = MYSQL_TYPE_DOUBLE;
      bind.buffer = &slot.real;
    } else {
      bind.buffer_type = slot.kind == CellKind::text ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
      grow(index, kFirstSize);
    }
  }

  void grow(std::size_t index, std::size_t size) {
    slots_[index].data.resize(size);
    binds_[index].buffer = slots_[index].data.data();
    binds_[index].buffer_length = size;
  }

  void bind() {
    if (mysql_stmt_bind_result(statement_->handle(), binds_.data()) != 0) statement_->fail();
  }

  bool fetch() {
    if (std::exchange(grown_, false)) bind();
    const int outcome = mysql_stmt_fetch(statement_->handle());
    if (outcome == 1) statement_->fail();
    if (outcome == MYSQL_NO_DATA) {
      open_ = false;
      statement_->finish_rest();
      return false;
    }
    read_long_cells();
    return true;
  }

  // Cells that did not fit their buffer are read again, and the buffer stays that large. It is
  // bound with the next row, since binding may forget the lengths of this one (Connector/C 3.3.19).
  void read_long_cells() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].data.empty() || slots_[i].is_null != 0) continue;
      if (slots_[i].length <= slots_[i].data.size()) continue;
      grow(i, slots_[i].length);
      grown_ = true;
      if (mysql_stmt_fetch_column(statement_->handle(), &binds_[i], static_cast<unsigned>(i), 0) !=
          0) {
        statement_->fail();
      }
    }
  }

  void append_row(ColumnBatch& batch) const {
    for (std::size_t i = 0; i < slots_.size(); ++i) append_cell(batch.column(i), slots_[i]);
  }

  static void append_cell(BatchColumn& cells, const Slot& slot) {
    if (slot.is_null != 0) return cells.append_null();
    const auto text = std::string_view{slot.data}.substr(0, slot.length);
    switch (slot.kind) {
      case CellKind::integer:
        if (slot.is_unsigned) {
          return append_unsigned(cells, static_cast<std::uint64_t>(slot.integer));
        }
        return cells.append_integer(slot.integer);
      case CellKind::real: return cells.append_real(slot.real);
      case CellKind::year: return cells.append_text(fmt::format("{:04}", slot.integer));
      case CellKind::bit: return append_bits(cells, text, slot.width);
      case CellKind::text: return cells.append_text(text);
      case CellKind::bytes: return cells.append_bytes(text);
    }
  }

  std::unique_ptr<Prepared> statement_;
  std::vector<std::string> names_;
  std::vector<Slot> slots_;
  std::vector<MYSQL_BIND> binds_;
  bool open_ = false;
  bool grown_ = false;  // a buffer, which the library does not know yet
};

template <typename T>
T number_of(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class TextRows : public RowStream {
 public:
  TextRows(MYSQL* client, std::string_view sql) : client_{client}, sql_{sql} {
    if (mysql_real_query(client_, sql_.data(), sql_.size()) != 0) throw_failure(client_, sql_);
    result_.reset(mysql_use_result(client_));
    if (result_) names_ = names_of(result_.get());
  }

  ~TextRows() override {
    result_.reset();  // reads away what is left
    while (mysql_next_result(client_) == 0) Result{mysql_use_result(client_)};
  }
  TextRows(const TextRows&) = delete;
  TextRows& operator=(const TextRows&) = delete;

  [[nodiscard]] const std::vector<std::string>& columns() const override { return names_; }

  [[nodiscard]] bool next(ColumnBatch& batch) override {
    batch.reset(names_.size());
    while (result_ && batch.row_count() < kBatchRows) {
      const MYSQL_ROW row = mysql_fetch_row(result_.get());
      if (row == nullptr) break;
      append_row(batch, row);
    }
    if (mysql_errno(client_) != 0) throw_failure(client_, sql_);
    return batch.row_count() > 0;
  }

 private:
  void append_row(ColumnBatch& batch, const MYSQL_ROW row) {
    const MYSQL_FIELD* fields = mysql_fetch_fields(result_.get());
    const unsigned long* lengths = mysql_fetch_lengths(result_.get());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (row[i] == nullptr) {
        batch.column(i).append_null();
      } else {
        append_cell(batch.column(i), fields[i], {row[i], lengths[i]});
      }
    }
  }

  static void append_cell(BatchColumn& cells, const MYSQL_FIELD& field, std::string_view text) {
    switch (kind_of(field)) {
      case CellKind::integer:
        if ((field.flags & UNSIGNED_FLAG) != 0) {
          return append_unsigned(cells, number_of<std::uint64_t>(text));
        }
        return cells.append_integer(number_of<std::int64_t>(text));
      case CellKind::real: return cells.append_real(number_of<double>(text));
      case CellKind::bit: return append_bits(cells, text, field.length);
      case CellKind::bytes: return cells.append_bytes(text);
      case CellKind::text:
      case CellKind::year: return cells.append_text(text);
    }
  }

  MYSQL* client_;
  std::string sql_;
  Result result_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<RowStream> read_rows(std::unique_ptr<Prepared> statement) {
  return std::make_unique<PreparedRows>(std::move(statement));
}

std::unique_ptr<RowStream> read_text_rows(MYSQL* client, std::string_view sql) {
  return std::make_unique<TextRows>(client, sql);
}

}  // namespace seedbed::mysql
