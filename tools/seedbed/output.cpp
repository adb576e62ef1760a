#include "tools/seedbed/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/text.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

void write(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.,-") == std::string_view::npos;
}

std::string coloured(const std::string& text, Colour colour) {
  switch (colour) {
    case Colour::green: return "\x1b[32m" + text + "\x1b[0m";
    case Colour::yellow: return "\x1b[33m" + text + "\x1b[0m";
    case Colour::red: return "\x1b[31m" + text + "\x1b[0m";
    case Colour::none: break;
  }
  return text;
}

struct TableColumn {
  std::size_t width = 0;
  bool right = true;
};

std::vector<TableColumn> measure(const std::vector<std::string>& headings,
                                 const std::vector<std::vector<Cell>>& rows) {
  std::vector<TableColumn> columns(headings.size());
  for (std::size_t i = 0; i < headings.size(); ++i) {
    columns[i] = {count_code_points(headings[i]), !rows.empty()};
    for (const auto& row : rows) {
      columns[i].width = std::max(columns[i].width, count_code_points(printable(row[i].text)));
      columns[i].right = columns[i].right && (row[i].text.empty() || is_number(row[i].text));
    }
  }
  return columns;
}

std::string padded(const std::string& text, const std::string& shown, const TableColumn& column) {
  const std::string blanks(column.width - std::min(column.width, count_code_points(text)), ' ');
  return column.right ? blanks + shown : shown + blanks;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

Json to_json(const Diagnostic& finding) {
  Json json{{"code", to_string(finding.code)}, {"message", finding.message}};
  if (finding.where.known()) json["where"] = finding.where.to_string();
  return json;
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void Output::line(std::string_view text) const {
  if (options_.json || options_.quiet) return;
  write(stdout, std::string{text} + "\n");
}

void Output::table(const std::vector<std::string>& headings,
                   const std::vector<std::vector<Cell>>& rows) const {
  const auto columns = measure(headings, rows);
  std::string heading;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    heading += padded(headings[i], headings[i], columns[i]) + "  ";
  }
  heading = without_trailing_blanks(std::move(heading));
  line(options_.colours ? "\x1b[1m" + heading + "\x1b[0m" : heading);
  for (const auto& row : rows) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = printable(row[i].text);
      text +=
          padded(cell, options_.colours ? coloured(cell, row[i].colour) : cell, columns[i]) + "  ";
    }
    line(without_trailing_blanks(std::move(text)));
  }
}

void Output::document(const Json& document) const {
  if (options_.json) write(stdout, dumped(document));
}

void Output::error(const Error& error) const {
  if (!options_.json) {
    write(stderr, fmt::format("seedbed: {}\n", error.what()));
    return;
  }
  Json json{{"code", to_string(error.code())},
            {"exit_code", exit_code(error.code())},
            {"message", error.what()}};
  if (!error.details().sqlstate.empty()) json["sqlstate"] = error.details().sqlstate;
  for (const auto& finding : error.findings()) json["findings"].push_back(to_json(finding));
  write(stderr, dumped({{"error", json}}));
}

void Output::note(std::string_view text) const {
  if (!options_.json && !options_.quiet) write(stderr, fmt::format("seedbed: {}\n", text));
}

void Output::flush() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw Error{ErrorCode::unavailable,
              fmt::format("standard output: {}", std::generic_category().message(errno))};
}

std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else {
      result += fmt::format("\\x{:02x}", byte);
    }
  }
  return result;
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", grouped(number), singular, number == 1 ? "" : "s");
}

}  // namespace seedbed::tool
