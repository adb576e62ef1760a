#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "seedbed/core/value.hpp"
#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Gives the next piece of a file that exists in memory only; empty at its end. May throw.
using TextSource = std::function<std::string_view()>;

/// What differs between the two drivers; everything above it is `MysqlConnection`'s. One thread at
/// a time, `cancel()` apart. All members throw Error.
class Session {
 public:
  Session() = default;
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs exactly one statement; a second one in the same text is an error of the server.
  virtual std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) = 0;
  [[nodiscard]] virtual std::unique_ptr<RowStream> stream(std::string_view sql,
                                                          std::span<const Value> arguments) = 0;
  /// Runs a LOAD DATA LOCAL, answers the server's request for the file with `source`, and returns
  /// the number of rows written. Nullopt, with nothing taken from `source`, when the session or the
  /// server does not allow it.
  [[nodiscard]] virtual std::optional<std::uint64_t> load(const std::string& sql,
                                                          const TextSource& source) = 0;
  /// Warnings and notes of the last statement: what the server changed or left out.
  [[nodiscard]] virtual std::uint64_t warning_count() = 0;
  [[nodiscard]] virtual bool in_transaction() = 0;
  virtual void cancel() noexcept = 0;
  [[nodiscard]] virtual bool adopted() const noexcept = 0;
  /// As `Connection::savepoints`.
  [[nodiscard]] virtual detail::SavepointStack* savepoints() noexcept { return nullptr; }
};

}  // namespace seedbed::mysql
