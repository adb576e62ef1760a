#include "seedbed/engines/postgres/errors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::postgres {

namespace {

constexpr std::string_view kEngine = "postgres";

struct StateRow {
  std::string_view prefix;
  ErrorCode code;
};

// SQLSTATEs by their longest known prefix; the first that fits decides. Everything else is
// internal.
constexpr std::array kStates{
    StateRow{"40002", ErrorCode::constraint_violation},
    StateRow{"44", ErrorCode::constraint_violation},
    StateRow{"23", ErrorCode::constraint_violation},
    StateRow{"22001", ErrorCode::constraint_violation},  // too long
    StateRow{"22003", ErrorCode::constraint_violation},  // out of range
    StateRow{"P0001", ErrorCode::constraint_violation},  // RAISE in a trigger
    StateRow{"P0", ErrorCode::invalid_input},
    StateRow{"3D000", ErrorCode::not_found},
    StateRow{"0A", ErrorCode::unsupported},
    StateRow{"54", ErrorCode::unsupported},
    StateRow{"08P01", ErrorCode::invalid_input},  // a wrong number of arguments
    StateRow{"08", ErrorCode::unavailable},
    StateRow{"40", ErrorCode::unavailable},
    StateRow{"53", ErrorCode::unavailable},
    StateRow{"55P03", ErrorCode::unavailable},
    StateRow{"55006", ErrorCode::unavailable},
    StateRow{"57", ErrorCode::unavailable},
    StateRow{"58", ErrorCode::unavailable},
    StateRow{"21", ErrorCode::invalid_input},
    StateRow{"22", ErrorCode::invalid_input},
    StateRow{"25", ErrorCode::invalid_input},
    StateRow{"26", ErrorCode::invalid_input},
    StateRow{"28", ErrorCode::invalid_input},
    StateRow{"2B", ErrorCode::invalid_input},
    StateRow{"2D000", ErrorCode::conflict},  // a COMMIT where none may be
    StateRow{"34", ErrorCode::invalid_input},
    StateRow{"3B", ErrorCode::invalid_input},
    StateRow{"3F", ErrorCode::invalid_input},
    StateRow{"42", ErrorCode::invalid_input},
    StateRow{"55", ErrorCode::invalid_input},
};

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  const auto end = text.find(after);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Data errors quote the offending value: 'invalid input syntax for type integer: "abc"'.
std::string without_values(const std::string& message) {
  const auto first = message.find('"');
  const auto last = message.rfind('"');
  if (first == last) return message;
  return message.substr(0, first) + "(a value)" + message.substr(last + 1);
}

// DETAIL of a broken key is 'Key (a, b)=(1, x) is not present in table "t".': all but the values.
std::string key_without_values(const std::string& detail) {
  const auto columns = between(detail, "Key (", ")=(");
  if (columns.empty()) return {};
  std::string text = fmt::format(" (key: {}", columns);
  const auto tail_start = detail.rfind(") ");
  const std::string_view tail =
      tail_start == std::string::npos ? "" : std::string_view{detail}.substr(tail_start + 2);
  if (starts_with_any(tail, {"is not present in table", "is still referenced from table"})) {
    text += fmt::format("; it {}", tail.substr(0, tail.size() - (tail.ends_with('.') ? 1 : 0)));
  }
  return text + ")";
}

// CONTEXT of a refused COPY is 'COPY t, line 3, column age: "abc"': the row and the column.
std::string row_of_copy(const std::string& context) {
  if (!context.starts_with("COPY ")) return {};
  const auto start = context.find(", line ");
  if (start == std::string::npos) return {};
  std::string_view rest = std::string_view{context}.substr(start + 7);
  rest = rest.substr(0, rest.find_first_of("\n:"));
  const auto comma = rest.find(", column ");
  std::string text = fmt::format(" (row {} of the load", rest.substr(0, comma));
  if (comma != std::string_view::npos) text += fmt::format(", column '{}'", rest.substr(comma + 9));
  return text + ")";
}

std::string privilege_hint(const std::string& message) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kGrants{{
      {"for schema", "GRANT USAGE, CREATE ON SCHEMA"},
      {"for table", "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE"},
      {"for sequence", "GRANT USAGE, SELECT, UPDATE ON SEQUENCE"},
      {"for database", "GRANT CONNECT, CREATE ON DATABASE"},
      {"to create database", "ALTER ROLE ... CREATEDB"},
  }};
  for (const auto& [object, grant] : kGrants) {
    if (message.find(object) != std::string::npos) {
      return fmt::format("; the role lacks a privilege: {}", grant);
    }
  }
  return "; connect as the owner, or as a role with more rights";
}

std::string describe(const ServerError& error) {
  const std::string_view state = error.sqlstate;
  std::string text = state.starts_with("22") ? without_values(error.message) : error.message;
  if (state.starts_with("23")) text += key_without_values(error.detail);
  // Other classes' details are rows: "Failing row contains (...)".
  const bool safe_detail = starts_with_any(state, {"0A", "2B", "3D", "42", "53", "55", "57"});
  if (safe_detail && !error.detail.empty()) text += fmt::format(" ({})", error.detail);
  text += row_of_copy(error.context);
  if (state == "42501") text += privilege_hint(error.message);
  if (!error.hint.empty()) text += fmt::format("; {}", error.hint);
  if (text.starts_with("cannot insert multiple commands")) {
    text = "several statements where one is expected; run them as a script";
  }
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// Line and column, from 1, of character `position` (from 1).
SourceSpot spot_of(std::string_view sql, std::size_t position) {
  if (position == 0) return {};
  const auto before = first_code_points(sql, position - 1);
  SourceSpot spot{.line = 1};
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != '\n') continue;
    ++spot.line;
    line_start = i + 1;
  }
  spot.column = static_cast<int>(count_code_points(before.substr(line_start))) + 1;
  return spot;
}

