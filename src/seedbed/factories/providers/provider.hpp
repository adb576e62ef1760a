#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

/// One word of the list, all equally likely: one draw.
[[nodiscard]] inline std::string_view pick(CellRandom& random, WordList words) {
  return words[static_cast<std::size_t>(random.below(words.size()))];
}

/// A provider that picks from one list.
template <const auto& kWords>
Scalar pick_from(Call& call) {
  return std::string{pick(call.random(), kWords)};
}

/// The row of such a provider.
template <const auto& kWords>
constexpr FunctionRow list_row(std::string_view signature, std::string_view description,
                               std::string_view example, std::string_view value) {
  FunctionRow row{signature, description, example, value, pick_from<kWords>, Effect::draws};
  row.words = kWords;
  return row;
}

/// Where argument 0 stands in `known`; drawn when it is absent or not there.
[[nodiscard]] inline std::size_t place_of(Call& call, WordList known) {
  const auto drawn = static_cast<std::size_t>(call.random().below(known.size()));
  if (!call.has(0)) return drawn;
  const auto found = std::find(known.begin(), known.end(), call.text(0));
  return found == known.end() ? drawn : static_cast<std::size_t>(found - known.begin());
}

/// `count` decimal digits.
[[nodiscard]] inline std::string digits(CellRandom& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random.below(10));
  return text;
}

}  // namespace seedbed::detail
