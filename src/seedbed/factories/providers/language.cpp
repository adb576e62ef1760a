#include <array>

#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMaximumWords = 1000;

std::string some_words(CellRandom& random, std::int64_t count) {
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += pick(random, words::kWords);
  }
  return text;
}

std::string some_sentence(CellRandom& random, std::int64_t count) {
  std::string text = some_words(random, count);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + '.';
}

Scalar words_of(Call& call) {
  return some_words(call.random(), call.integer_or(0, 3, 1, kMaximumWords));
}

Scalar sentence(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(5, 12);
  return some_sentence(random, call.integer_or(0, drawn, 1, kMaximumWords));
}

Scalar paragraph(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(3, 6);
  const auto sentences = call.integer_or(0, drawn, 1, kMaximumWords);
  std::string text;
  for (std::int64_t i = 0; i < sentences; ++i) {
    if (i > 0) text += ' ';
    text += some_sentence(random, random.between(5, 12));
  }
  return text;
}

Scalar headline(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(3, 6);
  return title_case(some_words(random, call.integer_or(0, drawn, 1, kMaximumWords)));
}

constexpr std::array<FunctionRow, 5> kRows{{
    {"headline(words?: integer) -> text", "A title of a few words.", "headline()",
     "Degree Wait Lemon", headline, Effect::draws},
    {"paragraph(sentences?: integer) -> text", "Some sentences.", "paragraph(2)",
     "Wait lemon section purple reach feature. Powder better butter between candle.", paragraph,
     Effect::draws},
    {"sentence(words?: integer) -> text", "A sentence.", "sentence()",
     "Degree wait lemon section purple.", sentence, Effect::draws},
    list_row<words::kWords>("word() -> text", "An English word.", "word()", "actor"),
    {"words(count?: integer) -> text", "Some English words (3).", "words(4)",
     "actor degree wait lemon", words_of, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> language_providers() {
  return kRows;
}

}  // namespace seedbed::detail
