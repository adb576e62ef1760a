#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

/// What the caller can do about an error. Closed list; the spelling is also the JSON and CLI
/// spelling.
enum class ErrorCode : std::uint8_t {
  invalid_input,         ///< a file, URL or argument is wrong: change it
  not_found,             ///< no factory, migration, snapshot, table or database of that name
  conflict,              ///< name taken, lock held, applied migration edited, schema differs
  constraint_violation,  ///< the database refused a row
  unsupported,           ///< this engine cannot do it
  refused,               ///< safety guard: the database is not marked disposable
  unavailable,           ///< cannot connect, deadline passed, interrupted: a retry may succeed
  corrupt,               ///< a stored checksum does not match
  internal,              ///< a bug in Seedbed
};

[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// Exit code of the tool for this error: 2..9 in the order of `ErrorCode`, 70 for `internal`.
[[nodiscard]] int exit_code(ErrorCode code) noexcept;

/// HTTP status for this error.
[[nodiscard]] int http_status(ErrorCode code) noexcept;

/// Place in a user's file. `line` and `column` count from 1; 0 is unknown. `file` may also name
/// something that is not a file, such as `--set`.
struct SourceSpot {
  std::filesystem::path file{};
  int line = 0;
  int column = 0;

  [[nodiscard]] bool known() const noexcept { return !file.empty(); }
  /// "file:line:column", without the parts that are unknown.
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const SourceSpot&, const SourceSpot&) = default;
};

/// Facts behind an error; fields that do not apply stay empty.
struct ErrorDetails {
  std::string engine{};     ///< "postgres"
  std::string sqlstate{};   ///< five characters, or empty where the engine has none
  std::string statement{};  ///< SQL without its arguments
  SourceSpot where{};
};

/// One finding of a check that reports everything it finds instead of stopping at the first.
struct Diagnostic {
  ErrorCode code = ErrorCode::invalid_input;
  std::string message{};
  SourceSpot where{};

  /// "file:line:column: message".
  [[nodiscard]] std::string to_string() const;
};
using Diagnostics = std::vector<Diagnostic>;

/// The only exception type Seedbed throws. Copies share an immutable-after-throw payload, so they
/// are cheap and do not throw.
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, ErrorDetails details = {});

  /// "where: message (context; outer context)"; never holds passwords or values of rows.
  [[nodiscard]] const char* what() const noexcept override;
  [[nodiscard]] ErrorCode code() const noexcept;
  [[nodiscard]] const ErrorDetails& details() const noexcept;
  /// Every finding when the error stands for several; empty otherwise.
  [[nodiscard]] const Diagnostics& findings() const noexcept;
  /// Adds the step that failed, innermost first, e.g. "restoring snapshot 'demo'".
  void add_context(const std::string& step);

  /// An error that carries all of `findings` (at least one); `what()` lists each on its own line.
  [[nodiscard]] static Error from(Diagnostics findings);

 private:
  struct Payload;
  std::shared_ptr<Payload> payload_;
};

/// Throws `Error::from(findings)` unless `findings` is empty.
void throw_if_any(Diagnostics findings);

}  // namespace seedbed
