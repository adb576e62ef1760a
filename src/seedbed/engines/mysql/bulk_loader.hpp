#pragma once

#include <cstdint>

#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/mysql/session.hpp"

namespace seedbed::mysql {

/// Appends the source's rows by LOAD DATA LOCAL or, where that is not allowed, by INSERTs of many
/// rows; returns their number. A row that the server leaves out or a value that it changes is an
/// error; the caller then undoes the rows written before it.
std::uint64_t load_rows(Session& session, const BulkTarget& target, const BatchSource& next);

}  // namespace seedbed::mysql
