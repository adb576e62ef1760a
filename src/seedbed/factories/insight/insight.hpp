#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/core/progress.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/record.hpp"
#include "seedbed/factories/row_range.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// What gives a cell its value. From the weakest to the strongest rule, those that make none at all
/// first.
enum class CellRule : unsigned char {
  database,        ///< a default, a counter, a computed column
  null,            ///< nothing mentions it, and it may be NULL
  type_and_name,   ///< nothing mentions it, and it may not
  relation,        ///< a column of a foreign key
  parent_factory,  ///< `set` or `params` of a factory that is extended
  base_trait,      ///< of a trait that the factory applies itself
  own,             ///< of the factory
  call_trait,      ///< of a trait that the call asks for
  override_value,  ///< the call's own value
};
[[nodiscard]] std::string_view to_string(CellRule rule) noexcept;

/// The rule behind a value, and where it is written.
struct CellOrigin {
  CellRule rule = CellRule::null;
  std::string name{};        ///< of the factory, trait or relation
  std::string expression{};  ///< as it is written; of a default, its SQL
  std::string condition{};   ///< of a `when`, as it is written
  SourceSpot where{};

  /// "'set' of factory 'user'".
  [[nodiscard]] std::string to_string() const;
};

/// What is asked about: a factory, or the table whose factory is meant.
struct InsightTarget {
  std::string factory{};
  CallArguments arguments{};
};

/// "users.email" as its two parts, split at the last dot; throws invalid_input without one.
struct ColumnPath {
  std::string target{};
  std::string column{};
};
[[nodiscard]] ColumnPath parse_column_path(std::string_view text);

/// One row as it would be made, and what each of its columns comes from, in the table's order.
struct InsightRow {
  Record record;
  std::vector<std::pair<std::string, CellOrigin>> origins{};  ///< by column
  std::vector<std::string> dependent{};  ///< columns whose values are read from other rows
};

/// A value that an expression read.
struct CellRead {
  std::string name{};                  ///< "name", "customer.created_at", "items.quantity", "n"
  std::vector<Value> values{};         ///< several of rows below
  std::optional<CellOrigin> origin{};  ///< of a column or parameter of the same row
};

/// What one part of an expression drew.
struct CellDraw {
  std::string what{};
  SourceSpot where{};
  std::uint64_t key = 0;
  std::uint64_t row = 0;
  std::vector<std::uint64_t> numbers{};  ///< 64 bits each, draw 0 first
  Value result{};
};

/// A rule that says something about the cell, but not its value.
struct CellOther {
  CellOrigin origin{};
  bool conditional = false;  ///< a `when` that does not hold; else a stronger rule has replaced it
};

/// How one cell comes about.
struct CellExplanation {
  TableName table{};
  std::string factory{};
  std::string column{};
  std::uint64_t row = 0;
  CellOrigin origin{};
  std::vector<CellOther> others{};  ///< the strongest first
  std::vector<CellRead> reads{};
  std::vector<CellDraw> draws{};
  /// Of a unique column that walks through its values: how many there are, and which is taken.
  struct Permuted {
    std::uint64_t key = 0;
    std::uint64_t size = 0;
    std::uint64_t index = 0;
  };
  std::optional<Permuted> permuted{};
  std::string relation{};        ///< of a key's column: which row it leads to, and why
  std::optional<Value> drawn{};  ///< before it was fitted to the column
  std::string type{};            ///< that it was fitted to; empty for a parameter
  std::optional<Value> value{};  ///< nullopt: made by the database
};

/// A row that holds the value that was looked for.
struct FoundRow {
  std::string factory{};
  TableName table{};
  std::uint64_t row = 0;
};

/// Looks at the rows of factories by their numbers, without a database: rows, what is behind a
/// cell, which row a value belongs to. Rows above and below are numbered from 1. `schema` and
/// `library` outlive it. Members throw not_found and invalid_input, as creating the rows would.
class FactoryInsight {
 public:
  FactoryInsight(const Schema& schema, const FactoryLibrary& library,
                 const SessionOptions& options);
  ~FactoryInsight();
  FactoryInsight(const FactoryInsight&) = delete;
  FactoryInsight& operator=(const FactoryInsight&) = delete;

  /// At most `kMostInsightRows` at once.
  [[nodiscard]] std::vector<InsightRow> rows(const InsightTarget& target, RowRange range);
  /// `column` may also be a parameter.
  [[nodiscard]] CellExplanation explain(const InsightTarget& target, std::string_view column,
                                        std::uint64_t row);
  /// The rows whose `column` is `value`, by turning its expression round: a unique column's
  /// permutation, or an expression that shows the row number. Throws unsupported, saying why and
  /// what would work, where neither is at hand.
  [[nodiscard]] std::vector<FoundRow> find(const InsightTarget& target, std::string_view column,
                                           std::string_view value);
  /// The same by making all rows of `range`. Throws unsupported where a value depends on more than
  /// its row's number.
  [[nodiscard]] std::vector<FoundRow> scan(const InsightTarget& target, std::string_view column,
                                           std::string_view value, RowRange range,
                                           Progress& progress);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline constexpr std::uint64_t kMostInsightRows = 10'000;

}  // namespace seedbed
