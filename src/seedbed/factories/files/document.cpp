#include "seedbed/factories/files/document.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/source_text.hpp"
#include "seedbed/factories/files/tree_maker.hpp"
#include "seedbed/factories/files/yaml_copy.hpp"
#include "seedbed/factories/files/yaml_findings.hpp"

namespace seedbed {

namespace {

using detail::SourceText;
using detail::TreeMaker;
using detail::YamlFindings;

std::size_t position(const YAML::Mark& mark) {
  return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
}

// Hands the parser's events on.
class Events : public YAML::EventHandler {
 public:
  explicit Events(TreeMaker& tree) : tree_{tree} {}

  void OnDocumentStart(const YAML::Mark& mark) override { tree_.begin_document(position(mark)); }
  void OnDocumentEnd() override { tree_.end_document(); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    tree_.null(position(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    tree_.alias(position(mark));
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    tree_.anchor(position(mark), name);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    tree_.scalar(position(mark), value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    tree_.open(NodeKind::sequence, position(mark));
  }
  void OnSequenceEnd() override { tree_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    tree_.open(NodeKind::mapping, position(mark));
  }
  void OnMapEnd() override { tree_.close(); }

 private:
  TreeMaker& tree_;
};

// A stream over bytes that are already in memory.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string& text) {
    setg(text.data(), text.data(), text.data() + text.size());
  }
};

// What the parser says, and what we say instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kMessages{{
    {"illegal map value", "': ' is not allowed here; check the indentation, or quote the value"},
    {"illegal map key", "a key is not allowed here; check the indentation"},
    {"end of map not found", "unexpected text after a value; check quotes and indentation"},
    {"end of sequence not found", "expected another '- ' or less indentation"},
    {"end of map flow not found", "'{' is not closed, or ',' is missing"},
    {"end of sequence flow not found", "'[' is not closed, or ',' is missing"},
    {"illegal flow end", "a bracket closes that was not opened; quote the text if it is one"},
    {"illegal block entry", "'- ' is not allowed here; begin the list on a line of its own"},
    {"the referenced anchor is not defined",
     "aliases (*name) are not supported; quote a text that starts with '*'"},
    {"alias not found", "aliases (*name) are not supported"},
    {"anchor not found", "anchors (&name) are not supported"},
    {"illegal character found while scanning a", "anchors and aliases are not supported"},
    {"cannot assign multiple", "tags and anchors are not supported"},
    {"tag handle with no suffix", "tags (!name) are not supported"},
    {"illegal character found while scanning tag", "tags (!name) are not supported"},
    {"end of verbatim tag", "tags (!name) are not supported"},
    {"unexpected character in block scalar",
     "a text of several lines begins on the line below its '|' or '>'"},
    {"cannot set zero indentation", "an indentation is a digit from 1 to 9"},
    {"bad character found while scanning hex", "a hexadecimal digit is missing"},
}};

std::string explain(const std::string& message, char found) {
  for (const auto& [theirs, ours] : kMessages) {
    if (message.starts_with(theirs)) return std::string{ours};
  }
  if (message == "unknown token") {
    return fmt::format("an unquoted value cannot hold '{}' here", found);
  }
  return message;
}

bool is_one_of(std::string_view message, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const auto beginning) { return message.starts_with(beginning); });
}

// A parser's error with what it takes to say what is right.
class ErrorReporter {
 public:
  ErrorReporter(const YAML::Exception& error, const TreeMaker& tree, YamlFindings& findings)
      : message_{error.msg},
        tree_{tree},
        findings_{findings},
        source_{findings.source()},
        at_{std::min(error.mark.pos < 0 ? 0 : static_cast<std::size_t>(error.mark.pos),
                     source_.text().size())} {}

