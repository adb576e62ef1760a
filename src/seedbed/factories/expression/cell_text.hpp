#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

namespace seedbed::detail {

struct Padded {
  std::uint64_t number = 0;
  std::size_t width = 0;
  int base = 10;
};

/// A text in the making. Up to the length of some paragraphs it needs no memory but its own, so
/// that a row costs no allocation.
class CellText {
 public:
  CellText() noexcept {}  // NOLINT(*-member-init,*-use-equals-default): bytes are written first
  explicit CellText(std::string_view text) : CellText{} { *this += text; }
  ~CellText() = default;
  CellText(const CellText&) = delete;
  CellText& operator=(const CellText&) = delete;
  CellText(CellText&& other) noexcept;
  CellText& operator=(CellText&&) = delete;

  CellText& operator+=(std::string_view text) {
    if (text.size() > capacity_ - size_) grow(size_ + text.size());
    std::copy(text.begin(), text.end(), end());
    size_ += text.size();
    return *this;
  }
  CellText& operator+=(const char* text) { return *this += std::string_view{text}; }
  CellText& operator+=(char c) { return *this += std::string_view{&c, 1}; }
  CellText& operator+=(const Padded& integer);
  template <std::integral Integer>
  CellText& operator+=(Integer integer) {
    if (integer < 0) *this += '-';
    const auto bits = static_cast<std::uint64_t>(integer);
    return *this += Padded{integer < 0 ? 0 - bits : bits};
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] char& operator[](std::size_t i) noexcept { return begin()[i]; }
  [[nodiscard]] char& back() noexcept { return begin()[size_ - 1]; }
  [[nodiscard]] char* begin() noexcept { return more_ ? more_.get() : own_; }
  [[nodiscard]] char* end() noexcept { return begin() + size_; }
  /// Valid until the text changes.
  [[nodiscard]] std::string_view view() const noexcept {
    return {more_ ? more_.get() : own_, size_};
  }
  // A text that is read is a text.
  operator std::string_view() const noexcept { return view(); }  // NOLINT(*-explicit-*)

 private:
  static constexpr std::size_t kOwn = 2000;

  void grow(std::size_t size);

  std::size_t size_ = 0;
  std::size_t capacity_ = kOwn;
  std::unique_ptr<char[]> more_{};  // NOLINT(*-avoid-c-arrays): once it is longer
  char own_[kOwn];                  // NOLINT(*-avoid-c-arrays): not to be cleared
};

/// Decimal digits with leading zeros, to this width at least.
template <std::integral Integer>
[[nodiscard]] Padded padded(Integer number, std::size_t width) noexcept {
  return {static_cast<std::uint64_t>(number), width};
}
/// Lower-case hexadecimal digits, likewise.
template <std::integral Integer>
[[nodiscard]] Padded hexadecimal(Integer number, std::size_t width) noexcept {
  return {static_cast<std::uint64_t>(number), width, 16};
}

/// The parts one behind the other: texts, characters and integers.
template <typename... Parts>
[[nodiscard]] CellText joined(const Parts&... parts) {
  CellText text;
  ((text += parts), ...);
  return text;
}

/// The pattern with each `{name}` replaced by what `values` has for it; nothing where it has none.
[[nodiscard]] CellText filled_in(
    std::string_view pattern,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace seedbed::detail
