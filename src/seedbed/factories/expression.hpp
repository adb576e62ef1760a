#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/arena.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/scalar.hpp"

namespace seedbed {

/// The locale of a project that names none.
inline constexpr std::string_view kDefaultLocale = "en_US";

/// The names an expression may use: what a row of one factory holds.
class NameScope {
 public:
  NameScope() = default;
  virtual ~NameScope() = default;
  NameScope(const NameScope&) = delete;
  NameScope& operator=(const NameScope&) = delete;

  /// Type of a column or param; nullopt when there is none of that name, `any` when not known.
  [[nodiscard]] virtual std::optional<ExpressionType> name(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  /// The row a reference leads to (`customer.name`); nullptr when there is none of that name.
  [[nodiscard]] virtual const NameScope* relation(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> relations() const = 0;
  /// The rows below this one (`sum(items, price)`); nullptr when there are none of that name.
  [[nodiscard]] virtual const NameScope* children(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> children_names() const = 0;
  /// The locale of provider calls that name none; one of `locale_names()`.
  [[nodiscard]] virtual std::string_view locale() const { return kDefaultLocale; }
};

class Frame;
class CellRandom;

/// Told what the parts of an expression draw while it is evaluated, where somebody asks
/// (`explain`).
class DrawObserver {
 public:
  DrawObserver() = default;
  virtual ~DrawObserver() = default;
  DrawObserver(const DrawObserver&) = delete;
  DrawObserver& operator=(const DrawObserver&) = delete;

  /// `what` is the part ("full_name", "..", "maybe"), `random` stands behind its last draw, and
  /// `value` is what it made of them: of `maybe` whether there is a value, of a choice it or its
  /// number.
  virtual void drew(std::string_view what, const SourceSpot& where, const CellRandom& random,
                    const ScalarView& value) = 0;
};

/// The children of the rows of a frame: those of row i are the rows [offsets[i], offsets[i + 1]) of
/// `frame`, so there is one offset more than rows.
struct ChildRows {
  Frame* frame = nullptr;
  std::vector<std::size_t> offsets{};
};

/// A batch of rows while a column of it is evaluated. Asked only for names that the expression's
/// dependencies list.
class Frame {
 public:
  Frame() = default;
  virtual ~Frame() = default;
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  [[nodiscard]] virtual std::size_t rows() const = 0;
  [[nodiscard]] virtual std::int64_t row_number(std::size_t row) const = 0;  ///< `n`, from 1
  /// The numbers of all rows; as long as the arena.
  [[nodiscard]] virtual std::span<const std::uint64_t> row_numbers();
  [[nodiscard]] virtual std::int64_t index(std::size_t row) const = 0;  ///< among siblings, from 0
  [[nodiscard]] virtual Instant now() const = 0;
  /// Where values are made; it outlives the frame, and the columns that the frame gives.
  [[nodiscard]] virtual Arena& arena() = 0;
  /// `core/random.hpp`'s key of the column that is evaluated.
  [[nodiscard]] virtual std::uint64_t cell_key() const = 0;
  /// Values of a column or param of these rows: as many as rows.
  [[nodiscard]] virtual ScalarColumn name(std::string_view name) = 0;
  /// `column` of the row that each row refers to by `relation`; null where there is none.
  [[nodiscard]] virtual ScalarColumn relation(std::string_view relation,
                                              std::string_view column) = 0;
  [[nodiscard]] virtual ChildRows children(std::string_view relation) = 0;
  /// nullptr: nobody asks.
  [[nodiscard]] virtual DrawObserver* draw_observer() noexcept { return nullptr; }
};

/// The finite set of values an expression draws from, numbered from 0: what a unique column
/// permutes.
class Domain {
 public:
  virtual ~Domain() = default;
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  /// The value of number `index`, which is below size(), with its text in the arena or in the
  /// domain. Distinct numbers give distinct values.
  [[nodiscard]] virtual ScalarView at(std::uint64_t index, Arena& arena) const = 0;
  /// The number of `value` (a number of another type, or text of the same spelling, counts as
  /// equal); nullopt when it is not in the domain.
  [[nodiscard]] virtual std::optional<std::uint64_t> index_of(const ScalarView& value) const = 0;
};

/// The number that stands in digits in a value: factor * n + offset, of the row number n.
struct RowNumberForm {
  std::int64_t factor = 1;
  std::int64_t offset = 0;
};

/// What an expression reads. Each list is sorted and without repetition.
struct Dependencies {
  std::vector<std::string> names{};
  std::vector<std::pair<std::string, std::string>> relations{};  ///< relation, column
  std::vector<std::pair<std::string, std::string>> children{};   ///< relation, column; "" for count
};

namespace detail {
class Operation;
class Compiler;
}  // namespace detail

/// A checked expression of the factory language (factories/README.md). Immutable; copies are cheap
/// and may be used by several threads at once.
class Expression {
 public:
  /// Compiles `text`, which is without its leading `=`; `where` is the place of its first
  /// character. Appends every finding to `findings` and returns nullopt when there is one.
  [[nodiscard]] static std::optional<Expression> compile(std::string_view text,
                                                         const SourceSpot& where,
                                                         const NameScope& scope,
                                                         Diagnostics& findings);
  /// Compiles a template such as "ORD-{pad(n, 6)}"; `{{` and `}}` are braces. The value is text.
  [[nodiscard]] static std::optional<Expression> compile_template(std::string_view text,
                                                                  const SourceSpot& where,
                                                                  const NameScope& scope,
                                                                  Diagnostics& findings);
  /// Compiles a scalar of a file by its spelling: `=...` is an expression, `==x` the literal "=x",
  /// text with braces a template, anything else a literal (`literal_of`).
  [[nodiscard]] static std::optional<Expression> compile_scalar(const Node& node,
                                                                const NameScope& scope,
                                                                Diagnostics& findings);
  [[nodiscard]] static Expression literal(const ScalarView& value);

  [[nodiscard]] ExpressionType type() const noexcept { return type_; }
  [[nodiscard]] const Dependencies& dependencies() const noexcept { return *dependencies_; }
  /// Whether the value differs with the row number: by `n`, `cycle` or a draw.
  [[nodiscard]] bool uses_row_number() const noexcept { return uses_row_number_; }
  [[nodiscard]] bool draws() const noexcept { return draws_; }
  /// The value when it is a literal and nothing else.
  [[nodiscard]] const ScalarView* literal_value() const noexcept;
  /// The values it draws from, when they are finite and known now: a range of constants, `cycle`,
  /// `one_of` and `weighted` of constants, a provider that picks from one list. nullptr otherwise.
  [[nodiscard]] std::shared_ptr<const Domain> domain() const;
  /// The number that no value is above, when constants say so: a literal, the end of a range, the
  /// `max` of a distribution, any of these rounded. nullptr otherwise.
  [[nodiscard]] const ScalarView* largest() const noexcept;
  /// How each of its values, as a text, holds the row number in digits ("ORD-{pad(n, 6)}"); nullopt
  /// when it need not.
  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const;

  /// One value per row of `frame`, in its arena. Row i depends on what the frame says of row i
  /// only, never on the rows beside it. Throws invalid_input at the place in the file (overflow,
  /// division by zero, a value of a type that fits nothing).
  [[nodiscard]] ScalarColumn evaluate(Frame& frame) const;

 private:
  friend class detail::Compiler;
  Expression() = default;

  std::shared_ptr<const detail::Operation> root_{};
  std::shared_ptr<const Dependencies> dependencies_{};
  ExpressionType type_ = ExpressionType::any;
  bool uses_row_number_ = false;
  bool draws_ = false;
};

/// The literal a scalar of a file stands for: unquoted `true`, `false`, `null` and JSON numbers
/// (when they fit), otherwise its text.
[[nodiscard]] Scalar literal_of(const Node& node);

}  // namespace seedbed
