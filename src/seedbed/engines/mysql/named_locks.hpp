#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Takes the server's lock of that name for this session, waiting at most `milliseconds`; false
/// when another session holds it. Throws unavailable when the wait was interrupted.
[[nodiscard]] bool take_lock(Connection& connection, const std::string& name, int milliseconds);
void release_lock(Connection& connection, const std::string& name);

}  // namespace seedbed::mysql
