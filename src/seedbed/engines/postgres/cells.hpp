#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/value.hpp"

namespace seedbed::postgres {

using TypeOid = unsigned int;  ///< as pg_type has it

/// How the text of a result's cell is read.
enum class CellKind : unsigned char { boolean, integer, float4, float8, bytes, text };
[[nodiscard]] CellKind cell_kind(TypeOid type) noexcept;

/// Appends one cell that is not NULL, given as the server's text.
void append_decoded(BatchColumn& column, CellKind kind, std::string_view text);

/// The same as a value.
[[nodiscard]] Value decoded(CellKind kind, std::string_view text);

/// Arguments in the form that libpq takes: text, NULL as nullptr.
class Arguments {
 public:
  /// The values outlive it. Throws invalid_input for a text with a NUL character, which PostgreSQL
  /// cannot hold.
  explicit Arguments(std::span<const Value> values);
  ~Arguments() = default;
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  [[nodiscard]] const std::vector<const char*>& values() const noexcept { return values_; }
  /// Bytes of all texts.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// 0 where the server infers the type: everything but bytes.
  [[nodiscard]] std::vector<TypeOid> types() const;

 private:
  std::span<const Value> given_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::size_t size_ = 0;
};

/// Appends a cell that is not NULL as the text that the server reads.
void append_text(std::string& out, const Value& cell);

/// Appends row `row` as "('a', NULL, '5')", after a comma unless it is the first. The untyped
/// literals take the types of the columns they are inserted into, and are read as COPY reads its
/// fields. Throws invalid_input for a NUL character.
void append_row_literal(std::string& sql, const ColumnBatch& batch, std::size_t row);

/// A literal of the value's own type.
[[nodiscard]] std::string typed_literal(const Value& value);

/// A string literal that reads the same under every setting of standard_conforming_strings.
void append_quoted(std::string& sql, std::string_view text);

}  // namespace seedbed::postgres
