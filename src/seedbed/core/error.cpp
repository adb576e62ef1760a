#include "seedbed/core/error.hpp"

#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace seedbed {

namespace {

struct CodeRow {
  std::string_view name;
  int exit_code;
  int http_status;
};

// Indexed by ErrorCode: the only place where codes become exit codes and HTTP statuses.
constexpr std::array<CodeRow, 9> kCodes{{
    {"invalid_input", 2, 400},
    {"not_found", 3, 404},
    {"conflict", 4, 409},
    {"constraint_violation", 5, 422},
    {"unsupported", 6, 501},
    {"refused", 7, 403},
    {"unavailable", 8, 503},
    {"corrupt", 9, 500},
    {"internal", 70, 500},
}};

const CodeRow& row_of(ErrorCode code) noexcept {
  return kCodes[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept {
  return row_of(code).name;
}
int exit_code(ErrorCode code) noexcept {
  return row_of(code).exit_code;
}
int http_status(ErrorCode code) noexcept {
  return row_of(code).http_status;
}

std::string SourceSpot::to_string() const {
  std::string text = file.string();
  if (line > 0) text += fmt::format(":{}", line);
  if (line > 0 && column > 0) text += fmt::format(":{}", column);
  return text;
}

std::string Diagnostic::to_string() const {
  return where.known() ? fmt::format("{}: {}", where.to_string(), message) : message;
}

struct Error::Payload {
  ErrorCode code;
  std::string text;
  ErrorDetails details;
  Diagnostics findings;
};

static_assert(std::is_nothrow_copy_constructible_v<Error>);

Error::Error(ErrorCode code, std::string message, ErrorDetails details) {
  std::string text = details.where.known()
                         ? fmt::format("{}: {}", details.where.to_string(), message)
                         : std::move(message);
  payload_ = std::make_shared<Payload>(Payload{code, std::move(text), std::move(details), {}});
}

const char* Error::what() const noexcept {
  return payload_->text.c_str();
}
ErrorCode Error::code() const noexcept {
  return payload_->code;
}
const ErrorDetails& Error::details() const noexcept {
  return payload_->details;
}
const Diagnostics& Error::findings() const noexcept {
  return payload_->findings;
}

void Error::add_context(const std::string& step) {
  payload_->text += fmt::format(" ({})", step);
}

Error Error::from(Diagnostics findings) {
  if (findings.empty()) {
    return {ErrorCode::internal, "an error was raised for a check that found nothing"};
  }
  std::string text;
  for (const auto& finding : findings) {
    if (!text.empty()) text += '\n';
    text += finding.to_string();
  }
  Error error{findings.front().code, std::move(text)};
  error.payload_->details.where = findings.front().where;
  error.payload_->findings = std::move(findings);
  return error;
}

void throw_if_any(Diagnostics findings) {
  if (!findings.empty()) throw Error::from(std::move(findings));
}

}  // namespace seedbed