std::string line_text(std::string_view sql, int line) {
  for (int i = 1; i < line; ++i) sql.remove_prefix(sql.find('\n') + 1);
  return std::string{sql.substr(0, sql.find('\n'))};
}

ErrorDetails details_of(const ServerError& error, std::string statement, SourceSpot where) {
  return {.engine = std::string{kEngine},
          .sqlstate = error.sqlstate,
          .statement = std::move(statement),
          .where = std::move(where)};
}

std::string first_line(std::string_view report) {
  return std::string{trimmed(report.substr(0, report.find('\n')))};
}

// A verbose report has "FATAL:  28P01: text".
std::optional<std::pair<std::string, std::string>> state_and_text(std::string_view report) {
  const auto start = report.find(":  ");
  if (start == std::string_view::npos || report.size() < start + 10) return std::nullopt;
  const auto rest = report.substr(start + 3);
  if (rest.substr(5, 2) != ": ") return std::nullopt;
  return std::pair{std::string{rest.substr(0, 5)}, first_line(rest.substr(7))};
}

}  // namespace

ErrorCode code_of(std::string_view sqlstate) noexcept {
  for (const auto& row : kStates) {
    if (sqlstate.starts_with(row.prefix)) return row.code;
  }
  return ErrorCode::internal;
}

ServerError parse_report(std::string_view sqlstate, std::string_view report) {
  ServerError error{.sqlstate = std::string{sqlstate}};
  std::string* part = nullptr;
  for (const auto& line : split(report, '\n')) {
    const auto label = line.find(":  ");
    const std::string_view name = std::string_view{line}.substr(0, label);
    const bool labelled = label != std::string::npos;
    if (labelled && part == nullptr) {
      part = &error.message;
    } else if (labelled && name == "DETAIL") {
      part = &error.detail;
    } else if (labelled && name == "HINT") {
      part = &error.hint;
    } else if (labelled && name == "CONTEXT") {
      part = &error.context;
    } else {
      if (line.starts_with("LINE ")) part = nullptr;  // the statement follows, marked with '^'
      if (part != nullptr && !line.empty()) *part += "\n" + line;
      continue;
    }
    *part = line.substr(label + 3);
  }
  if (error.message.empty()) error.message = first_line(report);
  return error;
}

Error to_error(const ServerError& error, std::string_view statement) {
  const SourceSpot spot = spot_of(statement, error.position);
  const bool several_lines = trimmed(statement).find('\n') != std::string_view::npos;
  const std::string prefix =
      spot.line > 0 && several_lines ? fmt::format("line {}: ", spot.line) : "";
  return {code_of(error.sqlstate), prefix + describe(error),
          details_of(error, std::string{statement}, spot)};
}

Error to_script_error(const ServerError& error, std::string_view script, std::size_t number) {
  const SourceSpot spot = spot_of(script, error.position);
  if (spot.line > 0) {
    return {code_of(error.sqlstate), fmt::format("line {}: {}", spot.line, describe(error)),
            details_of(error, line_text(script, spot.line), spot)};
  }
  return {code_of(error.sqlstate), fmt::format("statement {}: {}", number, describe(error)),
          details_of(error, {}, {})};
}

Error to_connect_error(std::string_view report, const std::string& redacted_url,
                       const std::string& database) {
  const auto parsed = state_and_text(report);
  const std::string sqlstate = parsed ? parsed->first : "";
  const std::string text = parsed ? parsed->second : first_line(report);
  ErrorDetails details{.engine = std::string{kEngine}, .sqlstate = sqlstate};
  if (sqlstate == "3D000") {
    return {ErrorCode::not_found,
            fmt::format("there is no database '{}' ({})", database, redacted_url), details};
  }
  const bool our_fault =
      text.starts_with("invalid ") || text.find("no password supplied") != std::string::npos;
  const ErrorCode code = parsed      ? code_of(sqlstate)
                         : our_fault ? ErrorCode::invalid_input
                                     : ErrorCode::unavailable;
  return {code, fmt::format("cannot connect to {}: {}", redacted_url, text), details};
}

Error connection_lost(std::string_view report) {
  const std::string why = first_line(report);
  return {ErrorCode::unavailable,
          fmt::format("the connection to the server is lost{}{}", why.empty() ? "" : ": ", why),
          {.engine = std::string{kEngine}}};
}

bool is_commit(std::string_view sql) {
  const std::string statement = to_lower(trimmed(sql));
  return statement.starts_with("commit") || statement == "end";
}

Error commit_of_failed_transaction() {
  return {ErrorCode::conflict,
          "nothing was committed: an earlier statement of the transaction had failed",
          {.engine = std::string{kEngine}, .sqlstate = "25P02", .statement = "COMMIT"}};
}

void refuse_nul(std::string_view sql) {
  if (sql.find('\0') == std::string_view::npos) return;
  throw Error{ErrorCode::invalid_input,
              "neither SQL nor a name may hold a NUL character",
              {.engine = std::string{kEngine}}};
}

}  // namespace seedbed::postgres
