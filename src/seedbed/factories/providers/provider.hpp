#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/expression/cell_text.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

/// One word of the list, all equally likely: one draw.
[[nodiscard]] inline std::string_view pick(CellRandom& random, WordList words) {
  return words[static_cast<std::size_t>(random.below(words.size()))];
}

/// The words of a list, which are without repetition and outlive the domain.
[[nodiscard]] DomainPointer make_word_domain(WordList words);

/// The row of a provider that picks from the list that its arguments name.
template <WordList (*kWordsOf)(const Call&)>
constexpr FunctionRow words_row(std::string_view signature, std::string_view description,
                                std::string_view example, std::string_view value) {
  FunctionRow row{signature, description, example, value};
  row.function = [](Call& call) -> ScalarView {
    return TextView{pick(call.random(), kWordsOf(call))};
  };
  row.effect = Effect::draws;
  row.domain = [](const Call& call) { return make_word_domain(kWordsOf(call)); };
  row.words = kWordsOf;
  return row;
}

template <const auto& kWords>
WordList all_words(const Call& /*call*/) {
  return kWords;
}

/// The row of a provider that picks from one list.
template <const auto& kWords>
constexpr FunctionRow list_row(std::string_view signature, std::string_view description,
                               std::string_view example, std::string_view value) {
  return words_row<all_words<kWords>>(signature, description, example, value);
}

/// The row with `domain`, for tables of rows.
[[nodiscard]] constexpr FunctionRow with_domain(FunctionRow row,
                                                DomainPointer (*domain)(const Call&)) {
  row.domain = domain;
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
[[nodiscard]] CellText digits(CellRandom& random, std::int64_t count);
/// `count` characters of `alphabet`, all equally likely.
[[nodiscard]] CellText characters(CellRandom& random, std::int64_t count,
                                  std::string_view alphabet);
/// The pattern with each `#` replaced by a digit, `%` by one that is not 0, and `@` by one of the
/// upper-case letters that British postcodes use at their end.
[[nodiscard]] CellText filled(CellRandom& random, std::string_view pattern);
/// Texts of one character of each alphabet in turn, each followed by what `check` gives for it;
/// nullptr when there are more than 2^62. The alphabets are bytes, and outlive the domain.
[[nodiscard]] DomainPointer make_sequence_domain(std::vector<std::string_view> alphabets,
                                                 std::string (*check)(std::string_view) = nullptr);
/// All texts that `filled` makes, followed by their check; the pattern outlives the domain.
[[nodiscard]] DomainPointer make_pattern_domain(std::string_view pattern,
                                                std::string (*check)(std::string_view) = nullptr);

}  // namespace seedbed::detail