  void report() {
    findings_.check_tab(at_);
    if (is_one_of(message_, {"end of map flow", "end of sequence flow"})) {
      if (report_open_bracket()) return;
    }
    // The parser stands behind a bad escape, and at the end of a key that lacks its blank.
    if (is_one_of(message_, {"unknown escape", "bad character found", "invalid unicode"})) {
      return report_escape();
    }
    if (message_ == "illegal map value" && report_missing_blank()) return;
    const auto cut = detail::find_cut_value({findings_.line(at_), tree_.in_flow_before(at_)});
    const bool later = message_ == "illegal map value" && cut && cut->begin > findings_.column(at_);
    if (!later && findings_.report_cut(at_, tree_.in_flow_before(at_))) return;
    report_value();
  }

 private:
  // Where a bracket was opened on a line above, that is the place.
  bool report_open_bracket() {
    const auto bracket = tree_.open_bracket();
    if (!bracket || source_.line_number(*bracket) == source_.line_number(at_)) return false;
    if (findings_.report_cut(*bracket, tree_.in_flow_before(*bracket))) return true;
    const auto message = explain(message_, '\0');
    const auto line = findings_.line(*bracket);
    const char closer = source_.at(*bracket) == '[' ? ']' : '}';
    const auto repaired = fmt::format("{}{}", trimmed(line), closer);
    if (detail::unmatched_in(std::string{line.substr(findings_.column(*bracket))} + closer) ==
        '\0') {
      findings_.report(*bracket, message + "; write", repaired);
    } else {
      findings_.report(*bracket, message);
    }
    return true;
  }

  void report_escape() {
    const auto quote = source_.line_start(at_);
    const auto value = detail::value_at({findings_.line(at_), tree_.in_flow_before(at_)},
                                        findings_.column(at_ == 0 ? 0 : at_ - 1));
    const auto slash = source_.text().substr(0, at_).rfind('\\');
    const auto place = slash == std::string_view::npos || slash < quote ? at_ : slash;
    const bool known = message_.starts_with("unknown escape");
    const auto message =
        known ? fmt::format("unknown escape \\{} in double quotes; single quotes have none",
                            source_.at(place + 1))
              : explain(message_, '\0');
    if (!value) return findings_.report(place, message);
    findings_.report(place, message + "; write",
                     detail::line_with_quoted(findings_.line(at_), *value));
  }

  // `name:x` on the line above.
  bool report_missing_blank() {
    const auto start = source_.line_start(at_);
    if (start == 0) return false;
    const auto above = start - 1;
    const auto line = findings_.line(above);
    const auto first = line.find_first_not_of(" -");
    const auto colon = line.find(':');
    if (first == std::string_view::npos || colon == std::string_view::npos || colon <= first ||
        colon + 1 >= line.size() || line[colon + 1] == ' ' || line[colon + 1] == '/') {
      return false;
    }
    const auto name = line.substr(first, colon - first);
    if (name.find_first_of(" \t\"'={}[]") != std::string_view::npos) return false;
    if (line.find(": ") != std::string_view::npos) return false;
    findings_.report(source_.line_start(above) + first, "a blank is missing behind ':'; write",
                     detail::line_with(line, colon + 1, colon + 1, " "));
    return true;
  }

  void report_value() {
    const auto line = findings_.line(at_);
    auto message = explain(message_, source_.at(at_));
    auto value = detail::value_at({line, tree_.in_flow_before(at_)}, findings_.column(at_));
    const auto quote = tree_.last_quote();
    const bool from_above =
        quote && source_.line_number(*quote) < source_.line_number(at_) &&
        findings_.line(*quote).find(source_.at(*quote), findings_.column(*quote) + 1) ==
            std::string_view::npos;
    if (from_above) return report_quote(*quote, message);
    if (message_ == "illegal map value" && value && value->begin == line.find_first_not_of(' ')) {
      value.reset();
    }
    // What the bracket closes is not meant: the value before it holds the bracket.
    const auto column = findings_.column(at_);
    if (message_ == "illegal flow end" && column > 0 && value && value->begin != column) {
      value = detail::value_at({line, tree_.in_flow_before(at_)}, column - 1);
      if (value) value->end = column + 1;
    }
    if (!value || value->end <= value->begin) return findings_.report(at_, std::move(message));
    const auto meant = line.substr(value->begin, value->end - value->begin);
    const bool computed = meant.starts_with('=') || meant.find('{') != std::string_view::npos;
    findings_.report(at_,
                     message + (computed ? "; if the value is an expression or a template, quote it"
                                         : "; quote it"),
                     detail::line_with_quoted(line, *value));
  }

