#include "seedbed/factories/insight/lint.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/insight/recipe_compare.hpp"
#include "seedbed/factories/insight/stale_labels.hpp"
#include "seedbed/factories/recipes/layers.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using Traits = std::vector<std::string>;

/// The column of a label's trait ("role" of "role:admin"), or empty.
std::string_view column_of(std::string_view trait) {
  const auto colon = trait.find(':');
  return colon == std::string_view::npos ? std::string_view{} : trait.substr(0, colon);
}

/// What went wrong, without the place in front.
std::string message_of(const Error& error) {
  std::string message = error.what();
  const auto place = error.details().where.to_string() + ": ";
  if (error.details().where.known() && message.starts_with(place)) message.erase(0, place.size());
  return message;
}

class Linter {
 public:
  Linter(detail::SessionState& state, const LintOptions& options, Progress& progress)
      : state_{state}, options_{options}, progress_{progress} {}

  LintReport lint() {
    select();
    check_definitions();
    check_traits();
    check_duplicates();
    list_tables();
    create_all();
    return std::move(report_);
  }

 private:
  struct Attempt {
    std::string factory{};
    Traits traits{};
    std::string record{};
  };

  void select() {
    const auto known = state_.library.factory_names();
    selected_ = options_.factories.empty() ? known : options_.factories;
    for (const auto& name : selected_) {
      if (std::binary_search(known.begin(), known.end(), name)) continue;
      throw Error{ErrorCode::not_found,
                  fmt::format("there is no factory '{}'{}", name, did_you_mean(name, known))};
    }
  }

  /// Keeps a finding unless the same was said of the factory with fewer traits.
  void report(LintFinding finding) {
    const auto key = std::pair{finding.message, finding.where.to_string()};
    if (seen_.insert(key).second) report_.findings.push_back(std::move(finding));
  }

  void check_definitions() {
    if (!options_.factories.empty()) return;
    for (auto& finding : state_.library.check(state_.schema)) {
      report({LintKind::definition,
              {},
              {},
              {},
              finding.code,
              std::move(finding.message),
              std::move(finding.where)});
    }
  }

  /// nullptr after a finding.
  detail::RecipePointer recipe(const std::string& factory, const Traits& traits) {
    try {
      return state_.book.recipe({factory, {.traits = traits}, {}},
                                [](const std::string& name) -> Record {
                                  throw Error{ErrorCode::internal, name};
                                });
    } catch (const Error& error) {
      auto findings = error.findings();
      if (findings.empty()) findings = {{error.code(), error.what(), {}}};
      for (auto& finding : findings) {
        report({LintKind::definition,
                factory,
                traits,
                {},
                finding.code,
                std::move(finding.message),
                std::move(finding.where)});
      }
      return nullptr;
    }
  }

  [[nodiscard]] const FactoryDefinition& definition(const std::string& factory) const {
    return state_.library.definitions().factories.find(factory)->second;
  }

  void check_traits() {
    for (const auto& factory : selected_) {
      const auto plain = recipe(factory, {});
      if (plain == nullptr) continue;
      check_labels(*plain, {});
      for (const auto& [name, trait] : definition(factory).traits) {
        const auto with = recipe(factory, {name});
        if (with == nullptr) continue;
        check_labels(*with, {name});
        if (!same_recipe(*plain, *with)) continue;
        report({LintKind::dead_trait,
                factory,
                {name},
                {},
                ErrorCode::invalid_input,
                fmt::format("factory '{}': trait '{}' changes nothing", factory, name),
                trait.where});
      }
    }
  }

  void check_labels(const detail::Recipe& recipe, const Traits& traits) {
    Diagnostics findings;
    detail::find_stale_labels(recipe, findings);
    for (auto& finding : findings) {
      report({LintKind::definition,
              recipe.model->name,
              traits,
              {},
              finding.code,
              std::move(finding.message),
              std::move(finding.where)});
    }
  }

  void check_duplicates() {
    for (auto later = selected_.begin(); later != selected_.end(); ++later) {
      const auto earlier = std::find_if(selected_.begin(), later, [&](const auto& other) {
        return makes_the_same(other, *later);
      });
      if (earlier == later) continue;
      report({LintKind::duplicate,
              *later,
              {},
              {},
              ErrorCode::conflict,
              fmt::format("factory '{}' makes the same rows as factory '{}'", *later, *earlier),
              definition(*later).where});
    }
  }

  bool makes_the_same(const std::string& left, const std::string& right) {
    const auto traits = state_.library.trait_names(left);
    if (traits != state_.library.trait_names(right)) return false;
    std::vector<Traits> uses{{}};
    for (const auto& trait : traits) uses.push_back({trait});
    return std::all_of(uses.begin(), uses.end(), [&](const Traits& use) {
      const auto mine = recipe(left, use);
      const auto theirs = recipe(right, use);
      return mine != nullptr && theirs != nullptr && &mine->table() == &theirs->table() &&
             same_recipe(*mine, *theirs);
    });
  }

