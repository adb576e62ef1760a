#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// Makes one recipe: merges the layers of the factory, puts the call's overrides on top, and
/// decides for each column and relation where its value comes from. Used once.
class RecipeBuilder {
 public:
  RecipeBuilder(RecipeBook& book, const FactoryModel& model, const RecipeRequest& request,
                const RecordFinder& find_record)
      : book_{book}, model_{model}, request_{request}, find_record_{find_record} {}

  /// Throws with every finding.
  [[nodiscard]] RecipePointer build();

 private:
  /// A value before it is compiled: a node of a file, or an expression that a call made.
  struct Pending {
    const Node* condition = nullptr;
    const Node* node = nullptr;
    std::optional<Expression> ready{};
    SourceSpot where{};
  };
  /// What a call says of a relation.
  struct Stated {
    std::optional<Record> existing{};
    bool absent = false;
    std::vector<Setting> nested{};
  };

  /// A `has` entry as the layers leave it; the count belongs to the library.
  struct Has {
    std::vector<std::string> traits{};
    const Node* count = nullptr;
  };

  // Layers and overrides (recipe_overrides.cpp).
  void merge(const Layer& layer);
  void assign(const Assignment& assignment, const Node* condition);
  void apply(const Setting& setting);
  void apply_setting(const Setting& setting);
  void apply_to_relation(const std::string& relation, const SettingValue& value);
  void apply_to_column(const std::string& name, const SettingValue& value);
  [[nodiscard]] std::optional<Expression> override_of(const std::string& name,
                                                      const SettingValue& value);

  // What the merged layers come to (recipe_builder.cpp).
  void plan_relations();
  [[nodiscard]] RelationPlan plan_relation(const RelationModel& relation);
  void give_way(const RelationModel& relation);
  [[nodiscard]] std::optional<SelfShape> shape_of(const RefDefinition& ref);
  void imply_narrow_keys();
  void imply(std::size_t narrow, std::size_t wide);
  void hand_down(std::size_t narrow, std::size_t wide);
  void plan_columns();
  [[nodiscard]] ColumnPlan plan_column(const Column& column);
  [[nodiscard]] std::optional<ColumnPlan> from_relation(const Column& column) const;
  /// Keeps it in mind when it is `=required()`.
  bool must_be_given(const std::string& name, const Pending& pending);
  [[nodiscard]] std::optional<Candidate> candidate_of(const std::string& name, Pending& pending);
  [[nodiscard]] std::size_t add_cell(const std::string& name, const Column* column);
  void add_base(CellPlan& cell);
  [[nodiscard]] std::size_t add_fallback(const Column& column);
  [[nodiscard]] Expression fallback(const Column& column);
  void plan_children();
  [[nodiscard]] ChildrenPlan plan_children_of(const ChildrenModel& children, const Has& has);
  void check_circles();
  void raise_findings();
  [[nodiscard]] bool is_condition(const Expression& condition, const Node& node);

  void report(ErrorCode code, const SourceSpot& where, std::string message);

  RecipeBook& book_;
  const FactoryModel& model_;
  const RecipeRequest& request_;
  const RecordFinder& find_record_;
  Diagnostics findings_{};
  std::map<std::string, std::vector<Pending>, std::less<>> values_{};
  std::map<std::string, RefDefinition, std::less<>> refs_{};
  std::map<std::string, Has, std::less<>> has_{};
  std::map<std::string, Stated, std::less<>> stated_{};
  std::set<std::string, std::less<>> overridden_{};
  Recipe recipe_{};
};

/// The literal that a call states for a column or parameter, typed by it. Throws invalid_input.
[[nodiscard]] Scalar stated_literal(const FactoryModel& model, const std::string& name,
                                    const Value& literal);

/// Whether values of `set` change from row to row.
[[nodiscard]] bool has_cycle(const CallArguments& arguments) noexcept;
/// The arguments of one row of a list, from 0: cycles stand at their value.
[[nodiscard]] CallArguments arguments_of_row(const CallArguments& arguments, std::uint64_t index);

/// Settings of a nested JSON object, as dotted paths.
[[nodiscard]] std::vector<Setting> settings_of(const Document& document);

}  // namespace seedbed::detail
