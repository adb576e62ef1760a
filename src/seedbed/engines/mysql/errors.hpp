#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "seedbed/core/error.hpp"

namespace seedbed::mysql {

/// What a driver reports about a statement that failed.
struct Failure {
  unsigned number = 0;  ///< the server's or the client library's error number
  std::string sqlstate{};
  std::string message{};  ///< as the server wrote it; may quote values of rows
};

/// Error numbers that are looked for by name (MariaDB and MySQL manuals, server error reference).
inline constexpr unsigned kUnknownDatabase = 1049;
inline constexpr unsigned kNoSuchSavepoint = 1305;
inline constexpr unsigned kNotPreparable = 1295;
inline constexpr unsigned kLocalFileRejected = 2068;

/// Whether the server, or our own session, does not allow LOAD DATA LOCAL at all.
[[nodiscard]] bool local_files_forbidden(unsigned number) noexcept;

/// Throws invalid_input when a statement got another number of arguments than it has placeholders.
void require_arguments(std::size_t placeholders, std::size_t arguments);

/// The failure as an Error: code by error number, message without values of rows.
[[nodiscard]] Error translate(const Failure& failure, std::string_view statement);

/// The server's message with quoted values cut out; names of tables, columns and keys stay.
[[nodiscard]] std::string without_values(unsigned number, std::string_view message);

}  // namespace seedbed::mysql
