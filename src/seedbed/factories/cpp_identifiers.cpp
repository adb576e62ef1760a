#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/schema_header.hpp"

namespace seedbed::detail {

namespace {

bool is_word(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_digit(char c) noexcept {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Keywords up to C++23 with those of common extensions, alternative tokens, and macros that a
/// program easily includes.
constexpr std::string_view kTakenWords =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t "
    "char32_t char8_t class co_await co_return co_yield compl concept const const_cast "
    "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
    "else enum explicit export extern false float for friend goto if inline int long mutable "
    "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
    "register reinterpret_cast requires return short signed sizeof static static_assert "
    "static_cast struct switch template this thread_local throw true try typedef typeid "
    "typename union unsigned using virtual void volatile wchar_t while xor xor_eq typeof "
    "restrict near far interface assert errno stdin stdout stderr major minor makedev linux "
    "unix i386 signals slots emit foreach min max offsetof isnan isinf signbit NULL EOF TRUE "
    "FALSE ERROR DELETE DOMAIN OVERFLOW UNDERFLOW BUFSIZ NAN INFINITY HUGE_VAL I IN OUT "
    "OPTIONAL CONST VOID PI std seedbed ";

bool is_taken(const std::string& word) {
  return kTakenWords.find(' ' + word + ' ') != std::string_view::npos;
}

std::string hexadecimal(std::string_view text, std::size_t& at) {
  const auto length = [&] {
    const auto lead = static_cast<unsigned char>(text[at]);
    return lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : 2U;
  }();
  unsigned code = static_cast<unsigned char>(text[at]) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  at += length;
  return fmt::format("u{:04x}", code);
}

std::string spelled(std::string_view name) {
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    if (static_cast<unsigned char>(name[at]) >= 0x80) {
      text += hexadecimal(name, at);
      continue;
    }
    const char c = is_word(name[at]) ? name[at] : '_';
    if (c != '_' || !text.ends_with('_')) text += c;
    ++at;
  }
  if (text.size() > 1 && text[0] == '_' && std::isupper(static_cast<unsigned char>(text[1])) != 0) {
    text.erase(0, 1);
  }
  if (text.empty() || text == "_" || is_digit(text.front())) text.insert(0, "n");
  return text;
}

}  // namespace

std::vector<std::string> cpp_identifiers(const std::vector<std::string>& names,
                                         const std::vector<std::string>& reserved) {
  std::vector<std::string> wanted;
  std::set<std::string, std::less<>> used;
  for (const auto& name : names) {
    auto text = spelled(name);
    const bool taken =
        is_taken(text) || std::find(reserved.begin(), reserved.end(), text) != reserved.end();
    if (taken) text += '_';
    if (text == name) used.insert(text);
    wanted.push_back(std::move(text));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (wanted[i] == names[i]) continue;
    const auto plain = wanted[i];
    for (int number = 2; !used.insert(wanted[i]).second; ++number) {
      wanted[i] = fmt::format("{}{}{}", plain, plain.ends_with('_') ? "" : "_", number);
    }
  }
  return wanted;
}

}  // namespace seedbed::detail
