#include "seedbed/factories/expression/function.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/providers/locale.hpp"

namespace seedbed::detail {

namespace {

using Type = ExpressionType;

struct NamedTypes {
  std::string_view name;
  TypeSet types;
};

constexpr TypeSet kNumber =
    type_bit(Type::integer) | type_bit(Type::decimal) | type_bit(Type::real);

constexpr std::array<NamedTypes, 10> kParameterTypes{{
    {"any", 0xFFFF},
    {"number", kNumber},
    {"integer", type_bit(Type::integer)},
    {"text", type_bit(Type::text)},
    {"boolean", type_bit(Type::boolean)},
    {"duration", type_bit(Type::duration)},
    {"locale", type_bit(Type::text)},
    {"moment", type_bit(Type::date) | type_bit(Type::instant)},
    {"moment or text", type_bit(Type::date) | type_bit(Type::instant) | type_bit(Type::text)},
    {"number or text", kNumber | type_bit(Type::text)},
}};

TypeSet types_named(std::string_view name) {
  for (const auto& entry : kParameterTypes) {
    if (entry.name == name) return entry.types;
  }
  throw Error{ErrorCode::internal, fmt::format("no type '{}' for parameters", name)};
}

Parameter read_parameter(std::string_view text) {
  Parameter parameter;
  const auto colon = text.find(':');
  parameter.type_name =
      colon == std::string_view::npos ? "any" : std::string{trimmed(text.substr(colon + 1))};
  std::string_view name = trimmed(text.substr(0, colon));
  if (name.ends_with("...")) {
    parameter.repeats = true;
    name.remove_suffix(3);
  }
  if (name.ends_with('?')) {
    parameter.optional = true;
    name.remove_suffix(1);
  }
  parameter.name = name;
  if (parameter.type_name == "locale") parameter.choices = locale_names();
  if (parameter.type_name.find('|') != std::string::npos) {
    parameter.choices = split(parameter.type_name, '|');
    parameter.types = type_bit(Type::text);
  } else {
    parameter.types = types_named(parameter.type_name);
  }
  return parameter;
}

void read_result(Function& function, std::string_view name) {
  if (name == "value") {
    function.result_of_first = true;
    return;
  }
  for (auto type = Type::null_;; type = static_cast<Type>(static_cast<int>(type) + 1)) {
    if (to_string(type) == name) {
      function.result = type;
      return;
    }
    if (type == Type::any) break;
  }
  throw Error{ErrorCode::internal, fmt::format("no type '{}' for results", name)};
}

Function read_function(const FunctionRow& row, std::string_view group) {
  Function function;
  function.row = &row;
  function.group = group;
  const auto open = row.signature.find('(');
  const auto close = row.signature.rfind(") -> ");
  function.name = row.signature.substr(0, open);
  read_result(function, row.signature.substr(close + 5));
  const auto list = row.signature.substr(open + 1, close - open - 1);
  if (list.empty() || list.find('=') != std::string_view::npos) return function;
  for (const auto& parameter : split(list, ',')) {
    function.parameters.push_back(read_parameter(parameter));
  }
  return function;
}

class PlainCall : public Operation {
 public:
  PlainCall(const Function& function, Operations arguments, std::uint32_t stream, SourceSpot where)
      : Operation{function.result_of_first ? arguments.front()->type() : function.result},
        function_{function},
        arguments_{std::move(arguments)},
        where_{std::move(where)},
        stream_{stream} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto operands = operands_of(arguments_, batch);
    const auto values = batch.values();
    at_place(where_, [&] { call_all(batch, operands, values); });
    return Operand{values};
  }

  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const override {
    const auto* const last = kKeepDigits.end();
    if (std::find(kKeepDigits.begin(), last, function_.name) == last) return std::nullopt;
    return arguments_.front()->row_number_form();
  }

  [[nodiscard]] DomainPointer domain() const override;
  [[nodiscard]] const ScalarView* largest() const noexcept override;

