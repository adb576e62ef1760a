#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression.hpp"

namespace seedbed::testing {

/// A scope that is written down.
class TestScope : public NameScope {
 public:
  std::map<std::string, ExpressionType, std::less<>> columns;
  std::map<std::string, std::shared_ptr<TestScope>, std::less<>> parents;
  std::map<std::string, std::shared_ptr<TestScope>, std::less<>> below;

  [[nodiscard]] std::optional<ExpressionType> name(std::string_view name) const override {
    const auto found = columns.find(name);
    return found == columns.end() ? std::nullopt : std::optional{found->second};
  }
  [[nodiscard]] std::vector<std::string> names() const override { return keys_of(columns); }
  [[nodiscard]] const NameScope* relation(std::string_view name) const override {
    const auto found = parents.find(name);
    return found == parents.end() ? nullptr : found->second.get();
  }
  [[nodiscard]] std::vector<std::string> relations() const override { return keys_of(parents); }
  [[nodiscard]] const NameScope* children(std::string_view name) const override {
    const auto found = below.find(name);
    return found == below.end() ? nullptr : found->second.get();
  }
  [[nodiscard]] std::vector<std::string> children_names() const override { return keys_of(below); }

 private:
  template <typename Map>
  static std::vector<std::string> keys_of(const Map& map) {
    std::vector<std::string> keys;
    keys.reserve(map.size());
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
  }
};

/// Rows that are written down: columns as they are, row numbers from `first_row` on.
class TestFrame : public Frame {
 public:
  std::size_t size = 1;
  std::int64_t first_row = 1;
  std::uint64_t key = seedbed::cell_key(42, "docs.example@1");
  std::map<std::string, std::vector<Scalar>, std::less<>> columns;
  std::map<std::pair<std::string, std::string>, std::vector<Scalar>> parents;
  std::map<std::string, std::pair<TestFrame*, std::vector<std::size_t>>, std::less<>> below;

  [[nodiscard]] std::size_t rows() const override { return size; }
  [[nodiscard]] std::int64_t row_number(std::size_t row) const override {
    return first_row + static_cast<std::int64_t>(row);
  }
  [[nodiscard]] std::int64_t index(std::size_t row) const override {
    return static_cast<std::int64_t>(row);
  }
  [[nodiscard]] Instant now() const override {
    return {days_from_civil({2026, 1, 1}) * kMicrosPerDay};
  }
  [[nodiscard]] std::uint64_t cell_key() const override { return key; }
  [[nodiscard]] Arena& arena() override { return arena_; }
  [[nodiscard]] ScalarColumn name(std::string_view name) override {
    return views_of(columns.find(name)->second);
  }
  [[nodiscard]] ScalarColumn relation(std::string_view relation, std::string_view column) override {
    return views_of(parents.at({std::string{relation}, std::string{column}}));
  }
  [[nodiscard]] ChildRows children(std::string_view relation) override {
    const auto& [frame, offsets] = below.find(relation)->second;
    return {frame, offsets};
  }

 private:
  ScalarColumn views_of(const std::vector<Scalar>& scalars) {
    const auto views = arena_.uninitialised<ScalarView>(scalars.size());
    std::copy(scalars.begin(), scalars.end(), views.begin());
    return views;
  }

  Arena arena_;
};

inline Scalar value_at(const Domain& domain, std::uint64_t index) {
  Arena arena;
  return to_scalar(domain.at(index, arena));
}

/// What the expression gives for the rows of the frame.
inline std::vector<Scalar> evaluated(const Expression& expression, Frame& frame) {
  std::vector<Scalar> values;
  for (const auto& view : expression.evaluate(frame)) values.push_back(to_scalar(view));
  return values;
}

/// The expression, or an exception with all findings.
inline Expression compiled(std::string_view text, const NameScope& scope = TestScope{}) {
  Diagnostics findings;
  auto expression = Expression::compile(text, {"f.yaml", 3, 11}, scope, findings);
  throw_if_any(std::move(findings));
  return expression.value();
}

inline Expression compiled_template(std::string_view text, const NameScope& scope = TestScope{}) {
  Diagnostics findings;
  auto expression = Expression::compile_template(text, {"f.yaml", 3, 11}, scope, findings);
  throw_if_any(std::move(findings));
  return expression.value();
}

/// The value for row 1 of a frame without columns.
inline Scalar value_of(std::string_view text) {
  TestFrame frame;
  return evaluated(compiled(text), frame).at(0);
}

/// The values for rows 1 to `rows`.
inline std::vector<Scalar> values_of(std::string_view text, std::size_t rows,
                                     std::int64_t first_row = 1) {
  TestFrame frame;
  frame.size = rows;
  frame.first_row = first_row;
  return evaluated(compiled(text), frame);
}

/// Their texts.
[[nodiscard]] std::vector<std::string> texts_of(std::string_view text, std::size_t rows = 500);
/// Expects all of them to match the regular expression.
void expect_all_match(std::string_view text, const std::string& pattern);

}  // namespace seedbed::testing
