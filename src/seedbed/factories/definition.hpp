#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/plan/self_shape.hpp"

namespace seedbed {

class Connection;

/// `name: value` under `set`, `params` or a `when`.
struct Assignment {
  std::string name{};
  Node value{};
  SourceSpot where{};
};

/// When a created graph needs a row above: which one.
enum class Share : unsigned char {
  automatic,  ///< one that the scenario counts, else one per created graph
  graph,      ///< one per created graph
  scenario,   ///< one that the scenario counts, else one for the whole scenario
  none,       ///< one per row
};

/// What a `refs` entry states; absent members are left as a layer below has them.
struct RefDefinition {
  std::string name{};
  std::optional<std::string> factory{};
  std::optional<std::vector<std::string>> traits{};
  std::optional<Share> share{};
  std::optional<Shape> shape{};
  std::optional<std::uint64_t> fanout{};
  std::optional<ShapeRoots> roots{};
  std::optional<std::string> via{};
  SourceSpot where{};
};

/// What a `has` entry states.
struct HasDefinition {
  std::string name{};
  std::optional<std::string> factory{};
  std::optional<std::vector<std::string>> traits{};
  std::optional<Node> count{};
  std::optional<std::string> via{};
  SourceSpot where{};
};

struct WhenDefinition {
  Node condition{};
  std::vector<Assignment> set{};
  SourceSpot where{};
};

struct TraitUse {
  std::string name{};
  SourceSpot where{};
};

/// What a load does with the hooks of its rows.
enum class HookBulk : unsigned char {
  refused,  ///< nothing is said, so it refuses the factory
  each,     ///< runs the hook for every row
  skip,
};

/// Runs after a created graph is written, once for each row: a statement whose `{path}` parts are
/// bound parameters, or a function. One of both is stated.
struct HookDefinition {
  std::string sql{};
  std::function<void(Connection&, const Record&)> call{};
  HookBulk bulk = HookBulk::refused;
  SourceSpot where{};
};

/// The statements of one factory or trait; later layers win over earlier ones.
struct Layer {
  std::vector<TraitUse> traits{};  ///< applied before the layer itself
  std::vector<Assignment> params{};
  std::vector<Assignment> set{};
  std::vector<RefDefinition> refs{};
  std::vector<HasDefinition> has{};
  std::vector<WhenDefinition> when{};
  std::vector<HookDefinition> after_create{};
};

struct TraitDefinition {
  std::string name{};
  Layer layer{};
  SourceSpot where{};
};

struct FactoryDefinition {
  std::string name{};
  std::optional<std::string> table{};
  std::optional<std::string> extends{};
  std::optional<std::string> key{};     ///< stands for the table's name in keys of cells
  std::optional<std::string> locale{};  ///< of provider calls that name none
  Layer own{};
  std::map<std::string, TraitDefinition, std::less<>> traits{};
  SourceSpot where{};
};

struct RecordDefinition {
  std::string name{};
  std::string factory{};
  CallArguments arguments{};
  SourceSpot where{};
};

/// One line of a scenario: some rows of a factory, some per row of another, or a record.
struct ScenarioEntry {
  std::string factory{};
  std::string record{};  ///< instead of a factory
  std::uint64_t count = 0;
  std::string per{};  ///< a factory; `per_count` rows for each of its rows
  std::optional<Node> per_count{};
  std::optional<std::uint64_t> per_total{};  ///< of all `per_count` together
  std::string via{};
  std::vector<TraitUse> traits{};
  SourceSpot where{};
};

struct ScenarioDefinition {
  std::string name{};
  std::vector<ScenarioEntry> entries{};
  SourceSpot where{};
};

/// Everything the files of a project define.
struct Definitions {
  std::optional<std::string> locale{};  ///< of the whole project
  SourceSpot locale_where{};
  std::map<std::string, FactoryDefinition, std::less<>> factories{};
  std::map<std::string, RecordDefinition, std::less<>> records{};
  std::map<std::string, ScenarioDefinition, std::less<>> scenarios{};
};

/// Adds what `document` defines. Appends a finding for everything that is not of the language.
void read_definitions(const Node& document, Definitions& definitions, Diagnostics& findings);

/// The most rows that a count may ask for.
inline constexpr std::uint64_t kMostRows = 1'000'000'000'000;
/// "20", "10k", "1.5M"; nullopt when it is no whole number of rows up to `kMostRows`.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text) noexcept;

/// A JSON document as text, numbers as they are spelled.
[[nodiscard]] std::string json_text(const Node& node);

}  // namespace seedbed
