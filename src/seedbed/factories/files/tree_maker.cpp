#include "seedbed/factories/files/tree_maker.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/invisible.hpp"
#include "seedbed/factories/files/text_marks.hpp"

namespace seedbed::detail {

namespace {

/// Where the quote that opens at `at` is closed; npos when it is not.
std::size_t closing_quote(std::string_view text, std::size_t at, char quote) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i;
      ++i;
    }
  }
  return std::string_view::npos;
}

bool is_cut_before(std::string_view rest) {
  return rest.starts_with('#') || rest.starts_with(':');
}

/// The expression without the bracket that nothing opens, or with what closes the one at hand.
std::string with_partner(std::string value, char open) {
  if (open == ')' || open == ']' || open == '}') return value.erase(value.rfind(open), 1);
  value += open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : open;
  if (unmatched_in(value) == '(') value += ')';
  return value;
}

}  // namespace

void TreeMaker::begin_document(std::size_t at) {
  if (++documents_ == 1) {
    first_document_ = at;
    return;
  }
  if (at == first_document_) {
    findings_.report(at, fmt::format("'{}' is not allowed here; quote a text", source_.at(at)));
    return;
  }
  findings_.report(at, "a second document begins; a file holds one: remove '---' or '...'");
}

void TreeMaker::end_document() {
  if (std::exchange(directive_, false)) documents_ = 0;
}

void TreeMaker::alias(std::size_t at) {
  findings_.report(at, "aliases (*name) are not supported; write the value out, or quote a text",
                   findings_.with_quoted(at, in_flow()));
  place(Node{}, at);
}

void TreeMaker::anchor(std::size_t at, const std::string& name) {
  const auto line = findings_.line(at);
  const auto column = findings_.column(at);
  const auto end = std::min(line.find_first_not_of(' ', column + name.size() + 1), line.size());
  findings_.report(at, fmt::format("anchors (&{}) are not supported; write values out", name),
                   line_with(line, column, end, ""));
}

void TreeMaker::null(std::size_t at) {
  Node node;
  node.where = source_.spot(at);
  const auto spelled = source_.text().substr(at, 4);
  if (awaits_key()) {
    report_missing_key(at, spelled == "null");
  } else if (spelled.starts_with('~') || spelled == "Null" || spelled == "NULL") {
    const std::size_t length = spelled.starts_with('~') ? 1 : 4;
    const auto column = findings_.column(at);
    findings_.report(
        at, fmt::format("write null, or quote '{}' if it is a text", spelled.substr(0, length)),
        line_with(findings_.line(at), column, column + length, "null"));
  } else if (spelled != "null") {
    report_missing_value(at);
  }
  place(std::move(node), at);
}

void TreeMaker::scalar(std::size_t at, const std::string& value) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = value;
  node.where = source_.spot(at);
  const char first = source_.at(at);
  node.quoted = first == '"' || first == '\'' || first == '|' || first == '>';
  const bool directive = copy_.is_directive(value) && !node.quoted;
  if (!copy_.restore(node.text, first == '"')) {
    const auto start = at + 1;
    const auto half = find_half_pair(source_.text().substr(start)).value_or(0);
    findings_.report(start + half, "half of a surrogate pair is no character; quote it",
                     findings_.with_quoted(at, in_flow()));
  }
  if (directive) {
    findings_.report(at, "directives (%NAME) are not supported; remove the line");
    directive_ = levels_.empty();
  }
  if (first == '"' || first == '\'') check_quotes(at, first);
  if (first == '!') refuse_tag(at);
  if (!node.quoted && !directive && check_plain(at, node.text) && !awaits_key()) {
    check_comment(at, node.text);
    check_expression(at, node.text);
  }
  if (!awaits_key()) {
    const bool computed = node.text.starts_with('=') || node.text.find('{') != std::string::npos;
    if (computed) node.marks = marks_of(source_, at, node.text);
    if (!node.quoted) check_lines(at, node.text);
  }
  place(std::move(node), at);
}

void TreeMaker::open(NodeKind kind, std::size_t at) {
  if (levels_.size() >= kMaximumDepth) {
    throw Error{ErrorCode::invalid_input, too_deep(), {.where = source_.spot(at)}};
  }
  if (source_.at(at) == '!') refuse_tag(at);
  if (awaits_key()) {
    const auto line = findings_.line(at);
    const auto begin = findings_.column(at);
    report_flaw(at, "a key is a word or a quoted text, not a list or a mapping",
                line_with_quoted(line, {begin, bracket_end(line, begin), true}));
  }
  Level level;
  level.node.kind = kind;
  level.node.where = source_.spot(at);
  level.at = at;
  level.bracket = source_.at(at) == (kind == NodeKind::sequence ? '[' : '{');
  level.in_flow = in_flow() || level.bracket;
  levels_.push_back(std::move(level));
}

