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
/// In a `Sandbox` on it the code under test takes it as a `pqxx::transaction_base&`, and may begin,
/// commit and abort `subtransaction`s of it. Transactions of its own on the connection libpqxx
/// itself refuses (usage_error). The sandbox of a `nontransaction` refuses a COMMIT; in the user's
/// own transaction, which is the user's to commit, it finds one. A statement that fails outside of
/// a subtransaction ends the transaction, as it does without a sandbox: libpqxx aborts a `work`, a
/// failed `check_constraints` does too, and PostgreSQL that of a `nontransaction`, where without
/// the sandbox each statement is by itself.
///
/// The session's settings stay as they are: values are read under PostgreSQL's defaults (ISO dates,
/// hexadecimal bytea, UTF-8), and times in the session's zone. A result is held in memory while it
/// is streamed, and bulk loads are INSERTs, since libpqxx gives no access to either of libpq's fast
/// ways. Once the connection is lost everything throws unavailable, also where libpqxx has made a
/// new one.
[[nodiscard]] std::unique_ptr<Connection> adopt(pqxx::transaction_base& transaction);

}  // namespace seedbed
