#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

/// Name of a table, view or sequence. `schema` is empty in the engine's default schema (PostgreSQL:
/// `public`; SQLite: `main`; MySQL: the URL's database), so that the same table has the same name
/// on every engine.
struct TableName {
  std::string schema{};
  std::string name{};

  /// "name" or "schema.name", for messages, files and digests; not quoted.
  [[nodiscard]] std::string to_string() const;
  // A false alarm of clang-tidy 14 about the 0 that a rewritten comparison holds.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const TableName&, const TableName&) = default;
};

/// What a column holds, across engines. Decides its canonical text (`cell_encoding.hpp`).
enum class TypeClass : std::uint8_t {
  boolean,
  integer,  ///< any width; `ColumnType::is_unsigned` tells
  decimal,  ///< exact; `precision` and `scale` when declared
  real,     ///< 4- or 8-byte float; `length` is 4 or 8
  text,     ///< `length` in characters when limited; `fixed` for char(n)
  bytes,    ///< `length` in bytes when limited
  date,
  time,
  timestamp,    ///< without zone (MySQL DATETIME); `scale` is the digits of the fraction
  timestamptz,  ///< an instant (MySQL TIMESTAMP)
  interval,
  uuid,
  json,
  enumeration,  ///< `labels` in declared order
  set,          ///< MySQL SET; `labels` in declared order
  array,        ///< PostgreSQL array
  bit,          ///< `length` in bits
  year,
  other,  ///< carried as the engine's own text
};
[[nodiscard]] std::string_view to_string(TypeClass type_class) noexcept;

struct ColumnType {
  TypeClass type_class = TypeClass::other;
  std::string declared{};  ///< as the engine prints it: "numeric(10,2)", "bigint unsigned"
  std::optional<int> length{};
  std::optional<int> precision{};
  std::optional<int> scale{};
  bool is_unsigned = false;
  bool fixed = false;        ///< char(n): trailing blanks do not count
  bool json_binary = false;  ///< jsonb or MySQL JSON: key order is not kept by the engine
  std::vector<std::string> labels{};

  friend bool operator==(const ColumnType&, const ColumnType&) = default;
};

/// Who makes the column's value.
enum class Generated : std::uint8_t { no, stored, virtual_ };
enum class Identity : std::uint8_t {
  no,
  by_default,  ///< serial, identity BY DEFAULT, AUTO_INCREMENT, SQLite's INTEGER PRIMARY KEY
  always,      ///< GENERATED ALWAYS AS IDENTITY: needs OVERRIDING SYSTEM VALUE in INSERT
};

struct Column {
  std::string name{};
  ColumnType type{};
  bool nullable = true;
  std::optional<std::string> default_sql{};  ///< absent for identity and generated columns
  Generated generated = Generated::no;
  Identity identity = Identity::no;

  /// Made by the database when left out of an INSERT; not a generated cell (identity, computed,
  /// default).
  [[nodiscard]] bool made_by_database() const noexcept {
    return generated != Generated::no || identity != Identity::no || default_sql.has_value();
  }
  friend bool operator==(const Column&, const Column&) = default;
};

/// A UNIQUE constraint or unique index, the primary key left out.
struct UniqueKey {
  std::string name{};
  std::vector<std::string> columns{};  ///< empty entries stand for expressions
  bool partial = false;                ///< has a WHERE clause
  bool expression = false;             ///< at least one member is an expression
  bool nulls_not_distinct = false;
  std::string definition{};  ///< the engine's text when partial or on expressions

  /// Holds for all rows, on plain columns: what generation and ordering can rely on.
  [[nodiscard]] bool plain() const noexcept { return !partial && !expression; }
  friend bool operator==(const UniqueKey&, const UniqueKey&) = default;
};

enum class ReferentialAction : std::uint8_t { no_action, restrict, cascade, set_null, set_default };
[[nodiscard]] std::string_view to_string(ReferentialAction action) noexcept;

struct ForeignKey {
  std::string name{};  ///< may be empty (SQLite)
  std::vector<std::string> columns{};
  TableName parent{};
  std::vector<std::string>
      parent_columns{};  ///< always filled in, also where the DDL left them out
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
  bool deferrable = false;
  bool initially_deferred = false;
  friend bool operator==(const ForeignKey&, const ForeignKey&) = default;
};

struct Check {
  std::string name{};
  std::string expression{};  ///< the engine's text, without CHECK
  friend bool operator==(const Check&, const Check&) = default;
};

struct Table {
  TableName name{};
  std::vector<Column> columns{};  ///< in declared order
  std::vector<std::string> primary_key{};
  std::vector<UniqueKey> unique_keys{};    ///< sorted by name
  std::vector<ForeignKey> foreign_keys{};  ///< sorted by columns
  std::vector<Check> checks{};             ///< sorted by name
  std::vector<std::string> triggers{};     ///< user triggers' names, sorted
  std::vector<TableName>
      partitions{};  ///< of a partition root; rows are read and written through the root

  [[nodiscard]] const Column* find_column(std::string_view column) const noexcept;
  /// Throws not_found with the nearest name.
  [[nodiscard]] const Column& column(std::string_view column) const;
  [[nodiscard]] std::size_t column_index(std::string_view column) const;
  [[nodiscard]] std::vector<std::string> column_names() const;
  /// The columns a row must carry: all but computed ones.
  [[nodiscard]] std::vector<std::string> stored_columns() const;
  friend bool operator==(const Table&, const Table&) = default;
};

/// A counter that hands out keys: a PostgreSQL sequence, an AUTO_INCREMENT, a row of
/// sqlite_sequence.
struct Sequence {
  TableName name{};                  ///< of the sequence; the table's own name where it has none
  std::optional<TableName> owner{};  ///< the table that draws from it
  std::string owner_column{};
  std::int64_t increment = 1;
  std::int64_t start = 1;  ///< the value it begins with
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

/// The tables of one database, as plain data. Pure: building one sends no SQL.
/// Invariant: tables, views and sequences are sorted by name and hold none of Seedbed's own.
class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Table> tables, std::vector<TableName> views = {},
                  std::vector<Sequence> sequences = {});

  [[nodiscard]] std::span<const Table> tables() const noexcept { return tables_; }
  [[nodiscard]] std::span<const TableName> views() const noexcept { return views_; }
  [[nodiscard]] std::span<const Sequence> sequences() const noexcept { return sequences_; }

  /// nullptr when absent. Pointers stay valid while the schema lives.
  [[nodiscard]] const Table* find(const TableName& name) const noexcept;
  /// "name" (default schema first, then the only other schema that has it) or "schema.name".
  [[nodiscard]] const Table* find(std::string_view name) const noexcept;
  /// Throws not_found, with the nearest name.
  [[nodiscard]] const Table& at(const TableName& name) const;
  [[nodiscard]] const Table& at(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> table_names() const;

 private:
  std::vector<Table> tables_;
  std::vector<TableName> views_;
  std::vector<Sequence> sequences_;
};

/// Whether a table, schema or database belongs to Seedbed itself: tables `seedbed_*`, schemas
/// `seedbed*`.
[[nodiscard]] bool is_own_name(const TableName& name) noexcept;

}  // namespace seedbed
