#pragma once

#include <memory>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// MariaDB 10.6 or newer and MySQL 8. Own connections use libmariadb, which alone can feed LOAD
/// DATA from memory inside a transaction; a user's Connector/C++ connection is adopted.
///
/// URL parameters: `socket`, `ssl` (refuses a server without TLS), `ssl_ca`, `ssl_cert`, `ssl_key`,
/// `connect_timeout` (seconds, default 10), `local_infile` (false: bulk loads by INSERT).
[[nodiscard]] std::unique_ptr<Engine> make_mysql_engine();

namespace mysql {
/// The engine behind adopted connections.
[[nodiscard]] const Engine& shared_engine();
}  // namespace mysql

}  // namespace seedbed
