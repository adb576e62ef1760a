#include "seedbed/factories/files/yaml_findings.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLongestShownLine = 200;  // that a message shows

}  // namespace

void YamlFindings::report(std::size_t at, std::string message) {
  const auto where = source_.spot(at);
  if (!reported_lines_.insert(where.line).second) return;
  findings_.push_back({ErrorCode::invalid_input, std::move(message), where});
}

void YamlFindings::report(std::size_t at, std::string message, const std::string& correction) {
  if (correction.empty()) return report(at, std::move(message));
  const auto text = line(at);
  const auto indent = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
  corrections_.emplace(source_.line_number(at), fmt::format("{}{}", indent, correction));
  if (correction.size() <= kLongestShownLine) message += ": " + correction;
  report(at, std::move(message));
}

bool YamlFindings::report_cut(std::size_t at, bool in_flow) {
  const auto text = line(at);
  const auto cut = find_cut_value({text, in_flow});
  if (!cut) return false;
  report(source_.line_start(at) + cut->begin, fmt::format("{}; quote it", cause_of_cut(text, *cut)),
         line_with_quoted(text, *cut));
  return true;
}

void YamlFindings::check_tab(std::size_t at) {
  const std::size_t start = source_.line_start(at);
  const auto indent = source_.text().substr(start, at - start);
  const auto tab = indent.find('\t');
  if (tab == std::string_view::npos || !trimmed(indent).empty()) return;
  report(start + tab, "a tab in the indentation; use spaces");
}

const std::string* YamlFindings::correction_of(int line) const {
  const auto found = corrections_.find(line);
  return found == corrections_.end() ? nullptr : &found->second;
}

void YamlFindings::leave_out(const Diagnostics& known) {
  for (const auto& finding : known) reported_lines_.insert(finding.where.line);
}

std::string YamlFindings::with_quoted(std::size_t at, bool in_flow) const {
  return line_with_quoted(line(at), value_from(line(at), column(at), in_flow));
}

}  // namespace seedbed::detail
