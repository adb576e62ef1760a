#pragma once

#include <memory>

#include "seedbed/engines/url.hpp"

struct st_mysql;  // libmariadb's MYSQL

namespace seedbed::mysql {

struct CloseClient {
  void operator()(st_mysql* client) const noexcept;
};
/// A session of the C client library.
using Client = std::unique_ptr<st_mysql, CloseClient>;

/// Opens a session by `url` with Seedbed's fixed settings: utf8mb4, UTC, strict. Refuses every
/// request of the server for a local file until a load of our own runs (`ClientSession`). Throws
/// unavailable, invalid_input or not_found.
[[nodiscard]] Client open_client(const DatabaseUrl& url);

/// Throws the client's last error.
[[noreturn]] void throw_failure(st_mysql* client, std::string_view statement);

}  // namespace seedbed::mysql