  void list_tables() {
    for (const auto& table : state_.schema.tables()) {
      const auto factory = state_.book.models().factory_for(table);
      const bool defined = state_.library.definitions().factories.contains(factory);
      if (!defined) report_.without_factory.push_back(table.name);
    }
  }

  [[nodiscard]] Traits traits_of(const std::string& factory) {
    auto traits = state_.library.trait_names(factory);
    const auto& table = *state_.book.models().at(factory).table;
    for (const auto& column : table.columns) {
      if (column.generated != Generated::no) continue;
      for (const auto& label : detail::labels_of(table, column)) {
        traits.push_back(column.name + ":" + label);
      }
    }
    return traits;
  }

  static void add_pairs(const std::string& factory, const std::vector<std::string>& traits,
                        std::vector<Attempt>& attempts) {
    for (auto one = traits.begin(); one != traits.end(); ++one) {
      for (auto other = one + 1; other != traits.end(); ++other) {
        // Of two labels of one column the last wins, as if it stood alone.
        if (!column_of(*one).empty() && column_of(*one) == column_of(*other)) continue;
        attempts.push_back({factory, {*one, *other}, {}});
      }
    }
  }

  [[nodiscard]] std::vector<Attempt> attempts() {
    std::vector<Attempt> attempts;
    for (const auto& factory : selected_) {
      if (recipe(factory, {}) == nullptr) continue;
      attempts.push_back({factory, {}, {}});
      const auto traits = traits_of(factory);
      for (const auto& trait : traits) attempts.push_back({factory, {trait}, {}});
      if (options_.pairs) add_pairs(factory, traits, attempts);
    }
    if (!options_.factories.empty()) return attempts;
    for (const auto& record : state_.library.record_names()) attempts.push_back({{}, {}, record});
    return attempts;
  }

  // Row numbers are counted in memory and turned back after each attempt, so that each makes the
  // same rows wherever it stands.
  void create_all() {
    const auto all = attempts();
    // Before the transaction, since on some engines making a table commits.
    state_.prepare();
    Transaction everything{state_.connection};
    state_.numbers.enter_sandbox(0);
    for (const auto& attempt : all) {
      progress_.check();
      progress_.report({"lint", attempt.factory, report_.combinations, all.size(), 0});
      if (!attempt.traits.empty() && recipe(attempt.factory, attempt.traits) == nullptr) continue;
      create(attempt);
      ++report_.combinations;
    }
    state_.numbers.leave_sandbox();
    everything.rollback();
  }

  void create(const Attempt& attempt) {
    const detail::RowNumbers::Stretch turned_back{state_.numbers};
    Transaction savepoint{state_.connection};
    try {
      if (attempt.record.empty()) {
        state_.create(attempt.factory, 1, {.traits = attempt.traits});
      } else {
        static_cast<void>(state_.record(attempt.record));
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      report_failure(attempt, error);
    }
    savepoint.rollback();
  }

  void report_failure(const Attempt& attempt, const Error& error) {
    LintFinding finding{LintKind::failure, attempt.factory,   attempt.traits,       attempt.record,
                        error.code(),      message_of(error), error.details().where};
    if (!finding.where.known()) finding.where = place_of(attempt);
    // A factory that fails alone fails in the same way with its traits.
    const bool known = std::any_of(
        report_.findings.begin(), report_.findings.end(), [&](const LintFinding& other) {
          const bool part =
              std::all_of(other.traits.begin(), other.traits.end(), [&](const std::string& trait) {
                const auto& traits = attempt.traits;
                return std::find(traits.begin(), traits.end(), trait) != traits.end();
              });
          return other.kind == LintKind::failure && other.factory == finding.factory && part &&
                 other.record == finding.record && other.message == finding.message;
        });
    if (!known) report_.findings.push_back(std::move(finding));
  }

  [[nodiscard]] SourceSpot place_of(const Attempt& attempt) const {
    const auto& definitions = state_.library.definitions();
    if (!attempt.record.empty()) return definitions.records.find(attempt.record)->second.where;
    for (const auto* link : detail::chain_of(definitions, definition(attempt.factory))) {
      if (attempt.traits.empty()) break;
      const auto trait = link->traits.find(attempt.traits.back());
      if (trait != link->traits.end()) return trait->second.where;
    }
    return definition(attempt.factory).where;
  }

  detail::SessionState& state_;
  const LintOptions& options_;
  Progress& progress_;
  std::vector<std::string> selected_;
  std::set<std::pair<std::string, std::string>> seen_;
  LintReport report_;
};

}  // namespace

std::string_view to_string(LintKind kind) noexcept {
  switch (kind) {
    case LintKind::definition: return "definition";
    case LintKind::failure: return "failure";
    case LintKind::dead_trait: return "dead trait";
    case LintKind::duplicate: return "duplicate";
  }
  return "";
}

LintReport lint(const FactoryTarget& target, const LintOptions& options, Progress& progress) {
  detail::SessionState state{target.connection, target.schema, target.library, target.options};
  return Linter{state, options, progress}.lint();
}

}  // namespace seedbed
