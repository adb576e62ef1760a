#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/expression.hpp"
#include "seedbed/factories/expression/function.hpp"
#include "seedbed/factories/expression/operators.hpp"
#include "seedbed/factories/expression/syntax.hpp"

namespace seedbed::detail {

/// Checks names and types of one cell's expression (or of all expressions of one template) and
/// builds its operations. A null pointer means that a finding was reported.
class Compiler {
 public:
  explicit Compiler(const NameScope& scope) : scope_{&scope} {}

  [[nodiscard]] OperationPointer compile(const ExpressionSource& source);
  /// What was compiled so far, as an expression with `root` at its top.
  [[nodiscard]] Expression finish(OperationPointer root) const;
  [[nodiscard]] static Expression constant(const ScalarView& value);

 private:
  struct Bound {  // arguments in the order of the parameters
    Operations values{};
    bool ok = true;
  };

  [[nodiscard]] OperationPointer build(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_name(const Syntax& syntax);
  [[nodiscard]] OperationPointer report_unknown_name(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_member(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_unary(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_binary(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_range(const Syntax& syntax, const OperationPointer& first,
                                             const OperationPointer& last);
  [[nodiscard]] OperationPointer build_logic(const Syntax& syntax, const OperationPointer& left,
                                             const OperationPointer& right);

  [[nodiscard]] OperationPointer build_call(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_form(const Function& function, const Syntax& syntax);
  [[nodiscard]] OperationPointer build_plain(const Function& function, const Syntax& syntax);
  [[nodiscard]] OperationPointer build_maybe(const Function& function, const Syntax& syntax);
  [[nodiscard]] OperationPointer build_weighted(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_regex(const Function& function, const Syntax& syntax);
  [[nodiscard]] OperationPointer build_json(const Syntax& syntax);
  [[nodiscard]] OperationPointer build_aggregate(const Function& function, const Syntax& syntax);
  [[nodiscard]] Bound bind(const Function& function, const Syntax& syntax);
  /// Appends the factory's own locale where the call names none of the `given` arguments so.
  void fill_in_locale(const Function& function, std::size_t given, Operations& values) const;
  [[nodiscard]] bool place_argument(const Function& function, const Syntax& argument,
                                    std::vector<const Syntax*>& slots) const;
  [[nodiscard]] bool check_argument(const Function& function, const Parameter& parameter,
                                    const Syntax& syntax, const Operation& value) const;
  [[nodiscard]] bool have_common_type(const Syntax& syntax, const Operations& values) const;
  [[nodiscard]] bool is_condition(const Syntax& syntax, const Operation& value) const;

  /// The operation, or its value when no row can change it.
  [[nodiscard]] OperationPointer folded(const Syntax& syntax, OperationPointer operation,
                                        const Operations& operands) const;
  /// Runs `make`, whose errors become findings.
  [[nodiscard]] OperationPointer checked(const Syntax& syntax,
                                         const std::function<OperationPointer()>& make) const;
  void report(std::size_t at, std::string message) const;
  /// Reports, and is no operation.
  [[nodiscard]] OperationPointer refuse(std::size_t at, std::string message) const;
  [[nodiscard]] SourceSpot spot(const Syntax& syntax) const { return source_->spot(syntax.at); }
  [[nodiscard]] std::uint32_t next_stream() { return streams_++; }

  const NameScope* scope_;
  const ExpressionSource* source_ = nullptr;
  std::string children_{};  // the relation, inside the value of a roll-up
  std::set<std::string> names_{};
  std::set<std::pair<std::string, std::string>> relations_{};
  std::set<std::pair<std::string, std::string>> child_columns_{};
  std::uint32_t streams_ = 0;
  std::uint32_t presences_ = 0;
  bool uses_row_number_ = false;
};

}  // namespace seedbed::detail
