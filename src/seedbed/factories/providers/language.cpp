#include <array>

#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMaximumWords = 1000;

CellText some_words(CellRandom& random, std::int64_t count) {
  CellText text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += pick(random, words::kWords);
  }
  return text;
}

CellText some_sentence(CellRandom& random, std::int64_t count) {
  auto text = some_words(random, count);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  text += '.';
  return text;
}

CellText some_sentences(CellRandom& random, std::int64_t count) {
  CellText text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += some_sentence(random, random.between(5, 12));
  }
  return text;
}

ScalarView words_of(Call& call) {
  return call.keep(some_words(call.random(), call.integer_or(0, 3, 1, kMaximumWords)));
}

ScalarView sentence(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(5, 12);
  return call.keep(some_sentence(random, call.integer_or(0, drawn, 1, kMaximumWords)));
}

ScalarView question(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(5, 12);
  auto text = some_sentence(random, call.integer_or(0, drawn, 1, kMaximumWords));
  text.back() = '?';
  return call.keep(text);
}

ScalarView paragraph(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(3, 6);
  return call.keep(some_sentences(random, call.integer_or(0, drawn, 1, kMaximumWords)));
}

CellText some_paragraphs(CellRandom& random, std::int64_t count) {
  CellText text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) text += "\n\n";
    text += some_sentences(random, random.between(3, 6));
  }
  return text;
}

ScalarView paragraphs(Call& call) {
  return call.keep(some_paragraphs(call.random(), call.integer_or(0, 3, 1, 100)));
}

ScalarView headline(Call& call) {
  auto& random = call.random();
  const auto drawn = random.between(3, 6);
  return call.keep(title_case(some_words(random, call.integer_or(0, drawn, 1, kMaximumWords))));
}

CellText some_list(CellRandom& random) {
  CellText text;
  const auto items = random.between(2, 5);
  for (std::int64_t i = 0; i < items; ++i) {
    text += joined("- ", some_words(random, random.between(1, 4)), '\n');
  }
  return text;
}

ScalarView markdown(Call& call) {
  auto& random = call.random();
  const auto sections = call.integer_or(0, 2, 1, 100);
  auto text = joined("# ", title_case(some_words(random, random.between(2, 4))), '\n');
  for (std::int64_t i = 0; i < sections; ++i) {
    const auto title = title_case(some_words(random, random.between(1, 3)));
    const auto body = some_paragraphs(random, random.between(1, 2));
    text += joined("\n## ", title, "\n\n", body, "\n\n", some_list(random));
  }
  return call.keep(text);
}

constexpr std::array<FunctionRow, 8> kRows{{
    {"headline(words?: integer) -> text", "A title of a few words.", "headline()",
     "Degree Wait Lemon", headline, Effect::draws},
    {"markdown(sections?: integer) -> text",
     "A title and some sections (2) of Markdown, with paragraphs and lists.",
     "substr(markdown(), 1, 13)", "# Degree Wait", markdown, Effect::draws},
    {"paragraph(sentences?: integer) -> text", "Some sentences.", "paragraph(2)",
     "Wait lemon section purple reach feature. Powder better butter between candle.", paragraph,
     Effect::draws},
    {"paragraphs(count?: integer) -> text", "Some paragraphs (3) with an empty line between them.",
     "length(paragraphs(2))", "541", paragraphs, Effect::draws},
    {"question(words?: integer) -> text", "A sentence that asks.", "question()",
     "Degree wait lemon section purple?", question, Effect::draws},
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
