#pragma once

#include <string>
#include <vector>

namespace seedbed {

/// One function or provider of the language, as its reference shows it.
struct FunctionDescription {
  std::string name{};
  int version = 1;
  std::string signature{};    ///< "pad(value, width, fill='0')"
  std::string group{};        ///< "text", "people", ...
  std::string description{};  ///< one sentence
  std::string example{};      ///< an expression over no names
  std::string value{};        ///< its text under seed 42, key "docs.example@1", n 1, now 2026-01-01
};
/// Every function, by group and name.
[[nodiscard]] std::vector<FunctionDescription> functions();

/// The locales of the providers, "en_US" first.
[[nodiscard]] const std::vector<std::string>& locales();

}  // namespace seedbed
