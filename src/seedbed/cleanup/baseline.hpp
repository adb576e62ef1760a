#pragma once

#include <optional>
#include <string>

#include "seedbed/core/digest.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// The state every test starts from, as `baseline mark` sealed it: kept in the database itself
/// (own table `seedbed_baseline`).
struct Baseline {
  std::string snapshot{};   ///< name in the project's store
  Digest digest{};          ///< of the state when it was sealed
  std::string marked_at{};  ///< RFC 3339, UTC
  bool noted = false;       ///< changes are noted in the database, so that `rewind` can undo them
  /// Its tables hold no rows, and the state that `EmptyBaseline` needs is kept in the database.
  std::optional<EmptyBy> emptied_by{};
};

/// nullopt when no baseline was marked.
[[nodiscard]] std::optional<Baseline> read_baseline(Connection& connection);
void write_baseline(Connection& connection, const Baseline& baseline);
void remove_baseline(Connection& connection);
/// Throws not_found, naming `seedbed baseline mark`, when there is none.
[[nodiscard]] Baseline require_baseline(Connection& connection);

}  // namespace seedbed
