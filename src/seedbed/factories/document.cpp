#include "seedbed/factories/document.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <set>
#include <streambuf>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/source_text.hpp"

namespace seedbed {

namespace {

using detail::SourceText;

// Turns the parser's events into a tree, and notes what a strict file does not hold.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const SourceText& source) : source_{source} {}

  [[nodiscard]] Node take_root() { return std::move(root_); }
  [[nodiscard]] Diagnostics& findings() noexcept { return findings_; }
  /// Where the last quoted scalar began, for errors that an unclosed quote causes further down.
  [[nodiscard]] std::optional<std::size_t> last_quote() const noexcept { return last_quote_; }

  void report(std::size_t at, std::string message) {
    const auto where = source_.spot(at);
    // What follows a broken value on its line is a consequence of it.
    if (!reported_lines_.insert(where.line).second) return;
    findings_.push_back({ErrorCode::invalid_input, std::move(message), where});
  }

  /// Tabs may stand before JSON and in a quoted text; what begins a line in a block may not follow
  /// one.
  void check_tab(std::size_t at) {
    const std::size_t start = source_.line_start(at);
    const auto indent = source_.text().substr(start, at - start);
    const auto tab = indent.find('\t');
    if (tab == std::string_view::npos || !trimmed(indent).empty()) return;
    report(start + tab, "a tab in the indentation; use spaces");
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) report(position(mark), "a second document begins; a file holds one");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    const std::size_t at = position(mark);
    Node node;
    node.where = source_.spot(at);
    if (awaits_key()) {
      report(at, "a key is missing before ':', or is null; quote a key that is named null");
    } else if (const auto spelled = source_.text().substr(at, 4); spelled != "null") {
      report_missing_value(at, spelled);
    }
    place(std::move(node), at);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    report(position(mark), "aliases (*name) are not supported; write the value out");
    place(Node{}, position(mark));
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    report(position(mark), fmt::format("anchors (&{}) are not supported; write values out", name));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    const std::size_t at = position(mark);
    Node node;
    node.kind = NodeKind::scalar;
    node.text = value;
    node.where = source_.spot(at);
    const char first = source_.at(at);
    node.quoted = first == '"' || first == '\'' || first == '|' || first == '>';
    if (first == '"' || first == '\'') check_closed(at, first);
    if (first == '!') refuse_tag(at);
    if (!node.quoted && !awaits_key()) check_expression(at, value);
    place(std::move(node), at);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    open(NodeKind::sequence, position(mark), '[');
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(NodeKind::mapping, position(mark), '{');
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    std::size_t at = 0;
    std::optional<Node> key{};
    bool key_usable = true;
    bool in_flow = false;
    std::unordered_map<std::string, int> lines{};  // of the keys so far
  };

  static std::size_t position(const YAML::Mark& mark) {
    return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
  }
  [[nodiscard]] bool awaits_key() const {
    return !levels_.empty() && levels_.back().node.kind == NodeKind::mapping && !levels_.back().key;
  }
  [[nodiscard]] bool in_flow() const { return !levels_.empty() && levels_.back().in_flow; }

  [[nodiscard]] bool without_braces(const Level& level) const {
    if (level.node.kind != NodeKind::mapping || !level.in_flow || source_.at(level.at) == '{') {
      return false;
    }
    // The parser also makes a pair of the last item before the file ends too early.
    return source_.at(source_.text().find_first_of(":,]\n", level.at)) == ':';
  }

  void open(NodeKind kind, std::size_t at, char bracket) {
    if (levels_.size() >= kMaximumDepth) {
      throw Error{ErrorCode::invalid_input, detail::too_deep(), {.where = source_.spot(at)}};
    }
    if (source_.at(at) == '!') refuse_tag(at);
    if (awaits_key()) report(at, "a key is a word or a quoted text, not a list or a mapping");
    Level level;
    level.node.kind = kind;
    level.node.where = source_.spot(at);
    level.at = at;
    level.in_flow = in_flow() || source_.at(at) == bracket;
    levels_.push_back(std::move(level));
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (without_braces(level)) {
      report(level.at, "'key: value' directly inside [ ]; write { key: value }, or quote the text");
    }
    place(std::move(level.node), level.at);
  }

