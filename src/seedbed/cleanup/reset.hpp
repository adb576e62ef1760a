#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "seedbed/cleanup/baseline.hpp"
#include "seedbed/engines/undo_log.hpp"

namespace seedbed {

/// How the baseline comes back.
enum class ResetStrategy : unsigned char {
  automatic,  ///< as the baseline was marked where it can, else `restore`; `clone` for the schema
  rewind,     ///< undoes what was changed, by the notes of `UndoLog`
  clone,      ///< the whole database anew, from the copy that was made with the mark
  restore,    ///< every row anew, from the snapshot
  truncate,   ///< TRUNCATE of tables that hold rows, for a baseline without any (`EmptyBaseline`)
  delete_,    // NOLINT(readability-identifier-naming): a keyword; the same by DELETE
};
/// "auto", "rewind", "clone", "restore", "truncate" or "delete"; throws invalid_input naming all.
[[nodiscard]] ResetStrategy parse_reset_strategy(std::string_view name);
[[nodiscard]] std::string_view to_string(ResetStrategy strategy) noexcept;

struct ResetReport {
  Baseline baseline{};
  ResetStrategy used = ResetStrategy::rewind;
  std::string reason{};  ///< why it could not be rewound, when it was not
  Changes changes{};     ///< since the baseline; of a restore what stood in the way
};

/// How a strategy empties tables; nullopt for one that does not.
[[nodiscard]] std::optional<EmptyBy> emptied_by(ResetStrategy strategy) noexcept;
/// The strategy that the baseline was marked for.
[[nodiscard]] ResetStrategy strategy_of(const Baseline& baseline) noexcept;

/// Brings the baseline back by other means: handed down by `workspace`, since restoring is another
/// room's work.
struct Rebuild {
  std::function<void(const Baseline&)> require{};  ///< throws where `run` could not even begin
  std::function<void(const Baseline&)> run{};
  /// Puts the copy of this baseline into the database's place, if there is one; empty where there
  /// are none. The connection that was reset may be ended by it.
  std::function<bool(const Baseline&)> replace{};
};

/// Notes changes from now on, in the user's tables, and in those of Seedbed that belong to the
/// state. Throws as `UndoLog::begin`.
void begin_notes(Connection& connection);

/// Brings the baseline back. Throws not_found when none was marked; conflict where the schema is
/// known to be another one, where a strategy other than `restore` was asked for and cannot, and
/// inside a transaction; what `rebuild` throws. A restore that was interrupted is done again by the
/// next reset. A baseline that was marked for `delete_` can be truncated too.
ResetReport reset_to_baseline(Connection& connection, ResetStrategy strategy,
                              const Rebuild& rebuild);

}  // namespace seedbed
