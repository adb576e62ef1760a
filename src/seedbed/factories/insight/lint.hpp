#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

enum class LintKind : unsigned char {
  definition,  ///< does not fit the schema
  failure,     ///< its rows cannot be created
  dead_trait,  ///< changes nothing
  duplicate,   ///< makes the same rows as another factory
};
[[nodiscard]] std::string_view to_string(LintKind kind) noexcept;

struct LintFinding {
  LintKind kind = LintKind::failure;
  std::string factory{};  ///< empty where a record or scenario is at fault
  std::vector<std::string> traits{};
  std::string record{};
  ErrorCode code = ErrorCode::invalid_input;
  std::string message{};
  SourceSpot where{};
};

struct LintOptions {
  std::vector<std::string> factories{};  ///< empty: all, and the records
  bool pairs = false;                    ///< every two traits together, too
};

struct LintReport {
  std::vector<LintFinding> findings{};
  std::vector<TableName> without_factory{};  ///< for information: filled from type and name
  std::uint64_t combinations = 0;            ///< of factories and traits that were created
};

/// Creates a row of every factory, alone and with each trait, those of labels included, and every
/// record; reports all that goes wrong. Everything is rolled back: no row remains, and no row
/// number is used up. The caller has required the mark. Constraints that wait for a commit are not
/// seen. Throws not_found for an unknown factory, unavailable when the connection is lost or
/// interrupted.
LintReport lint(const FactoryTarget& target, const LintOptions& options, Progress& progress);

}  // namespace seedbed
