#pragma once

#include "seedbed/engines/connection.hpp"

namespace seedbed {

/// Makes the tables in which Seedbed keeps row numbers and the places of named records, where they
/// are missing: sessions and loads do so themselves, others call it before they write to them. On
/// an engine whose DDL commits, throws conflict inside a transaction.
void prepare_factory_tables(Connection& connection);

}  // namespace seedbed