void TreeMaker::close() {
  Level level = std::move(levels_.back());
  levels_.pop_back();
  if (without_braces(level)) report_pair(level);
  place(std::move(level.node), level.at);
}

std::optional<std::size_t> TreeMaker::open_bracket() const {
  const auto found = std::find_if(levels_.rbegin(), levels_.rend(),
                                  [](const auto& level) { return level.bracket; });
  return found == levels_.rend() ? std::nullopt : std::optional{found->at};
}

bool TreeMaker::in_flow_before(std::size_t at) const {
  const auto start = source_.line_start(at);
  return std::any_of(levels_.begin(), levels_.end(),
                     [&](const auto& level) { return level.bracket && level.at < start; });
}

bool TreeMaker::awaits_key() const {
  return !levels_.empty() && levels_.back().node.kind == NodeKind::mapping && !levels_.back().key;
}

bool TreeMaker::without_braces(const Level& level) const {
  if (level.node.kind != NodeKind::mapping || !level.in_flow || level.bracket) return false;
  // The parser also makes a pair of the last item before the file ends too early.
  return source_.at(source_.text().find_first_of(":,]\n", level.at)) == ':';
}

// What looks wrong here may come from a value further left that the line cuts.
void TreeMaker::report_flaw(std::size_t at, const std::string& message,
                            const std::string& correction) {
  if (findings_.report_cut(at, in_flow_before(at))) return;
  if (correction.empty()) {
    findings_.report(at, message);
  } else {
    findings_.report(at, message + "; quote it", correction);
  }
}

void TreeMaker::place(Node node, std::size_t at) {
  if (!in_flow()) findings_.check_tab(at);
  if (levels_.empty()) {
    if (documents_ <= 1) root_ = std::move(node);
    return;
  }
  Level& level = levels_.back();
  if (level.node.kind == NodeKind::sequence) {
    level.node.items.push_back(std::move(node));
  } else if (!level.key) {
    level.key_usable = check_key(level, node, at);
    level.key = std::move(node);
    level.key_at = at;
  } else {
    if (level.key_usable) level.node.entries.emplace_back(std::move(*level.key), std::move(node));
    level.key.reset();
    level.value_at = at;
  }
}

bool TreeMaker::check_key(Level& level, const Node& key, std::size_t at) {
  if (key.kind != NodeKind::scalar) return false;
  const auto before = source_.text().substr(0, at).find_last_not_of(" \t");
  if (before != std::string_view::npos && source_.at(before) == '?' && before + 1 < at) {
    findings_.report(at, "keys written with '? ' are not supported; write key: value");
  }
  if (key.text.size() > kMaximumKeyBytes) {
    findings_.report(at, fmt::format("a key of more than {} bytes", kMaximumKeyBytes));
    return false;
  }
  if (!key.quoted) check_spelled_key(key, at);
  const auto [known, fresh] = level.lines.emplace(key.text, key.where.line);
  if (!fresh) {
    findings_.report(at, fmt::format("key '{}' is already given at line {}; remove one of them",
                                     key.text, known->second));
  }
  return fresh;
}

void TreeMaker::check_spelled_key(const Node& key, std::size_t at) {
  const auto column = findings_.column(at);
  const auto line = findings_.line(at);
  const auto correction =
      line_with(line, column, column + key.text.size(), quoted_scalar(key.text));
  if (key.text == "<<") {
    findings_.report(at, "merge keys (<<) are not supported; use extends or traits");
  } else if (key.text.starts_with('=')) {
    report_flaw(
        at, fmt::format("key '{}' starts with '='; an expression stands after 'key: '", key.text),
        correction);
  } else if (key.text.find_first_of("()[]{}") != std::string::npos) {
    report_flaw(at, fmt::format("key '{}' holds a bracket", key.text), correction);
  }
}

void TreeMaker::report_pair(const Level& level) {
  const auto line = findings_.line(level.at);
  const auto begin = findings_.column(level.at);
  const auto end = std::min(line.find_first_of(",]", begin), line.size());
  if (findings_.report_cut(level.at, in_flow_before(level.at))) return;
  findings_.report(level.at, "'key: value' directly inside [ ]; quote it if it is a text, or write",
                   line_with(line, begin, end,
                             fmt::format("{{ {} }}", trimmed(line.substr(begin, end - begin)))));
}

