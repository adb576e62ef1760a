#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/files/yaml_copy.hpp"
#include "seedbed/factories/files/yaml_findings.hpp"

namespace seedbed::detail {

/// Turns the events of a YAML parser into a tree, and notes what a strict file does not hold.
/// Positions are bytes of the source.
class TreeMaker {
 public:
  TreeMaker(YamlFindings& findings, const YamlCopy& copy)
      : findings_{findings}, copy_{copy}, source_{findings.source()} {}

  void begin_document(std::size_t at);
  void end_document();
  void null(std::size_t at);
  void alias(std::size_t at);
  void anchor(std::size_t at, const std::string& name);
  void scalar(std::size_t at, const std::string& value);
  /// Throws invalid_input beyond `kMaximumDepth` levels.
  void open(NodeKind kind, std::size_t at);
  void close();

  /// Whether more than one document begins; the parser may go on with it for ever.
  [[nodiscard]] bool has_several() const noexcept { return documents_ > 1; }
  [[nodiscard]] Node take_root() { return std::move(root_); }
  /// Where the last quoted scalar began, for errors that an unclosed quote causes further down.
  [[nodiscard]] std::optional<std::size_t> last_quote() const noexcept { return last_quote_; }
  /// Where the innermost { or [ stands that is not closed yet.
  [[nodiscard]] std::optional<std::size_t> open_bracket() const;
  /// Whether the line at `at` begins inside { } or [ ].
  [[nodiscard]] bool in_flow_before(std::size_t at) const;

 private:
  struct Level {
    Node node;
    std::size_t at = 0;
    std::optional<Node> key{};
    std::size_t key_at = 0;
    std::size_t value_at = 0;  // of the last entry's value
    bool key_usable = true;
    bool in_flow = false;
    bool bracket = false;
    std::unordered_map<std::string, int> lines{};  // of the keys so far
  };

  [[nodiscard]] bool awaits_key() const;
  [[nodiscard]] bool in_flow() const { return !levels_.empty() && levels_.back().in_flow; }
  [[nodiscard]] bool without_braces(const Level& level) const;
  void report_flaw(std::size_t at, const std::string& message, const std::string& correction = {});
  void place(Node node, std::size_t at);
  bool check_key(Level& level, const Node& key, std::size_t at);
  void check_spelled_key(const Node& key, std::size_t at);
  void report_pair(const Level& level);
  void report_missing_key(std::size_t at, bool spelled_null);
  void report_missing_value(std::size_t at);
  void report_empty_entry(std::size_t at);
  void report_empty_key(const Level& level);
  bool report_rest_of_line(const Level& level, std::size_t colon);
  void report_lone_key(const Level& level, std::size_t end);
  void refuse_tag(std::size_t at);
  void check_quotes(std::size_t at, char quote);
  bool check_plain(std::size_t at, const std::string& value);
  void check_comment(std::size_t at, const std::string& value);
  void check_lines(std::size_t at, const std::string& value);
  void check_expression(std::size_t at, const std::string& value);

  YamlFindings& findings_;
  const YamlCopy& copy_;
  const SourceText& source_;
  Node root_{};
  std::vector<Level> levels_{};
  std::optional<std::size_t> last_quote_{};
  int documents_ = 0;
  std::size_t first_document_ = 0;
  bool directive_ = false;
};

}  // namespace seedbed::detail
