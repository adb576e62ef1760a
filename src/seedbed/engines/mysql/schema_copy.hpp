#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Makes schema `target` a copy of `source`, within the server: tables with keys, rows, counters
/// and history, sequences, views, triggers, routines and events, with their definers and modes.
/// Leaves the session in `target`. Nothing is undone on failure.
///
/// What `UndoLog` and `EmptyBaseline` keep in the source stays there, since it holds for the
/// source's tables only.
///
/// A sequence goes on behind the values that its source has set aside, so it may skip some.
void copy_schema(Connection& connection, const std::string& source, const std::string& target);

/// The same into a schema that exists, whose contents go first, but for its mark and baseline. Own
/// table `replacing` is there from the beginning until `finish_replacing`. Throws unavailable, with
/// nothing changed, when open transactions use its tables and do not end within 10 seconds.
void replace_schema(Connection& connection, const std::string& source, const std::string& target);
void finish_replacing(Connection& connection, const std::string& target);

}  // namespace seedbed::mysql
