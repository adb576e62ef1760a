#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"

namespace seedbed {

enum class NodeKind : unsigned char { null, scalar, sequence, mapping };

/// Where a part of a scalar's text stands, from byte `offset` of the text on.
struct TextMark {
  std::size_t offset = 0;
  int line = 0;
  int column = 0;
};

/// One node of a strict YAML or JSON document, with the place it was written at. A plain tree of
/// values.
struct Node {
  NodeKind kind = NodeKind::null;
  std::string text{};         ///< of a scalar, as spelled
  bool quoted = false;        ///< a quoted or block scalar: never a number, boolean or null
  std::vector<Node> items{};  ///< of a sequence
  std::vector<std::pair<Node, Node>> entries{};  ///< of a mapping, in file order; keys are scalars
  SourceSpot where{};
  std::vector<TextMark> marks{};  ///< of a computed scalar with escapes or several lines

  /// The value of `key` in a mapping, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const noexcept;
  /// An unquoted scalar spelled as a JSON number, `true`, `false` or `null`.
  [[nodiscard]] bool is_number() const noexcept;
  [[nodiscard]] bool is_boolean() const noexcept;
};

/// Reads one strict YAML document (JSON is accepted too). Refused, each at its place with the line
/// as it should be: duplicate keys, anchors, aliases, tags, directives, a second document, keys
/// that start with `=` or hold brackets, keys without a value, `k: v` directly inside `[ ]`, ` #`
/// that cuts an expression or a text, unclosed quotes and brackets, tabs in indentation, characters
/// that cannot be seen outside quotes, invalid UTF-8, more than `kMaximumDepth` levels. Throws
/// Error with every finding that could be collected.
[[nodiscard]] Node parse_document(std::string_view text, const std::filesystem::path& file);

/// What can be read of a document that is not right.
struct ParsedDocument {
  Node root{};
  Diagnostics findings{};  ///< by place
  bool whole = true;       ///< whether all of the document was read, so that `root` holds it
};

namespace detail {
/// As `parse_document`, for callers that look for more mistakes. Throws for what cannot be read at
/// all.
[[nodiscard]] ParsedDocument read_document(std::string_view text,
                                           const std::filesystem::path& file);
}  // namespace detail

inline constexpr int kMaximumDepth = 64;
inline constexpr std::size_t kMaximumKeyBytes = 1000;  ///< what YAML parsers take for a key
inline constexpr std::uint64_t kMaximumDocumentBytes = 16U << 20U;

}  // namespace seedbed
