#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed::detail {

/// Reads parts of a document, collecting what is wrong in `findings` and going on.
class NodeReader {
 public:
  explicit NodeReader(Diagnostics& findings) : findings_{findings} {}

  void report(const SourceSpot& where, std::string message);
  /// Calls `entry(key, value)` for every entry; reports a node that is no mapping. `what` names it:
  /// "'set'".
  void mapping(const Node& node, std::string_view what,
               const std::function<void(const Node&, const Node&)>& entry);
  /// As `mapping`, for entries whose keys are `known`; reports others with the nearest.
  void fields(const Node& node, std::string_view what, std::span<const std::string> known,
              const std::function<void(const std::string&, const Node&)>& field);
  /// The text of a scalar that is a name; reports anything else.
  [[nodiscard]] std::optional<std::string> name(const Node& node, std::string_view what);
  [[nodiscard]] std::vector<Node> list(const Node& node, std::string_view what);

 private:
  Diagnostics& findings_;
};

}  // namespace seedbed::detail
