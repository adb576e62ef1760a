#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"

namespace seedbed {

enum class NodeKind : unsigned char { null, scalar, sequence, mapping };

/// One node of a strict YAML or JSON document, with the place it was written at. A plain tree of
/// values.
struct Node {
  NodeKind kind = NodeKind::null;
  std::string text{};         ///< of a scalar, as spelled
  bool quoted = false;        ///< a quoted or block scalar: never a number, boolean or null
  std::vector<Node> items{};  ///< of a sequence
  std::vector<std::pair<Node, Node>> entries{};  ///< of a mapping, in file order; keys are scalars
  SourceSpot where{};

  /// The value of `key` in a mapping, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const noexcept;
  /// An unquoted scalar spelled as a JSON number, `true`, `false` or `null`.
  [[nodiscard]] bool is_number() const noexcept;
  [[nodiscard]] bool is_boolean() const noexcept;
};

/// Reads one strict YAML document (JSON is accepted too). Refused, each at its line with what would
/// be right: duplicate keys, anchors, aliases, tags, a second document, keys that start with `=` or
/// hold brackets, keys without a value, `k: v` directly inside `[ ]`, ` #` that cuts an expression,
/// unclosed quotes or brackets in an expression, tabs in indentation, invalid UTF-8, more than
/// `kMaximumDepth` levels. Throws Error with every finding that could be collected.
[[nodiscard]] Node parse_document(std::string_view text, const std::filesystem::path& file);

inline constexpr int kMaximumDepth = 64;
inline constexpr std::uint64_t kMaximumDocumentBytes = 16U << 20U;

}  // namespace seedbed
