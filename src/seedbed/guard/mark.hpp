#pragma once

#include <string>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// Whether a database carries Seedbed's disposable mark.
enum class MarkState : unsigned char {
  marked,    ///< made or adopted by Seedbed: may be destroyed
  unmarked,  ///< no mark
  foreign,   ///< a mark of another database, brought along by a copy or a dump
};

[[nodiscard]] MarkState mark_state(Connection& connection);

/// Throws refused unless the database is marked; the message names the database, its engine and the
/// command that adopts it, with `url` as its address. Every destructive operation calls this first,
/// on the connection it will use.
void require_mark(Connection& connection, const DatabaseUrl& url);
/// The same where the address is not known, as on an adopted connection.
void require_mark(Connection& connection);

/// Marks the database as disposable; a valid mark stays as it is, a foreign one is replaced. Only
/// `adopt` and what Seedbed creates itself call this.
void mark_database(Connection& connection);

/// Gives a clone that Seedbed has just made a mark of its own, whatever its source's copy says.
void mark_clone(Connection& connection);

}  // namespace seedbed
