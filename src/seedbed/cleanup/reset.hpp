#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "seedbed/cleanup/baseline.hpp"
#include "seedbed/engines/undo_log.hpp"

namespace seedbed {

/// How the baseline comes back.
enum class ResetStrategy : unsigned char {
  automatic,  ///< `rewind` where it can, else `restore`
  rewind,     ///< undoes what was changed, by the notes of `UndoLog`
  restore,    ///< every row anew, from the snapshot
};
/// "auto", "rewind" or "restore"; throws invalid_input naming all.
[[nodiscard]] ResetStrategy parse_reset_strategy(std::string_view name);
[[nodiscard]] std::string_view to_string(ResetStrategy strategy) noexcept;

struct ResetReport {
  Baseline baseline{};
  ResetStrategy used = ResetStrategy::rewind;
  std::string reason{};  ///< why it could not be rewound, when it was not
  Changes changes{};     ///< since the baseline; of a restore what stood in the way
};

/// Brings the baseline back by other means: handed down by `workspace`, since restoring is another
/// room's work.
struct Rebuild {
  std::function<void(const Baseline&)> require{};  ///< throws where `run` could not even begin
  std::function<void(const Baseline&)> run{};
};

/// Notes changes from now on, in the user's tables, and in those of Seedbed that belong to the
/// state. Throws as `UndoLog::begin`.
void begin_notes(Connection& connection);

/// Brings the baseline back. Throws not_found when none was marked; conflict where the schema is
/// known to be another one, where `rewind` was asked for and cannot, and inside a transaction; what
/// `rebuild` throws. A restore that was
/// interrupted is done again by the next reset.
ResetReport reset_to_baseline(Connection& connection, ResetStrategy strategy,
                              const Rebuild& rebuild);

}  // namespace seedbed
