#pragma once

#include "seedbed/engines/bulk_load.hpp"

namespace seedbed {

/// Sessions that write rows of one table at the same time as the caller's, where a server spends a
/// core on each (`Engine::open_streams`). Until the caller's transaction ends nobody else writes
/// the table. Others may see a part of the rows for the moment that the commits take.
///
/// A process that ends between the commits leaves a part, which `Engine::undo_broken_loads` takes
/// back: each session notes, in the transaction that writes its rows, to whose they belong, and the
/// caller's transaction removes the notes.
///
/// Destroyed after the caller's transaction has ended; what it did not commit is then taken back.
class LoadStreams {
 public:
  LoadStreams() = default;
  virtual ~LoadStreams() = default;
  LoadStreams(const LoadStreams&) = delete;
  LoadStreams& operator=(const LoadStreams&) = delete;

  /// Appends rows by all sessions at once, in no certain order, as `Connection::bulk_load`; the
  /// source is called by the calling thread. Once. Throws what any of them does, also for equal
  /// values of a key, for which the sessions wait for each other; nothing is written then, and
  /// `close()` has been called. The same rows by one session fail with the better message.
  virtual void load(const BulkTarget& target, const BatchSource& next) = 0;
  /// Leaves the table, which stays locked, to the caller's session.
  virtual void close() = 0;
  /// Commits what the other sessions wrote. Comes right before the caller's own commit.
  virtual void commit() = 0;
};

}  // namespace seedbed