 private:
  // Functions whose result holds the digits of their first argument as they are.
  static constexpr std::array<std::string_view, 8> kKeepDigits{"integer", "lower", "pad",  "slug",
                                                               "text",    "title", "trim", "upper"};

  void call_all(const Batch& batch, std::span<const Operand> operands,
                std::span<ScalarView> values) const {
    // Arguments that all rows share are looked at once.
    const bool shared = std::all_of(operands.begin(), operands.end(),
                                    [](const Operand& operand) { return operand.is_shared(); });
    const Call any_row{operands, 0, CellRandom{0, 0}, batch.arena(), &batch.frame()};
    if (shared && !values.empty() && !has_arguments(any_row)) {
      std::fill(values.begin(), values.end(), ScalarView{});
    } else if (function_.row->effect == Effect::draws) {
      draw_all(batch, operands, values, shared);
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) {
        Call call{operands, i, CellRandom{0, 0}, batch.arena(), &batch.frame()};
        values[i] = shared || has_arguments(call) ? value(call) : ScalarView{};
      }
    }
  }

  void draw_all(const Batch& batch, std::span<const Operand> operands, std::span<ScalarView> values,
                bool shared) const {
    const RowDraws draws{batch, stream_key(batch.frame().cell_key(), StreamKind::value, stream_)};
    auto* const observer = batch.frame().draw_observer();
    if (shared && function_.row->words != nullptr && observer == nullptr && !values.empty()) {
      const auto words = function_.row->words({operands, 0, draws.of(0), batch.arena(), nullptr});
      for (std::size_t i = 0; i < values.size(); ++i) {
        std::construct_at(&values[i],
                          TextView{words[static_cast<std::size_t>(draws.below(i, words.size()))]});
      }
      return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      Call call{operands, i, draws.of(i), batch.arena(), &batch.frame()};
      values[i] = shared || has_arguments(call) ? value(call) : ScalarView{};
      if (observer != nullptr) {
        observer->drew(function_.name, where_, call.random(), values[i]);
      }
    }
  }

  /// Whether all arguments are there that it needs; throws for one of another type.
  [[nodiscard]] bool has_arguments(const Call& call) const {
    for (std::size_t i = 0; i < call.count(); ++i) {
      const ScalarView& argument = call.at(i);
      if (!is_null(argument)) {
        // The compiler checked the constants.
        if (arguments_[i]->constant() == nullptr) check(argument, i);
      } else if (!parameter(i).optional) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] ScalarView value(Call& call) const {
    try {
      return function_.row->function(call);
    } catch (const Error& error) {
      throw Error{error.code(), fmt::format("{}: {}", function_.name, error.what())};
    }
  }

  [[nodiscard]] const Parameter& parameter(std::size_t i) const {
    return function_.parameters[std::min(i, function_.parameters.size() - 1)];
  }

  void check(const ScalarView& argument, std::size_t i) const {
    if ((parameter(i).types & type_bit(type_of(argument))) == 0) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("{}: '{}' is {}, not {}", function_.name, parameter(i).name,
                              parameter(i).type_name, to_string(type_of(argument)))};
    }
    if (const auto wrong = wrong_choice(parameter(i), argument)) {
      throw Error{ErrorCode::invalid_input, fmt::format("{}: {}", function_.name, *wrong)};
    }
  }

  const Function& function_;  // of the table, which is never destroyed before
  Operations arguments_;
  SourceSpot where_;
  std::uint32_t stream_;
};

DomainPointer PlainCall::domain() const {
  if (function_.row->domain == nullptr) return nullptr;
  std::vector<Operand> operands;
  for (const auto& argument : arguments_) {
    const ScalarView* value = argument->constant();
    if (value == nullptr) return nullptr;
    operands.push_back(Operand::shared(*value));
  }
  Arena arena;
  return function_.row->domain(Call{operands, 0, CellRandom{0, 0}, arena, nullptr});
}