void TreeMaker::refuse_tag(std::size_t at) {
  const auto line = findings_.line(at);
  const auto column = findings_.column(at);
  const auto name = std::min(line.find_first_of(" ,]}", column), line.size());
  const auto value = std::min(line.find_first_not_of(' ', name), line.size());
  const auto rest = line.substr(value);
  std::string correction;
  if (rest.starts_with('{') || rest.starts_with('[') || rest.starts_with('"')) {
    correction = line_with(line, column, value, "");
  } else if (line.substr(column).starts_with("!!") && value < line.size() && value > name) {
    const auto meant = value_from(line, value, in_flow());
    correction =
        line_with(line, column, meant.end, quoted_scalar(line.substr(value, meant.end - value)));
  } else {
    correction = findings_.with_quoted(at, in_flow());
  }
  findings_.report(at, "tags (!name) are not supported; write", correction);
}

// The parser takes the end of the file for the closing quote, and a sign behind it for a comment.
void TreeMaker::check_quotes(std::size_t at, char quote) {
  last_quote_ = at;
  const auto end = closing_quote(source_.text(), at, quote);
  if (end == std::string_view::npos) {
    findings_.report(at, fmt::format("the quote {} is not closed; write", quote),
                     findings_.with_quoted(at, in_flow()));
  } else if (source_.at(end + 1) == '#' && source_.line_number(at) == source_.line_number(end)) {
    findings_.report(at, "a blank stands before the '#' of a comment; quote a text",
                     findings_.with_quoted(at, in_flow()));
  }
}

// Whether nothing is wrong with the characters of an unquoted scalar.
bool TreeMaker::check_plain(std::size_t at, const std::string& value) {
  const auto invisible = find_invisible(value);
  if (!invisible) return true;
  const auto bytes = value.substr(invisible->at, invisible->length);
  const auto place = std::min(source_.text().find(bytes, at), source_.text().size());
  const auto line = findings_.line(at);
  const bool same_line = source_.line_number(place) == source_.line_number(at);
  const char before = place > 0 ? source_.at(place - 1) : '\0';
  const bool text = !awaits_key() && !value.starts_with('=') && before != ':' && place != at;
  const auto correction = text ? findings_.with_quoted(at, in_flow()) : without_invisible(line);
  const auto message = fmt::format("{} outside quotes; write", invisible->described());
  if (same_line) {
    findings_.report(place, message, std::string{trimmed(correction)});
  } else {
    findings_.report(place, fmt::format("{} outside quotes", invisible->described()));
  }
  return false;
}

void TreeMaker::check_comment(std::size_t at, const std::string& value) {
  const auto line = findings_.line(at);
  const auto column = findings_.column(at);
  const auto rest = line.substr(column);
  if (!rest.starts_with(value) || !looks_like_no_comment(rest, value.size())) return;
  Node node;
  node.kind = NodeKind::scalar;
  node.text = value;
  const bool plain = value.starts_with('=') || node.is_number() || node.is_boolean();
  if (plain && unmatched_in(value) == '\0') {
    const auto sign = line.find('#', column + value.size());
    findings_.report(at, "' #' begins a comment; write a blank behind it",
                     line_with(line, sign, sign + 1, "# "));
  } else if (!plain) {
    findings_.report(at, "' #' begins a comment, for which a blank stands behind it; quote a text",
                     findings_.with_quoted(at, in_flow()));
  }
}

// What looks like a list below a text is more of the text to YAML.
void TreeMaker::check_lines(std::size_t at, const std::string& value) {
  const auto text = source_.text();
  if (text.substr(at).starts_with(value)) return;
  const auto marks = marks_of(source_, at, value);
  auto start = at;
  for (int line = source_.line_number(at); line < marks.back().line; ++line) {
    start = text.find('\n', start) + 1;
    const auto first = text.find_first_not_of(" \t", start);
    if (first == std::string_view::npos || text[first] != '-') continue;
    const char next = source_.at(first + 1);
    if (next == ' ' || next == '\n' || next == '\r') {
      findings_.report(first,
                       "a list does not follow a value; to YAML this is more of the text "
                       "above, which stands in quotes if it is meant");
    }
  }
}

void TreeMaker::check_expression(std::size_t at, const std::string& value) {
  if (!value.starts_with('=') || value.starts_with("==")) return;
  const char open = unmatched_in(value);
  if (open == '\0') return;
  const auto line = findings_.line(at);
  const auto column = findings_.column(at);
  const bool whole = line.substr(column).starts_with(value);
  const auto end = column + value.size();
  if (whole && end < line.size()) {
    const bool cut = in_flow() || is_cut_before(trimmed(line.substr(end)));
    if (cut && findings_.report_cut(at, in_flow_before(at))) return;
  }
  const auto message = fmt::format("'{}' in this expression has no partner", open);
  const auto repaired = with_partner(value, open);
  if (whole && !in_flow() && unmatched_in(repaired) == '\0') {
    findings_.report(at, message + "; write", line_with(line, column, end, repaired));
  } else {
    findings_.report(at, message);
  }
}

}  // namespace seedbed::detail