  void place(Node node, std::size_t at) {
    if (!in_flow()) check_tab(at);
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
    } else {
      if (level.key_usable) level.node.entries.emplace_back(std::move(*level.key), std::move(node));
      level.key.reset();
    }
  }

  bool check_key(Level& level, const Node& key, std::size_t at) {
    if (key.kind != NodeKind::scalar) return false;
    const auto before = source_.text().substr(0, at).find_last_not_of(" \t");
    if (before != std::string_view::npos && source_.at(before) == '?' && before + 1 < at) {
      report(at, "keys written with '? ' are not supported; write key: value");
    }
    if (!key.quoted && key.text == "<<") {
      report(at, "merge keys (<<) are not supported; use extends or traits");
    } else if (!key.quoted && key.text.starts_with('=')) {
      report(at,
             fmt::format("key '{}' starts with '='; an expression stands after 'key: '", key.text));
    } else if (!key.quoted && key.text.find_first_of("()[]{}") != std::string::npos) {
      report(at, fmt::format("key '{}' holds a bracket; quote it if it is meant{}", key.text,
                             hint_at(at)));
    }
    const auto [known, fresh] = level.lines.emplace(key.text, key.where.line);
    if (!fresh) {
      report(at, fmt::format("key '{}' is already given at line {}", key.text, known->second));
    }
    return fresh;
  }

  void report_missing_value(std::size_t at, std::string_view spelled) {
    const bool written = spelled.starts_with('~') || spelled == "Null" || spelled == "NULL";
    if (written) {
      const auto text = spelled.substr(0, spelled.starts_with('~') ? 1 : 4);
      return report(at, fmt::format("write null, or quote '{}' if it is a text", text));
    }
    if (levels_.empty()) return;
    const Level& level = levels_.back();
    if (level.in_flow && level.node.kind == NodeKind::mapping && source_.at(level.at) != '{')
      return;
    if (!level.key) return report(at, "an entry of the list is empty; write null, or remove it");
    const auto& key = *level.key;
    const bool template_like = source_.at(level.at) == '{' && level.node.entries.empty();
    findings_on_key(key,
                    template_like
                        ? fmt::format("key '{0}' has no value; write {0}: null, or quote the "
                                      "braces if they are a template: \"{{{0}}}\"",
                                      key.text)
                        : fmt::format("key '{}' has no value; write null, or remove it", key.text));
  }

  void findings_on_key(const Node& key, std::string message) {
    if (!reported_lines_.insert(key.where.line).second) return;
    findings_.push_back({ErrorCode::invalid_input, std::move(message), key.where});
  }

  void refuse_tag(std::size_t at) {
    report(at, "tags (!name) are not supported; quote a text that starts with '!'");
  }

  // The parser takes the end of the file for the closing quote.
  void check_closed(std::size_t at, char quote) {
    last_quote_ = at;
    const auto text = source_.text();
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (quote == '"' && text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        if (quote == '"' || source_.at(i + 1) != quote) return;
        ++i;
      }
    }
    report(at, fmt::format("the quote {} is not closed", quote));
  }

  void check_expression(std::size_t at, const std::string& value) {
    if (!value.starts_with('=') || value.starts_with("==")) return;
    const char open = detail::unmatched_in(value);
    if (open == '\0') return;
    const auto rest = source_.line(at).substr(at - source_.line_start(at));
    std::string_view cause;
    if (rest.starts_with(value) && rest.size() > value.size()) {
      const auto after = trimmed(rest.substr(value.size()));
      if (after.starts_with('#'))
        cause = "' #' begins a comment and cuts this expression";
      else if (in_flow())
        cause = "inside { } and [ ] an unquoted value ends at ',' or a bracket";
      else if (after.starts_with(':'))
        cause = "': ' ends an unquoted value";
    }
    if (cause.empty()) {
      return report(at, fmt::format("'{}' in this expression has no partner", open));
    }
    report(at, fmt::format("{}{}", cause, hint_at(at)));
  }

  [[nodiscard]] std::string hint_at(std::size_t at) const {
    const auto hint = detail::line_with_value_quoted(source_.line(at), at - source_.line_start(at));
    return hint ? fmt::format("; quote it: {}", trimmed(*hint)) : "";
  }

  const SourceText& source_;
  Node root_;
  std::vector<Level> levels_;
  Diagnostics findings_;
  std::set<int> reported_lines_;
  std::optional<std::size_t> last_quote_;
  int documents_ = 0;
};

// A stream over bytes that are already in memory.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string& text) {
    setg(text.data(), text.data(), text.data() + text.size());
  }
};

std::string explain(const std::string& message, char found) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kRows{{
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
  }};
  for (const auto& [theirs, ours] : kRows) {
    if (message.starts_with(theirs)) return std::string{ours};
  }
  if (message == "unknown token") {
    return fmt::format("an unquoted value cannot hold '{}' here; quote it", found);
  }
  return message;
}

void report_parser_error(const SourceText& source, const YAML::Exception& error,
                         TreeBuilder& builder) {
  const std::size_t at =
      error.mark.pos < 0 ? 0
                         : std::min(static_cast<std::size_t>(error.mark.pos), source.text().size());
  builder.check_tab(at);
  std::string message = explain(error.msg, source.at(at));
  const auto line = source.line(at);
  const auto column = at - source.line_start(at);
  if (const auto hint = detail::line_with_value_quoted(line, column)) {
    message +=
        fmt::format("; if the value is an expression or a template, quote it: {}", trimmed(*hint));
  } else if (const auto quote = builder.last_quote();
             quote && source.line_number(*quote) < source.line_number(at)) {
    message += fmt::format("; is the quote at {} closed where it should be?",
                           source.spot(*quote).to_string());
  }
  builder.report(at, std::move(message));
}

void parse_into(TreeBuilder& builder, const SourceText& source) {
  std::string copy{source.text()};
  ViewBuffer buffer{copy};
  std::istream stream{&buffer};
  try {
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    report_parser_error(source, error, builder);
  }
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

Node parse_document(std::string_view text, const std::filesystem::path& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kMaximumDocumentBytes) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("larger than {} MiB", kMaximumDocumentBytes >> 20U),
                {.where = {file}}};
  }
  const SourceText source{text, file};
  detail::check_bytes(source);
  TreeBuilder builder{source};
  parse_into(builder, source);
  auto& findings = builder.findings();
  std::stable_sort(findings.begin(), findings.end(), [](const auto& left, const auto& right) {
    return std::pair{left.where.line, left.where.column} <
           std::pair{right.where.line, right.where.column};
  });
  throw_if_any(std::move(findings));
  Node root = builder.take_root();
  if (root.where.line == 0) root.where = source.spot(0);
  return root;
}

}  // namespace seedbed