const ScalarView* PlainCall::largest() const noexcept {
  constexpr std::array<std::string_view, 4> kRounding{"round", "floor", "ceil", "integer"};
  if (std::find(kRounding.begin(), kRounding.end(), function_.name) != kRounding.end()) {
    return arguments_.front()->largest();
  }
  for (std::size_t i = 0; i < std::min(arguments_.size(), function_.parameters.size()); ++i) {
    if (function_.row->effect != Effect::draws || function_.parameters[i].name != "max") continue;
    const auto* most = arguments_[i]->constant();
    return most != nullptr && !is_null(*most) ? most : nullptr;
  }
  return nullptr;
}

std::vector<Function> read_table() {
  std::vector<Function> table;
  const auto add = [&table](std::string_view group, std::span<const FunctionRow> rows) {
    for (const auto& row : rows) table.push_back(read_function(row, group));
  };
  add("choices and roll-ups", choice_functions());
  add("numbers", number_functions());
  add("texts", text_functions());
  add("dates and times", time_functions());
  add("digests", hash_functions());
  add("random values", random_functions());
  add("identifiers", identifier_providers());
  add("standard numbers", standard_number_providers());
  add("moments", moment_providers());
  add("people", people_providers());
  add("places", place_providers());
  add("geography", geography_providers());
  add("business", business_providers());
  add("money", money_providers());
  add("colors", color_providers());
  add("internet", internet_providers());
  add("files", file_providers());
  add("language", language_providers());
  add("characters", character_providers());
  return table;
}

}  // namespace

bool Call::has(std::size_t i) const {
  return i < arguments_.size() && !is_null(at(i));
}

std::string_view Call::text(std::size_t i) const {
  return text_in(arena_, at(i));
}

double Call::real(std::size_t i) const {
  return to_real(at(i)).value_or(0);
}

std::int64_t Call::integer(std::size_t i, std::int64_t least, std::int64_t most) const {
  const auto* value = std::get_if<std::int64_t>(&at(i));
  if (value == nullptr || *value < least || *value > most) {
    fail(fmt::format("argument {} is an integer between {} and {}", i + 1, least, most));
  }
  return *value;
}

std::int64_t Call::integer_or(std::size_t i, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) const {
  return has(i) ? integer(i, least, most) : otherwise;
}

Instant Call::moment(std::size_t i) const {
  const ScalarView& value = at(i);
  if (const auto* date = std::get_if<Date>(&value)) return {date->days * kMicrosPerDay};
  if (const auto* instant = std::get_if<Instant>(&value)) return *instant;
  const auto text = to_text(value);
  if (const auto days = parse_date(text)) return {*days * kMicrosPerDay};
  if (const auto micros = parse_timestamp(text)) return {*micros};
  fail("the text is not a date or time, such as 2026-01-31 or 2026-01-31T08:00:00Z");
}

std::optional<std::string> wrong_choice(const Parameter& parameter, const ScalarView& argument) {
  const auto& choices = parameter.choices;
  if (choices.empty() || is_null(argument)) return std::nullopt;
  const auto text = to_text(argument);
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return std::nullopt;
  const std::span most{choices.data(), choices.size() - 1};
  return fmt::format("'{}' is {} or {}, not '{}'{}", parameter.name, join(most, ", "),
                     choices.back(), text, did_you_mean(text, choices));
}

void Call::fail(std::string message) {
  throw Error{ErrorCode::invalid_input, std::move(message)};
}

const std::vector<Function>& function_table() {
  static const std::vector<Function> kTable = read_table();
  return kTable;
}

const Function* find_function(std::string_view name, int version) noexcept {
  const Function* found = nullptr;
  for (const auto& function : function_table()) {
    if (function.name != name || (version != 0 && function.row->version != version)) continue;
    if (found == nullptr || found->row->version < function.row->version) found = &function;
  }
  return found;
}

OperationPointer make_call(const Function& function, Operations arguments, std::uint32_t stream,
                           const SourceSpot& where) {
  return std::make_shared<PlainCall>(function, std::move(arguments), stream, where);
}

}  // namespace seedbed::detail
