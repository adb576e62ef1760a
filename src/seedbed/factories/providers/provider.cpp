#include "seedbed/factories/providers/provider.hpp"

#include <utility>
#include <vector>

namespace seedbed::detail {

namespace {

constexpr std::string_view kDigits = "0123456789";
// The Royal Mail leaves out C, I, K, M, O and V, which look like others.
constexpr std::string_view kPostcodeLetters = "ABDEFGHJLNPQRSTUWXYZ";

class WordDomain : public Domain {
 public:
  explicit WordDomain(WordList words) : words_{words} {}
  [[nodiscard]] std::uint64_t size() const noexcept override { return words_.size(); }
  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& /*arena*/) const override {
    return TextView{words_[static_cast<std::size_t>(index)]};
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto found = std::find(words_.begin(), words_.end(), to_text(value));
    if (found == words_.end()) return std::nullopt;
    return static_cast<std::uint64_t>(found - words_.begin());
  }

 private:
  WordList words_;
};

// Texts with one character of each alphabet in turn, numbered as a number of mixed radix.
class SequenceDomain : public Domain {
 public:
  using Check = std::string (*)(std::string_view);

  SequenceDomain(std::vector<std::string_view> alphabets, std::uint64_t size, Check check)
      : alphabets_{std::move(alphabets)}, size_{size}, check_{check} {}
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& arena) const override {
    return TextView{arena.copy(text_at(index))};
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto text = to_text(value);
    if (text.size() < alphabets_.size()) return std::nullopt;
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < alphabets_.size(); ++i) {
      const auto place = alphabets_[i].find(text[i]);
      if (place == std::string_view::npos) return std::nullopt;
      index = index * alphabets_[i].size() + place;
    }
    return text_at(index) == text ? std::optional{index} : std::nullopt;
  }

 private:
  [[nodiscard]] std::string text_at(std::uint64_t index) const {
    std::string text(alphabets_.size(), '\0');
    for (std::size_t i = alphabets_.size(); i-- > 0;) {
      text[i] = alphabets_[i][static_cast<std::size_t>(index % alphabets_[i].size())];
      index /= alphabets_[i].size();
    }
    return check_ == nullptr ? text : text + check_(text);
  }

  std::vector<std::string_view> alphabets_;
  std::uint64_t size_;
  Check check_;
};

// The characters that may stand for one of a pattern; empty for itself.
std::string_view alphabet_of(char c) {
  switch (c) {
    case '#': return kDigits;
    case '%': return kDigits.substr(1);
    case '@': return kPostcodeLetters;
    default: return {};
  }
}

}  // namespace

DomainPointer make_word_domain(WordList words) {
  return std::make_shared<WordDomain>(words);
}

CellText digits(CellRandom& random, std::int64_t count) {
  return characters(random, count, kDigits);
}

CellText characters(CellRandom& random, std::int64_t count, std::string_view alphabet) {
  CellText text;
  for (std::int64_t i = 0; i < count; ++i) {
    text += alphabet[static_cast<std::size_t>(random.below(alphabet.size()))];
  }
  return text;
}

CellText filled(CellRandom& random, std::string_view pattern) {
  CellText text;
  for (const char c : pattern) {
    const auto alphabet = alphabet_of(c);
    text +=
        alphabet.empty() ? c : alphabet[static_cast<std::size_t>(random.below(alphabet.size()))];
  }
  return text;
}

DomainPointer make_pattern_domain(std::string_view pattern,
                                  std::string (*check)(std::string_view)) {
  std::vector<std::string_view> alphabets;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto alphabet = alphabet_of(pattern[i]);
    alphabets.push_back(alphabet.empty() ? pattern.substr(i, 1) : alphabet);
  }
  return make_sequence_domain(std::move(alphabets), check);
}

DomainPointer make_sequence_domain(std::vector<std::string_view> alphabets,
                                   std::string (*check)(std::string_view)) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 62U;  // what a permutation takes
  std::uint64_t size = 1;
  for (const auto& alphabet : alphabets) {
    if (size > kLargest / alphabet.size()) return nullptr;
    size *= alphabet.size();
  }
  return std::make_shared<SequenceDomain>(std::move(alphabets), size, check);
}

}  // namespace seedbed::detail
