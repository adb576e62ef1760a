#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "seedbed/core/error.hpp"

namespace seedbed::postgres {

/// One error as the server reported it; what a driver does not give stays empty.
struct ServerError {
  std::string sqlstate{};
  std::string message{};
  std::string detail{};
  std::string hint{};
  std::string context{};
  std::size_t position = 0;  ///< in the statement, in characters from 1
};

/// The parts of a report as libpq and libpqxx print it: "ERROR:  text", "DETAIL:  text", and so on.
[[nodiscard]] ServerError parse_report(std::string_view sqlstate, std::string_view report);

[[nodiscard]] ErrorCode code_of(std::string_view sqlstate) noexcept;

/// The error for `statement`. The values that the server quotes in data errors are left out.
[[nodiscard]] Error to_error(const ServerError& error, std::string_view statement);

/// The same for statement `number` (from 1) of a script; says its line where the server knows it.
[[nodiscard]] Error to_script_error(const ServerError& error, std::string_view script,
                                    std::size_t number);

/// The error for a connection that could not be made; `report` is libpq's, verbose.
[[nodiscard]] Error to_connect_error(std::string_view report, const std::string& redacted_url,
                                     const std::string& database);

/// The session is gone for good: neither driver may quietly open another one.
[[nodiscard]] Error connection_lost(std::string_view report);

/// PostgreSQL answers COMMIT in a failed transaction with a rollback and no error; this is the
/// error.
[[nodiscard]] bool is_commit(std::string_view sql);
[[nodiscard]] Error commit_of_failed_transaction();

/// Throws invalid_input when SQL or a name holds a NUL character, where the drivers would cut it.
void refuse_nul(std::string_view sql);

}  // namespace seedbed::postgres