  void report_quote(std::size_t quote, const std::string& message) {
    findings_.report(at_, fmt::format("{}; is the quote at {} closed where it should be?", message,
                                      source_.spot(quote).to_string()));
  }

  std::string message_;
  const TreeMaker& tree_;
  YamlFindings& findings_;
  const SourceText& source_;
  std::size_t at_;
};

// Whether the text was read to its end.
struct Attempt {
  Node root{};
  Diagnostics findings{};
  std::optional<std::string> repaired{};  // the text without its first error, where that can be
  bool whole = true;
};

Attempt parse(std::string_view text, const std::filesystem::path& file, const Diagnostics& known) {
  const SourceText source{text, file};
  detail::check_bytes(source);
  YamlFindings findings{source};
  findings.leave_out(known);
  detail::YamlCopy copy{text};
  TreeMaker tree{findings, copy};
  Events events{tree};
  ViewBuffer buffer{copy.text()};
  std::istream stream{&buffer};
  Attempt attempt;
  try {
    YAML::Parser parser{stream};
    while (!tree.has_several() && parser.HandleNextDocument(events)) {
    }
    attempt.root = tree.take_root();
    if (attempt.root.where.line == 0) attempt.root.where = source.spot(0);
  } catch (const YAML::Exception& error) {
    attempt.whole = false;
    ErrorReporter{error, tree, findings}.report();
    const auto& all = findings.all();
    const int line = all.empty() ? 0 : all.back().where.line;
    if (const auto* correction = findings.correction_of(line)) {
      attempt.repaired = source.with_line(line, *correction);
    }
  }
  attempt.findings = std::move(findings.all());
  return attempt;
}

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return entry.first.text == key; });
  return found == entries.end() ? nullptr : &found->second;
}

bool Node::is_number() const noexcept {
  if (kind != NodeKind::scalar || quoted) return false;
  std::string_view rest = text;
  const auto digits = [&rest] {
    const auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(end);
    return end;
  };
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const bool leading_zero = rest.starts_with('0');
  const auto whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (rest.starts_with('e') || rest.starts_with('E')) {
    rest.remove_prefix(1);
    if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return rest.empty();
}

bool Node::is_boolean() const noexcept {
  return kind == NodeKind::scalar && !quoted && (text == "true" || text == "false");
}

ParsedDocument detail::read_document(std::string_view text, const std::filesystem::path& file) {
  constexpr int kMostRepairs = 50;
  constexpr std::size_t kLargestRepair = 1U << 20U;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kMaximumDocumentBytes) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("larger than {} MiB", kMaximumDocumentBytes >> 20U),
                {.where = {file}}};
  }
  ParsedDocument document;
  std::string repaired;
  auto attempt = parse(text, file, {});
  document.findings = attempt.findings;
  // What stops the parser is put right, so that what follows it is looked at as well.
  for (int i = 0; i < kMostRepairs && attempt.repaired && text.size() < kLargestRepair; ++i) {
    repaired = std::move(*attempt.repaired);
    attempt = parse(repaired, file, document.findings);
    document.findings.insert(document.findings.end(), attempt.findings.begin(),
                             attempt.findings.end());
  }
  document.root = std::move(attempt.root);
  document.whole = attempt.whole;
  std::stable_sort(document.findings.begin(), document.findings.end(),
                   [](const auto& left, const auto& right) {
                     return std::pair{left.where.line, left.where.column} <
                            std::pair{right.where.line, right.where.column};
                   });
  return document;
}

Node parse_document(std::string_view text, const std::filesystem::path& file) {
  auto document = detail::read_document(text, file);
  throw_if_any(std::move(document.findings));
  return std::move(document.root);
}

}  // namespace seedbed
