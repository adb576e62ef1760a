#pragma once

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// Everything outside the system's schemas; a fixed number of queries, whatever the number of
/// tables. Left out: temporary and foreign tables, tables and views of extensions.
[[nodiscard]] Schema read_catalog(Connection& connection);

/// `public` is the default schema.
[[nodiscard]] std::string schema_of(std::string_view namespace_name);

}  // namespace seedbed::postgres
