#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace sql {
class Connection;
}

namespace seedbed {

/// A Connection over the user's own Connector/C++ connection, which outlives the result, is not
/// closed, committed or rolled back, and keeps its settings. Seedbed's transactions inside one of
/// the user's, or while autocommit is off, are savepoints.
///
/// Times are read in the session's zone and statements run under its sql_mode; only a bulk load
/// sets both for its own duration. A result is held in memory while it is streamed, bulk loads are
/// INSERTs, and `cancel()` stops only those, since Connector/C++ gives no access to the rest. A
/// geometry is read through `Engine::read_expression` only. Throws unsupported when the session's
/// character set is not utf8mb4.
[[nodiscard]] std::unique_ptr<Connection> adopt(sql::Connection& connection);

/// The same connection, on which autocommit, commits, rollbacks and savepoints of the code under
/// test are savepoints while a sandbox is open, to any depth; outside of sandboxes everything is
/// the driver's.
///
///   const auto theirs = seedbed::savepoints(std::move(connection));
///   const auto adopted = seedbed::adopt(*theirs);
///   seedbed::Sandbox sandbox{*adopted};
///
/// It is no sql::mysql::MySQL_Connection, and `Statement::getConnection()` gives the driver's own.
/// START TRANSACTION, COMMIT and ROLLBACK sent as SQL text are the database's, as is the commit
/// that DDL does: the sandbox finds them.
[[nodiscard]] std::unique_ptr<sql::Connection> savepoints(
    std::unique_ptr<sql::Connection> connection);

}  // namespace seedbed
