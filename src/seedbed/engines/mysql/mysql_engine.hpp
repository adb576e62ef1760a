#pragma once

#include <memory>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// MariaDB 10.6 or newer and MySQL 8. Own connections use libmariadb, which alone can feed LOAD DATA from
/// memory inside a transaction; a user's Connector/C++ connection is adopted.
[[nodiscard]] std::unique_ptr<Engine> make_mysql_engine();

}  // namespace seedbed
