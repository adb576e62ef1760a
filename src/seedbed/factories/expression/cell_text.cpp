#include "seedbed/factories/expression/cell_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace seedbed::detail {

CellText::CellText(CellText&& other) noexcept : CellText{} {
  size_ = other.size_;
  capacity_ = other.capacity_;
  more_ = std::move(other.more_);
  if (!more_) std::copy_n(other.own_, size_, own_);
  other.size_ = 0;
  other.capacity_ = kOwn;
}

CellText& CellText::operator+=(const Padded& integer) {
  std::array<char, 24> digits{};
  const auto* end =
      std::to_chars(digits.data(), digits.data() + digits.size(), integer.number, integer.base).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  for (auto zeros = size; zeros < integer.width; ++zeros) *this += '0';
  return *this += std::string_view{digits.data(), size};
}

void CellText::grow(std::size_t size) {
  capacity_ = std::max(size, 2 * capacity_);
  auto more = std::make_unique<char[]>(capacity_);  // NOLINT(*-avoid-c-arrays)
  std::copy_n(begin(), size_, more.get());
  more_ = std::move(more);
}

CellText filled_in(std::string_view pattern,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  CellText text;
  for (;;) {
    const auto open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) return text;
    const auto close = pattern.find('}', open);
    const auto name = pattern.substr(open + 1, close - open - 1);
    for (const auto& [known, value] : values) {
      if (known == name) text += value;
    }
    pattern.remove_prefix(close + 1);
  }
}

}  // namespace seedbed::detail
