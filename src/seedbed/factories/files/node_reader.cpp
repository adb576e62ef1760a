#include "seedbed/factories/files/node_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

void NodeReader::report(const SourceSpot& where, std::string message) {
  findings_.push_back({ErrorCode::invalid_input, std::move(message), where});
}

void NodeReader::mapping(const Node& node, std::string_view what,
                         const std::function<void(const Node&, const Node&)>& entry) {
  if (node.kind != NodeKind::mapping) {
    report(node.where, fmt::format("{} must be a mapping of names to values", what));
    return;
  }
  for (const auto& [key, value] : node.entries) entry(key, value);
}

void NodeReader::fields(const Node& node, std::string_view what, std::span<const std::string> known,
                        const std::function<void(const std::string&, const Node&)>& field) {
  mapping(node, what, [&](const Node& key, const Node& value) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) {
      field(key.text, value);
      return;
    }
    report(key.where, fmt::format("{} has no '{}'{}; it takes {}", what, key.text,
                                  did_you_mean(key.text, known), join(known, ", ")));
  });
}

std::optional<std::string> NodeReader::name(const Node& node, std::string_view what) {
  if (node.kind == NodeKind::scalar && !node.text.empty()) return node.text;
  report(node.where, fmt::format("{} must be a name", what));
  return std::nullopt;
}

std::vector<Node> NodeReader::list(const Node& node, std::string_view what) {
  if (node.kind == NodeKind::sequence) return node.items;
  report(node.where, fmt::format("{} must be a list", what));
  return {};
}

}  // namespace seedbed::detail
