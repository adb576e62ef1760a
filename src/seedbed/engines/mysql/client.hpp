#pragma once

#include <memory>

#include <mysql.h>

#include "seedbed/engines/url.hpp"

namespace seedbed::mysql {

struct CloseClient {
  void operator()(MYSQL* client) const noexcept { mysql_close(client); }
};
/// A session of the C client library.
using Client = std::unique_ptr<MYSQL, CloseClient>;

/// Opens a session by `url` with Seedbed's fixed settings: utf8mb4, UTC, strict. Refuses every
/// request of the server for a local file until a load of our own runs (`ClientSession`). Throws
/// unavailable, invalid_input or not_found.
[[nodiscard]] Client open_client(const DatabaseUrl& url);

/// Throws the client's last error.
[[noreturn]] void throw_failure(MYSQL* client, std::string_view statement);

}  // namespace seedbed::mysql
