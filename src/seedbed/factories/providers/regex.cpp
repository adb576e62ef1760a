#include "seedbed/factories/providers/regex.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/expression/letters.hpp"

namespace seedbed::detail {

namespace {

void append_match(const RegexNode& node, CellRandom& random, std::string& text) {
  switch (node.kind) {
    case RegexNode::Kind::characters: {
      std::uint64_t size = 0;
      for (const auto& range : node.characters) size += range.count();
      auto drawn = size > 1 ? random.below(size) : 0;
      auto range = node.characters.begin();
      for (; drawn >= range->count(); ++range) drawn -= range->count();
      append_code_point(text, range->first + static_cast<char32_t>(drawn));
      return;
    }
    case RegexNode::Kind::sequence:
      for (const auto& part : node.parts) append_match(part, random, text);
      return;
    case RegexNode::Kind::alternation:
      append_match(node.parts[static_cast<std::size_t>(random.below(node.parts.size()))], random,
                   text);
      return;
    case RegexNode::Kind::repetition: break;
  }
  const auto times = node.least == node.most
                         ? node.least
                         : static_cast<std::uint64_t>(random.between(node.least, node.most));
  for (std::uint64_t i = 0; i < times; ++i) append_match(node.parts[0], random, text);
}

class RegexDraw : public Operation {
 public:
  RegexDraw(RegexNode regex, std::uint32_t stream, SourceSpot where)
      : Operation{ExpressionType::text},
        regex_{std::move(regex)},
        where_{std::move(where)},
        stream_{stream} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto key = stream_key(batch.frame().cell_key(), StreamKind::value, stream_);
    auto* const observer = batch.frame().draw_observer();
    const auto values = batch.values();
    const RowDraws draws{batch, key};
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto random = draws.of(i);
      text.clear();
      append_match(regex_, random, text);
      values[i] = TextView{batch.arena().copy(text)};
      if (observer != nullptr) observer->drew("regex", where_, random, values[i]);
    }
    return Operand{values};
  }
  [[nodiscard]] std::shared_ptr<const Domain> domain() const override {
    return make_regex_domain(regex_);
  }

 private:
  RegexNode regex_;
  SourceSpot where_;
  std::uint32_t stream_;
};

}  // namespace

std::string draw_match(const RegexNode& regex, CellRandom& random) {
  std::string text;
  append_match(regex, random, text);
  return text;
}

OperationPointer make_regex(std::string_view pattern, std::uint32_t stream,
                            const SourceSpot& where) {
  try {
    return std::make_shared<RegexDraw>(parse_regex(pattern), stream, where);
  } catch (const Error& error) {
    throw Error{error.code(), fmt::format("regex: {}", error.what())};
  }
}

}  // namespace seedbed::detail
