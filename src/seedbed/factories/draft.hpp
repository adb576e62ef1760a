#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/code_place.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed {

class BuiltCount;
class BuiltLiteral;
class BuiltValue;

namespace detail {

/// What a builder has been told so far: the part of a document that a file would hold, with places
/// in the C++ source, and the mistakes that were seen on the way.
class Draft {
 public:
  using Place = CodePlace;

  /// `kind` is mapping or sequence.
  Draft(std::string name, Place here, NodeKind kind = NodeKind::mapping);

  /// A field of the mapping; the last one of a name counts.
  void put(std::string_view field, const std::string& text, Place here);
  void put(std::string_view field, const BuiltCount& count, Place here);
  void put(std::string_view field, const Draft& part, Place here);
  void put_names(std::string_view field, const std::vector<std::string>& names, Place here);
  [[nodiscard]] Draft with(std::string_view field, const auto& value, Place here) && {
    put(field, value, here);
    return std::move(*this);
  }

  /// An entry of the mapping that `field` is; the last one of a name counts.
  void put_in(std::string_view field, const std::string& name, const BuiltValue& value, Place here);
  void put_in(std::string_view field, const std::string& name, const BuiltLiteral& value,
              Place here);
  void put_in(std::string_view field, const std::string& name, const BuiltCount& count, Place here);
  void put_in(std::string_view field, const std::string& name, const Draft& part, Place here);

  /// An item of the list that the draft is, or that `field` is.
  void append(const Draft& item);
  void append(const std::string& name, Place here);
  void append_in(std::string_view field, const Draft& item, Place here);

  void define_trait(const std::string& name, const Draft& trait, Place here);
  void add_hook(HookDefinition hook, Place here);

  /// Reads the draft as an entry of `section`, as from a file, and appends what is wrong.
  void read_into(Definitions& definitions, std::string_view section, Diagnostics& findings) const;

 private:
  [[nodiscard]] Node& field(std::string_view name, NodeKind kind, Place here);
  [[nodiscard]] Node take(const Draft& part);
  [[nodiscard]] Node node_of(const BuiltValue& value, Place here);
  [[nodiscard]] Node node_of(const BuiltLiteral& value, Place here);
  [[nodiscard]] Node node_of(const BuiltCount& count, Place here);
  [[nodiscard]] Node expression(const std::string& text, Place here);
  [[nodiscard]] Node document(const std::string& json, Place here);
  [[nodiscard]] Node whole(Diagnostics& findings) const;
  void report(std::string message, Place here);

  Node name_;
  Node node_;
  Node traits_;
  std::vector<HookDefinition> hooks_;
  std::map<std::string, std::vector<HookDefinition>> trait_hooks_;
  Diagnostics mistakes_;
};

}  // namespace detail

}  // namespace seedbed
