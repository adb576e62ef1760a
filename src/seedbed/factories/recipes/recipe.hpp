#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/call.hpp"
#include "seedbed/factories/expression.hpp"
#include "seedbed/factories/plan/self_shape.hpp"
#include "seedbed/factories/recipes/hook_plan.hpp"
#include "seedbed/factories/recipes/model.hpp"

namespace seedbed::detail {

/// One of the values a cell may have; of those whose condition holds the last one wins.
struct Candidate {
  std::optional<Expression> condition{};
  Expression value;
  SourceSpot where{};
  /// Of the library, that value and condition were compiled from.
  const Node* node = nullptr;
  const Node* condition_node = nullptr;
};

/// How a column or parameter gets its value from expressions.
struct CellPlan {
  std::string name{};
  const Column* column = nullptr;  ///< nullptr: a parameter
  std::vector<Candidate> candidates{};
  std::uint64_t key = 0;                   ///< of its draws
  std::shared_ptr<const Domain> domain{};  ///< of a unique column that permutes its values
};

enum class ColumnSource : unsigned char {
  cell,      ///< `Recipe::cells[index]`
  relation,  ///< member `member` of the key of `Recipe::relations[index]`
  database,  ///< made by the database: left out
  null,      ///< NULL
};

struct ColumnPlan {
  ColumnSource source = ColumnSource::null;
  std::size_t index = 0;
  std::size_t member = 0;
};

enum class RelationUse : unsigned char {
  none,      ///< NULL, or its columns are given one by one
  link,      ///< the row that these rows are children of
  needed,    ///< a row that is picked or created
  existing,  ///< a row that was handed in
  earlier,   ///< a row made together with it, before it, as `shape` says
  implied,   ///< the row that another, wider key leads to
};

/// Which row above a row refers to by one foreign key.
struct RelationPlan {
  std::string name{};
  const ForeignKey* key = nullptr;
  RelationUse use = RelationUse::none;
  std::string factory{};
  Share share = Share::automatic;
  bool stated = false;        ///< by overrides of this call, so that no other row will do
  CallArguments arguments{};  ///< for a row that is created
  std::optional<Record> existing{};
  std::optional<SelfShape> shape{};
  std::size_t wider = 0;       ///< of an implied one: the relation that implies it
  std::uint64_t draw_key = 0;  ///< of the pick
  SourceSpot where{};          ///< of what the library says of it
};

/// The rows below a row by one relation.
struct ChildrenPlan {
  std::string name{};
  ChildrenModel model{};
  std::vector<std::string> traits{};
  std::optional<Expression> count{};  ///< nullopt: as many as `list`
  const Node* count_node = nullptr;   ///< of the library, that the count was compiled from
  std::vector<CallArguments> list{};  ///< arguments of each child, when they differ
  std::uint64_t count_key = 0;
  SourceSpot count_where{};
};

/// A column or param that only a call or a trait can give.
struct RequiredCell {
  std::string name{};
  SourceSpot where{};
};

/// What the rows of one factory under given traits and overrides are made of. Immutable.
struct Recipe {
  const FactoryModel* model = nullptr;
  std::vector<ColumnPlan> columns{};     ///< as the table's columns
  std::vector<std::size_t> carried{};    ///< positions of the columns that the rows bring along
  std::vector<std::size_t> made{};       ///< of those that the database makes, `counted` left out
  std::optional<std::size_t> counted{};  ///< of the one that the database's counter fills
  bool reads_counted = false;            ///< whether a cell is made of that one's value
  std::vector<CellPlan> cells{};         ///< columns, then parameters
  std::vector<RelationPlan> relations{};
  std::vector<ChildrenPlan> children{};
  std::vector<HookPlan> hooks{};        ///< in the order they run
  std::vector<RequiredCell> missing{};  ///< without which no row can be made

  [[nodiscard]] const Table& table() const noexcept { return *model->table; }
  /// Sets `carried`, `made`, `counted` and `reads_counted` as `columns` and `cells` say.
  void sort_columns();
  /// Position in `cells`, or nullopt.
  [[nodiscard]] std::optional<std::size_t> param(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::size_t> relation(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::size_t> find_children(std::string_view name) const noexcept;
};

using RecipePointer = std::shared_ptr<const Recipe>;

/// Finds, or makes, the library's record of that name.
using RecordFinder = std::function<Record(const std::string&)>;

/// What a recipe is asked for.
struct RecipeRequest {
  std::string_view factory{};
  const CallArguments& arguments;
  std::string_view link{};  ///< the relation by which the rows hang on their parent
};

/// Makes recipes, keeping compiled expressions, and the recipes of calls without overrides or with
/// literal ones, which are the same but for these values.
class RecipeBook {
 public:
  RecipeBook(const Definitions& definitions, const Schema& schema, std::uint64_t seed)
      : models_{definitions, schema}, seed_{seed}, draw_seed_{seed} {}

  /// Throws not_found and invalid_input, with every finding. `find_record` serves named records in
  /// overrides.
  [[nodiscard]] RecipePointer recipe(const RecipeRequest& request, const RecordFinder& find_record);
  [[nodiscard]] ModelBook& models() noexcept { return models_; }
  /// From now on findings go there, and what is right is made all the same: for checks.
  void collect_into(Diagnostics& findings) noexcept { models_.collect_into(findings); }
  /// nullptr: they are thrown.
  [[nodiscard]] Diagnostics* findings() const noexcept { return models_.findings(); }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  /// The seed of columns that are not unique, and of counts; the project's unless it is set.
  [[nodiscard]] std::uint64_t draw_seed() const noexcept { return draw_seed_; }
  void set_draw_seed(std::uint64_t seed);
  /// Key of the cells called `name` in the factory's table, under the project's seed.
  [[nodiscard]] std::uint64_t key(const FactoryModel& model, std::string_view name) const;
  /// The same under the seed of draws.
  [[nodiscard]] std::uint64_t draw_key(const FactoryModel& model, std::string_view name) const;

  /// Compiles a node of the library for a factory, once.
  [[nodiscard]] std::optional<Expression> compile(const Node& node, const FactoryModel& model,
                                                  Diagnostics& findings);
  /// Compiles a count: a number, `1..4` or an expression.
  [[nodiscard]] std::optional<Expression> compile_count(const Node& node, const FactoryModel& model,
                                                        Diagnostics& findings);
  /// The layer of a trait such as `role:admin`.
  [[nodiscard]] const Layer& label_layer(const std::string& column, const std::string& label);

 private:
  ModelBook models_;
  std::uint64_t seed_;
  std::uint64_t draw_seed_;
  std::map<std::pair<const Node*, const FactoryModel*>, Expression> compiled_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<const Layer>> label_layers_;
  std::map<std::string, RecipePointer, std::less<>> known_;
  mutable std::map<std::pair<std::string, std::string>, std::uint64_t> keys_;
};

}  // namespace seedbed::detail
