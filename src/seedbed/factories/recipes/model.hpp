#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/expression.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

class ModelBook;
struct FactoryModel;

/// The names that a factory's expressions may use.
class FactoryScope final : public NameScope {
 public:
  FactoryScope(ModelBook& book, const FactoryModel& model) : book_{book}, model_{model} {}

  [[nodiscard]] std::optional<ExpressionType> name(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> names() const override;
  [[nodiscard]] const NameScope* relation(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> relations() const override;
  [[nodiscard]] const NameScope* children(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> children_names() const override;
  [[nodiscard]] std::string_view locale() const override;

 private:
  ModelBook& book_;
  const FactoryModel& model_;
};

/// A way up: a foreign key of the factory's table under its name.
struct RelationModel {
  std::string name{};
  const ForeignKey* key = nullptr;
  std::string factory{};  ///< of the row above
};

/// A way down: a foreign key of another table that leads here.
struct ChildrenModel {
  std::string name{};
  std::string factory{};  ///< of the rows below
  const Table* table = nullptr;
  const ForeignKey* key = nullptr;
  std::string link{};  ///< the relation's name in the child
};

/// A factory bound to its table.
struct FactoryModel {
  std::string name{};
  const FactoryDefinition* definition = nullptr;  ///< nullptr: the table has no factory
  std::vector<const FactoryDefinition*> chain{};  ///< itself, then what it extends
  const Table* table = nullptr;
  std::shared_ptr<const Table> kept_table{};  ///< a copy for records, which outlive the schema
  std::string cell_prefix{};                  ///< of the names that make keys of cells
  std::string locale{};                       ///< of provider calls that name none
  std::map<std::string, ExpressionType, std::less<>> params{};
  std::vector<RelationModel> relations{};  ///< in the order of the table's keys
  std::vector<ChildrenModel> children{};   ///< in the order of definition
  std::unique_ptr<FactoryScope> scope{};

  [[nodiscard]] const RelationModel* relation(std::string_view relation) const noexcept;
  [[nodiscard]] const ChildrenModel* find_children(std::string_view relation) const noexcept;
  [[nodiscard]] std::vector<std::string> relation_names() const;
  [[nodiscard]] std::vector<std::string> children_names() const;
  [[nodiscard]] bool has_column_or_param(std::string_view called) const noexcept;
  [[nodiscard]] std::vector<std::string> column_and_param_names() const;
  /// Whether this is `factory` or extends it.
  [[nodiscard]] bool is_a(std::string_view factory) const noexcept;
};

/// Binds factories to tables, each once and when it is first asked for. Models stay where they are.
class ModelBook {
 public:
  ModelBook(const Definitions& definitions, const Schema& schema)
      : definitions_{definitions}, schema_{schema} {}

  /// Throws not_found (factory, table) and invalid_input with every finding of the factory.
  [[nodiscard]] const FactoryModel& at(std::string_view factory);
  /// The factory that makes rows of `table` where none is named: the one called like the table,
  /// else the first that extends no other, else one without a definition.
  [[nodiscard]] std::string factory_for(const Table& table) const;
  /// From now on the findings of models go there, and they are kept with what is right in them.
  void collect_into(Diagnostics& findings) noexcept { findings_ = &findings; }
  [[nodiscard]] Diagnostics* findings() const noexcept { return findings_; }
  [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
  [[nodiscard]] const Definitions& definitions() const noexcept { return definitions_; }

 private:
  void bind_relations(FactoryModel& model, Diagnostics& findings);
  void bind_reference(FactoryModel& model, const RefDefinition& ref, Diagnostics& findings) const;
  void bind_children(FactoryModel& model, Diagnostics& findings);
  void bind_rows_below(FactoryModel& model, const HasDefinition& has, Diagnostics& findings);

  const Definitions& definitions_;
  const Schema& schema_;
  std::map<std::string, std::unique_ptr<FactoryModel>, std::less<>> models_;
  Diagnostics* findings_ = nullptr;
};

/// The table that a factory's definition names, or its name's plural; nullptr when the schema has
/// neither.
[[nodiscard]] const Table* table_of(const Definitions& definitions,
                                    const FactoryDefinition& factory, const Schema& schema);

/// A factory and what it extends, itself first. The chain ends before a factory that is missing or
/// comes again.
[[nodiscard]] std::vector<const FactoryDefinition*> chain_of(const Definitions& definitions,
                                                             const FactoryDefinition& factory);

/// Every layer a factory or its traits define, parents first: for the names they introduce.
[[nodiscard]] std::vector<const Layer*> all_layers(
    const std::vector<const FactoryDefinition*>& chain);

}  // namespace seedbed::detail
