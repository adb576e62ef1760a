#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace pqxx {
class transaction_base;
}

namespace seedbed {

/// A Connection over the user's own libpqxx transaction, which outlives the result and is neither
/// committed nor aborted by it; of any kind, `subtransaction` and `nontransaction` too. Seedbed's
/// transactions inside are savepoints (a transaction in a `nontransaction`).
///
/// The session's settings stay as they are: values are read under PostgreSQL's defaults (ISO dates,
/// hexadecimal bytea, UTF-8), and times in the session's zone. A result is held in memory while it
/// is streamed, and bulk loads are INSERTs, since libpqxx gives no access to either of libpq's fast
/// ways. Once the connection is lost everything throws unavailable, also where libpqxx has made a
/// new one.
[[nodiscard]] std::unique_ptr<Connection> adopt(pqxx::transaction_base& transaction);

}  // namespace seedbed
