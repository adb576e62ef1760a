#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "seedbed/core/digest.hpp"

namespace seedbed {

struct SnapshotTable {
  std::string name{};  ///< "orders" or "schema.orders"
  std::uint64_t rows = 0;
  std::uint64_t raw_bytes = 0;  ///< of the canonical text, before compression
  Digest state{};               ///< of its rows, lossless, for one engine
};

/// What `list` and `show` print: the summary of one stored snapshot.
struct SnapshotSummary {
  std::string name{};  ///< empty for a state that was measured, not stored
  std::string engine{};
  std::string created{};    ///< RFC 3339, UTC
  Digest manifest{};        ///< identity of the stored artifact
  Digest digest{};          ///< lossless, for one engine
  Digest logical_digest{};  ///< equal on every engine for equal content
  Digest schema_fingerprint{};
  std::uint64_t opaque_columns = 0;  ///< without a neutral form, so not part of the logical digest
  std::vector<SnapshotTable> tables{};
  std::map<std::string, std::string> labels{};

  [[nodiscard]] std::uint64_t rows() const noexcept;
};

}  // namespace seedbed
