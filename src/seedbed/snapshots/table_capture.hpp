#pragma once

#include <functional>
#include <string>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/config.hpp"

namespace seedbed::detail {

/// Takes the compressed frame of a chunk whose `raw`, `rows` and `digest` are known. Empty when
/// only digests are wanted.
using FrameSink = std::function<void(const Chunk& chunk, std::string frame)>;

/// What `capture_table` reads from and reports to.
struct Capture {
  Connection& connection;
  Progress& progress;
  std::string phase{};  ///< as progress reports it
};

/// Reads a table in canonical order and gives its digests and chunks, in order; packs are the
/// sink's matter. Starts over when the server's order was not the canonical one, or a column turns
/// out to be mixed: `restart` is called then, and frames that the sink has are void. Rows of a
/// table without a key, and of one that the server sorts another way, are sorted in memory.
[[nodiscard]] TableData capture_table(const Capture& capture, const Table& table,
                                      const FrameSink& sink, const std::function<void()>& restart);

}  // namespace seedbed::detail
