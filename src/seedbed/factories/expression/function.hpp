#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression/operation.hpp"

namespace seedbed::detail {

/// One call of a function for one row: its arguments and its draws. The types of the arguments are
/// checked before the call; an optional argument that was not given is absent.
class Call {
 public:
  /// `frame` is nullptr where no row is at hand.
  Call(std::span<const Operand> arguments, std::size_t row, CellRandom random, Arena& arena,
       const Frame* frame)
      : arguments_{arguments}, row_{row}, random_{random}, arena_{arena}, frame_{frame} {}

  [[nodiscard]] std::size_t count() const noexcept { return arguments_.size(); }
  [[nodiscard]] const ScalarView& at(std::size_t i) const { return arguments_[i][row_]; }
  /// Whether argument `i` was given, and is not null.
  [[nodiscard]] bool has(std::size_t i) const;
  [[nodiscard]] std::string_view text(std::size_t i) const;
  [[nodiscard]] double real(std::size_t i) const;
  /// The argument as an integer between the limits, or `otherwise` when it is absent; throws
  /// invalid_input naming `what`.
  [[nodiscard]] std::int64_t integer(std::size_t i, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] std::int64_t integer_or(std::size_t i, std::int64_t otherwise, std::int64_t least,
                                        std::int64_t most) const;
  /// A date's midnight, an instant, or a text of either; throws invalid_input for anything else.
  [[nodiscard]] Instant moment(std::size_t i) const;
  [[nodiscard]] CellRandom& random() noexcept { return random_; }
  /// The text as a value: a copy that lives as long as the batch.
  [[nodiscard]] ScalarView keep(std::string_view text) const { return TextView{arena_.copy(text)}; }
  /// Room for a text of this size that lives as long.
  [[nodiscard]] std::span<char> room(std::size_t size) const {
    return arena_.uninitialised<char>(size);
  }
  [[nodiscard]] ScalarView keep_bytes(std::string_view bytes) const {
    return BytesView{arena_.copy(bytes)};
  }
  /// The project's instant; 1970 while a function that does not draw is computed once for all rows.
  [[nodiscard]] Instant now() const { return frame_ != nullptr ? frame_->now() : Instant{}; }
  /// Throws invalid_input; the caller adds function and place.
  [[noreturn]] static void fail(std::string message);

 private:
  std::span<const Operand> arguments_;
  std::size_t row_;
  CellRandom random_;
  Arena& arena_;
  const Frame* frame_;
};

/// Functions that the compiler builds itself; `plain` ones are called row by row.
enum class FunctionForm : std::uint8_t {
  plain,
  conditional,
  coalesce,
  cycle,
  one_of,
  weighted,
  maybe,
  concat,
  json,
  regex,
  sum,
  count,
  min,
  max
};

enum class Effect : std::uint8_t { pure, draws };

using WordList = std::span<const std::string_view>;
using DomainPointer = std::shared_ptr<const Domain>;

/// A line of the function table, as a room's source states it. `signature` is the one statement of
/// its parameters and types: "pad(value, width: integer, fill?: text) -> text". A type may be a
/// choice of texts, "female|male"; "locale" is one of `locale_names()`, filled in by the compiler
/// where a call leaves it out.
struct FunctionRow {
  std::string_view signature;
  std::string_view description;
  std::string_view example;
  std::string_view value;
  ScalarView (*function)(Call&) = nullptr;
  Effect effect = Effect::pure;
  FunctionForm form = FunctionForm::plain;
  /// All values under arguments that are the same for all rows; nullptr when it has no finite set.
  DomainPointer (*domain)(const Call&) = nullptr;
  int version = 1;
  /// The list that it picks one word of, by one draw, under such arguments; nullptr when it does
  /// anything else.
  WordList (*words)(const Call&) = nullptr;
};

using TypeSet = std::uint16_t;  ///< bit t is ExpressionType t
[[nodiscard]] constexpr TypeSet type_bit(ExpressionType type) noexcept {
  return static_cast<TypeSet>(1U << static_cast<unsigned>(type));
}

struct Parameter {
  std::string name{};
  std::string type_name{};  ///< "number", "text", "any", "locale", "female|male"
  TypeSet types = 0;
  std::vector<std::string> choices{};  ///< the texts it takes, where they are few
  bool optional = false;
  bool repeats = false;  ///< takes all that follow, at least one unless optional
};

/// A function of the table with its signature read.
struct Function {
  const FunctionRow* row = nullptr;
  std::string name{};
  std::string group{};
  std::vector<Parameter> parameters{};  ///< empty for forms with labels
  ExpressionType result = ExpressionType::any;
  bool result_of_first = false;  ///< the result has the type of the first argument
};

/// What is wrong with a text that is none of the parameter's choices: "'network' is ..., not ...";
/// nullopt when nothing is.
[[nodiscard]] std::optional<std::string> wrong_choice(const Parameter& parameter,
                                                      const ScalarView& argument);

/// All functions and all their versions, by group and name.
[[nodiscard]] const std::vector<Function>& function_table();
/// The function, in its newest version when `version` is 0; nullptr when there is none.
[[nodiscard]] const Function* find_function(std::string_view name, int version) noexcept;

/// A call whose arguments match the parameters: absent optional ones are null pointers at the end,
/// or the constant null between others.
[[nodiscard]] OperationPointer make_call(const Function& function, Operations arguments,
                                         std::uint32_t stream, const SourceSpot& where);

// The rows of each group, in the order of the reference.
[[nodiscard]] std::span<const FunctionRow> choice_functions();
[[nodiscard]] std::span<const FunctionRow> number_functions();
[[nodiscard]] std::span<const FunctionRow> text_functions();
[[nodiscard]] std::span<const FunctionRow> time_functions();
[[nodiscard]] std::span<const FunctionRow> hash_functions();
[[nodiscard]] std::span<const FunctionRow> random_functions();
[[nodiscard]] std::span<const FunctionRow> identifier_providers();
[[nodiscard]] std::span<const FunctionRow> standard_number_providers();
[[nodiscard]] std::span<const FunctionRow> moment_providers();
[[nodiscard]] std::span<const FunctionRow> people_providers();
[[nodiscard]] std::span<const FunctionRow> place_providers();
[[nodiscard]] std::span<const FunctionRow> geography_providers();
[[nodiscard]] std::span<const FunctionRow> business_providers();
[[nodiscard]] std::span<const FunctionRow> money_providers();
[[nodiscard]] std::span<const FunctionRow> color_providers();
[[nodiscard]] std::span<const FunctionRow> internet_providers();
[[nodiscard]] std::span<const FunctionRow> file_providers();
[[nodiscard]] std::span<const FunctionRow> language_providers();
[[nodiscard]] std::span<const FunctionRow> character_providers();

}  // namespace seedbed::detail
