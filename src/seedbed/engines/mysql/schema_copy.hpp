#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Makes schema `target` a copy of `source`, within the server: tables with keys, rows, counters
/// and history, sequences, views, triggers, routines and events, with their definers and modes.
/// Leaves the session in `target`. Nothing is undone on failure.
///
/// A sequence goes on behind the values that its source has set aside, so it may skip some.
void copy_schema(Connection& connection, const std::string& source, const std::string& target);

}  // namespace seedbed::mysql
