#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/cleanup/reset.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/migrations/migrator.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// What `migrate up` did: `created` tells that the database was missing, so that it was made and
/// marked.
struct MigrationRun {
  bool created = false;
  std::vector<Migration> migrations{};
};

struct LoadRun {
  MigrationRun prepared{};  ///< of a database that was missing
  std::vector<LoadedTable> tables{};
};

/// What to wait for: databases (names or URLs), `tcp://` and `http://` addresses (`Endpoint`).
struct WaitRequest {
  std::vector<std::string> targets{};
  /// For all of them together; the last look may take a second more.
  std::chrono::milliseconds timeout{60'000};
};

struct WaitedFor {
  std::string name{};  ///< without a password
  double seconds = 0;  ///< since the start
  std::string note{};  ///< when the server answers that there is no such database
};

struct CreateRequest {
  std::string factory{};
  std::uint64_t count = 1;
  CallArguments arguments{};
};

/// What `find` looks for.
struct FindRequest {
  std::string column{};
  std::string value{};
  std::optional<RowRange> range{};  ///< rows to look at, each; nullopt: by the value's inverse
};

struct TableCount {
  TableName table{};
  std::uint64_t rows = 0;
};

/// How the state compares with the baseline.
struct BaselineStatus {
  std::optional<Baseline> baseline{};  ///< nullopt: none was marked
  bool unchanged = false;              ///< the rows are those of the baseline
  std::optional<Changes> changes{};    ///< nullopt: they are not noted
  bool copied = false;  ///< there is a copy of it; looked for where the schema was changed only
};

/// What was filled in before the baseline was sealed, and the seal.
struct BaselineRun {
  std::string filled_from{};      ///< "scenario 'small'"; empty when the database held rows already
  std::string not_filled_from{};  ///< the same, of a baseline that is to hold no rows
  Baseline baseline{};
  std::string not_noted{};  ///< why changes cannot be noted here, so that resets restore
  bool copied = false;      ///< there is a copy, so that `clone` can bring it back
};

struct MarkOptions {
  /// `restore`: changes are not to be noted. `automatic`: only where they can be. `clone`: the
  /// same, and a copy is made. `truncate` and `delete_`: nothing is noted, since no table holds
  /// rows.
  ResetStrategy strategy = ResetStrategy::automatic;
  /// Of `truncate` and `delete_`: tables that may hold rows, and are left as they are.
  std::vector<std::string> keep{};
};

/// What is compared with the baseline after a reset.
enum class VerifyReset : unsigned char {
  never,
  sample,  ///< all rows of the tables that were changed; of a restore as `always`
  always,  ///< every row, and the counters
};
/// "never", "sample" or "always"; throws invalid_input naming all.
[[nodiscard]] VerifyReset parse_verify_reset(std::string_view name);

struct ResetOptions {
  ResetStrategy strategy = ResetStrategy::automatic;
  VerifyReset verify = VerifyReset::never;
};

}  // namespace seedbed
