#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression/operation.hpp"

namespace seedbed::detail {

/// Code points from `first` to `last`, both included.
struct CodePoints {
  char32_t first = 0;
  char32_t last = 0;
  [[nodiscard]] std::uint64_t count() const noexcept { return last - first + 1; }
};

/// A part of a regular expression.
struct RegexNode {
  enum class Kind : std::uint8_t { characters, sequence, alternation, repetition };
  Kind kind = Kind::sequence;
  std::vector<CodePoints> characters{};  ///< sorted, without overlap
  std::vector<RegexNode> parts{};        ///< one of a repetition
  std::uint32_t least = 1;
  std::uint32_t most = 1;
};

inline constexpr std::size_t kMaximumPatternLength = 1000;
inline constexpr std::uint64_t kMaximumRegexLength = 4096;  ///< of the texts that match
inline constexpr std::uint32_t kOpenRepetitions = 8;        ///< how often `*` repeats at most

/// Parses the language that factories/README.md describes. Throws invalid_input with the character
/// at which it goes wrong.
[[nodiscard]] RegexNode parse_regex(std::string_view pattern);

/// A text that the expression matches: each choice on the way is uniform.
[[nodiscard]] std::string draw_match(const RegexNode& regex, CellRandom& random);

/// All texts that match, each once, in the order of their code points; nullptr when they are more
/// than 2^62, or too intricate to be counted.
[[nodiscard]] std::shared_ptr<const Domain> make_regex_domain(const RegexNode& regex);

/// The call of `regex` with this pattern. Throws invalid_input.
[[nodiscard]] OperationPointer make_regex(std::string_view pattern, std::uint32_t stream,
                                          const SourceSpot& where);

}  // namespace seedbed::detail
