#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/factories/record.hpp"

namespace seedbed {

/// An expression in the factory language, where a call asks for one: `{"placed_at", expr("now -
/// 2d")}`. Plain values of a call are literals, whatever they look like.
struct Expr {
  std::string text{};
  friend bool operator==(const Expr&, const Expr&) = default;
};
[[nodiscard]] inline Expr expr(std::string text) {
  return {std::move(text)};
}

/// A record of the library by its name ("john"): created when it is not in the database yet.
struct RecordName {
  std::string name{};
  bool or_literal = false;  ///< on a column's path it is the literal "@john" (command line, files)
  friend bool operator==(const RecordName&, const RecordName&) = default;
};

/// A JSON object or array of a JSON call: a document on a JSON column, overrides on a relation.
struct Document {
  std::string json{};
  friend bool operator==(const Document&, const Document&) = default;
};

struct Cycle;

/// What a setting gives: a literal, typed by its column, a row that exists, a named record, an
/// expression, or several of these in turn.
class SettingValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a setting is written as the value it gives.
  template <typename T>
  requires std::constructible_from<Value, T> &&
      (!std::same_as<std::remove_cvref_t<T>, Record>)SettingValue(const T& literal)
      : data_{Value{literal}} {}
  SettingValue(Record record) : data_{std::move(record)} {}
  SettingValue(RecordName name) : data_{std::move(name)} {}
  SettingValue(Document document) : data_{std::move(document)} {}
  SettingValue(Expr expression) : data_{std::move(expression)} {}
  SettingValue(Cycle cycle);
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] const Value* literal() const noexcept { return std::get_if<Value>(&data_); }
  [[nodiscard]] const Record* record() const noexcept { return std::get_if<Record>(&data_); }
  [[nodiscard]] const RecordName* record_name() const noexcept {
    return std::get_if<RecordName>(&data_);
  }
  [[nodiscard]] const Document* document() const noexcept { return std::get_if<Document>(&data_); }
  [[nodiscard]] const Expr* expression() const noexcept { return std::get_if<Expr>(&data_); }
  [[nodiscard]] const Cycle* cycle() const noexcept;

 private:
  std::variant<Value, Record, RecordName, Document, Expr, std::shared_ptr<const Cycle>> data_;
};

/// Values that the rows of a list take in turn, each for `each` rows: row i, from 0, takes number
/// i / each, from the first again behind the last.
struct Cycle {
  std::vector<SettingValue> values{};
  std::uint64_t each = 1;
};
/// `{"role", cycle({"admin", "staff"})}`. A call for one row takes the first. Throws invalid_input
/// without values.
[[nodiscard]] Cycle cycle(std::initializer_list<SettingValue> values, std::uint64_t each = 1);
[[nodiscard]] Cycle cycle(std::vector<SettingValue> values, std::uint64_t each = 1);

/// `path` is a column, a parameter, a relation (with a row as value), or a dotted path through
/// relations to a column or parameter of a row above ("customer.name").
struct Setting {
  std::string path;
  SettingValue value;
  SourceSpot where{};  ///< of a record in a file
};

/// A path and the values it may have.
struct CrossSetting {
  std::string path;
  std::vector<SettingValue> values;
};
/// Settings under which the rows of a list take every combination of the values, the last path
/// changing fastest: `cross({{"role", {"admin", "staff"}}, {"plan", {"free", "pro"}}})` has four.
[[nodiscard]] std::vector<Setting> cross(const std::vector<CrossSetting>& settings);

struct CallArguments;

/// Children to make: how many, or one entry of arguments for each.
class HasSetting {
 public:
  HasSetting(std::string relation, std::uint64_t count);
  HasSetting(std::string relation, std::initializer_list<CallArguments> children);
  HasSetting(std::string relation, std::vector<CallArguments> children);

  [[nodiscard]] const std::string& relation() const noexcept { return relation_; }
  [[nodiscard]] std::uint64_t count() const noexcept;
  /// Empty when only a count was given, or none are wanted.
  [[nodiscard]] std::span<const CallArguments> children() const noexcept;

 private:
  std::string relation_;
  std::uint64_t count_ = 0;
  std::vector<CallArguments> children_;
};

/// What a call asks of a factory beyond its definition.
///   session.create("order", {.traits = {"paid"}, .set = {{"customer", john}}, .has = {{"items",
///   2}}});
struct CallArguments {
  std::vector<std::string> traits{};
  std::vector<Setting> set{};
  std::vector<HasSetting> has{};
};

/// One `path=value` of the command line. A value `@name` on a relation's path stands for that
/// record; everything else is a literal. Throws invalid_input without `=`.
[[nodiscard]] Setting parse_setting(std::string_view text);
/// One `path=expression` of `--set-expr`.
[[nodiscard]] Setting parse_expression_setting(std::string_view text);
/// One `name=count` of `--has`.
[[nodiscard]] HasSetting parse_has_setting(std::string_view text);

/// A call as it is written in JSON:
///   {"factory": "order", "traits": ["paid"], "set": {"customer": {"$ref": "john"}, "total":
///   {"$expr": "1 + 1"}},
///    "has": {"items": 2}, "count": 3}
/// In `set`, {"$cycle": [...]} is a cycle, and "$cross": {"role": [...], "plan": [...]} a cross.
/// Nested objects in `set` are dotted paths (on a JSON column, a document); `has` also takes a list
/// of
/// {"traits", "set", "has"}. Numbers keep their spelling.
struct ParsedCall {
  std::string factory{};
  std::uint64_t count = 1;
  CallArguments arguments{};
};
/// Throws invalid_input, naming the key at fault.
[[nodiscard]] ParsedCall parse_call(std::string_view json);

}  // namespace seedbed
