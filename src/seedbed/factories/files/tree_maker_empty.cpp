// Where a key or a value is missing, and what was meant there.
#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/tree_maker.hpp"

namespace seedbed::detail {

void TreeMaker::report_missing_key(std::size_t at, bool spelled_null) {
  const std::string message = "a key is missing before ':', or is null";
  if (!spelled_null) return report_flaw(at, message);
  const auto column = findings_.column(at);
  report_flaw(at, message, line_with(findings_.line(at), column, column + 4, "\"null\""));
}

void TreeMaker::report_missing_value(std::size_t at) {
  if (levels_.empty()) return;
  const Level& level = levels_.back();
  if (level.in_flow && level.node.kind == NodeKind::mapping && !level.bracket) return;
  if (level.key) return report_empty_key(level);
  report_empty_entry(at);
}

void TreeMaker::report_empty_entry(std::size_t at) {
  const std::string message = "an entry of the list is empty; write null, or remove it";
  const auto text = source_.text();
  const auto before = text.substr(0, at).find_last_not_of(" \t\r\n");
  const bool dash = !in_flow() && before != std::string_view::npos && text[before] == '-';
  if (dash) at = before;
  const auto column = findings_.column(at);
  const auto line = findings_.line(at);
  if (findings_.report_cut(at, in_flow_before(at))) return;
  if (dash) {
    findings_.report(at, message, line_with(line, column + 1, column + 1, " null"));
  } else {
    findings_.report(at, message, line_with(line, column, column, "null"));
  }
}

void TreeMaker::report_empty_key(const Level& level) {
  const auto at = level.key_at;
  if (findings_.report_cut(at, in_flow_before(at))) return;
  const auto line = findings_.line(at);
  const bool quotes = level.key->quoted;
  const auto key_end = findings_.column(at) + level.key->text.size() + (quotes ? 2 : 0);
  const auto colon = std::min(line.find_first_not_of(' ', key_end), line.size());
  if (colon < line.size() && line[colon] == ':') {
    if (report_rest_of_line(level, colon + 1)) return;
    findings_.report(
        at, fmt::format("key '{}' has no value; write null, or remove it", level.key->text),
        line_with(line, colon + 1, colon + 1, " null"));
  } else {
    report_lone_key(level, key_end);
  }
}

// `a: #ff0000`, which is a comment, and `a: ,x`, which the parser drops.
bool TreeMaker::report_rest_of_line(const Level& level, std::size_t colon) {
  const auto at = level.key_at;
  const auto line = findings_.line(at);
  const auto begin = line.find_first_not_of(" \t", colon);
  if (begin == std::string_view::npos) return false;
  if (!looks_like_no_comment(line, colon) && (level.in_flow || line[begin] != ',')) return false;
  const auto meant = value_from(line, begin, level.in_flow);
  const MeantValue value{begin, std::max(meant.end, begin + 1), level.in_flow};
  findings_.report(at,
                   fmt::format("key '{}' has no value: '{}' does not begin one; quote it",
                               level.key->text, line[begin]),
                   line_with_quoted(line, value));
  return true;
}

// A key in braces without a colon: `{ name:x }`, or the second half of `{ name: Doe, John }`.
void TreeMaker::report_lone_key(const Level& level, std::size_t end) {
  const auto at = level.key_at;
  const auto line = findings_.line(at);
  const auto begin = findings_.column(at);
  const auto& name = level.key->text;
  const auto missing = fmt::format("key '{}' has no value; ", name);
  const auto colon = name.find(':');
  if (colon != std::string::npos && colon > 0 && !level.key->quoted) {
    findings_.report(at, missing + "a blank is missing behind ':'; write",
                     line_with(line, begin + colon + 1, begin + colon + 1, " "));
    return;
  }
  const auto start = source_.line_start(at);
  if (!level.node.entries.empty() && level.value_at >= start && level.value_at < at) {
    const auto first = findings_.column(level.value_at);
    const bool text = level.node.entries.back().second.kind == NodeKind::scalar &&
                      !level.node.entries.back().second.quoted;
    if (text) {
      findings_.report(at, missing + "quote the text if the comma is part of it",
                       line_with_quoted(line, {first, end, true}));
      return;
    }
  }
  findings_.report(at, missing + "write null, or remove it", line_with(line, end, end, ": null"));
}

}  // namespace seedbed::detail
