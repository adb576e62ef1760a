#pragma once

#include <memory>

#include "seedbed/engines/mysql/session.hpp"
#include "seedbed/engines/url.hpp"

namespace seedbed::mysql {

/// A session of Seedbed's own, over libmariadb.
[[nodiscard]] std::unique_ptr<Session> open_session(const DatabaseUrl& url);

}  // namespace seedbed::mysql
