#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed::detail {

/// The keys of a map by name, in its order: what a message suggests from.
template <typename Map>
[[nodiscard]] std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& entry : map) keys.push_back(entry.first);
  return keys;
}

/// The member `name` of each item.
template <typename Items>
[[nodiscard]] std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  names.reserve(items.size());
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

/// The first item of that name, or nullptr.
template <typename Items>
[[nodiscard]] auto* find_named(Items& items, std::string_view name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace seedbed::detail
