#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace seedbed::detail {

/// The name of T as the compiler prints it, for messages.
template <typename T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
  constexpr std::string_view kBefore = "T = ";
  constexpr std::string_view kFunction = __PRETTY_FUNCTION__;
  constexpr auto kBegin = kFunction.find(kBefore) + kBefore.size();
  return kFunction.substr(kBegin, kFunction.find_first_of(";]", kBegin) - kBegin);
}

/// Stands for any field where only the number of fields is asked for.
struct AnyField {
  template <typename T>
  operator T() const noexcept;  // NOLINT(google-explicit-constructor)
};

template <typename T, std::size_t... I>
[[nodiscard]] constexpr bool takes_fields(std::index_sequence<I...> /*fields*/) {
  return requires {
    T{(static_cast<void>(I), AnyField{})...};
  };
}

/// Whether the aggregate T has exactly N fields; fields that are arrays are not counted right.
template <typename T, std::size_t N>
inline constexpr bool kHasFields = takes_fields<T>(std::make_index_sequence<N>{}) &&
                                   !takes_fields<T>(std::make_index_sequence<N + 1>{});

/// The most fields that `visit_fields` can name.
inline constexpr std::size_t kMostFields = 24;

/// Calls `visit(field...)` with the N fields of an aggregate. C++20 has no other way to reach them
/// than to write a structured binding for each number.
// NOLINTBEGIN(readability-function-size, readability-function-cognitive-complexity): only one
// branch of it is compiled.
template <std::size_t N, typename T, typename Visit>
constexpr void visit_fields(T& value, const Visit& visit) {
  // clang-format off
  if constexpr (N == 1) { auto& [a] = value; visit(a); }
  if constexpr (N == 2) { auto& [a, b] = value; visit(a, b); }
  if constexpr (N == 3) { auto& [a, b, c] = value; visit(a, b, c); }
  if constexpr (N == 4) { auto& [a, b, c, d] = value; visit(a, b, c, d); }
  if constexpr (N == 5) { auto& [a, b, c, d, e] = value; visit(a, b, c, d, e); }
  if constexpr (N == 6) { auto& [a, b, c, d, e, f] = value; visit(a, b, c, d, e, f); }
  if constexpr (N == 7) { auto& [a, b, c, d, e, f, g] = value; visit(a, b, c, d, e, f, g); }
  if constexpr (N == 8) { auto& [a, b, c, d, e, f, g, h] = value; visit(a, b, c, d, e, f, g, h); }
  if constexpr (N == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = value;
    visit(a, b, c, d, e, f, g, h, i);
  }
  if constexpr (N == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = value;
    visit(a, b, c, d, e, f, g, h, i, j);
  }
  if constexpr (N == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k);
  }
  if constexpr (N == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l);
  }
  if constexpr (N == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m);
  }
  if constexpr (N == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  }
  if constexpr (N == 15) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  }
  if constexpr (N == 16) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  }
  if constexpr (N == 17) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
  }
  if constexpr (N == 18) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r);
  }
  if constexpr (N == 19) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
  }
  if constexpr (N == 20) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
  }
  if constexpr (N == 21) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u);
  }
  if constexpr (N == 22) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v);
  }
  if constexpr (N == 23) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w);
  }
  if constexpr (N == 24) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
  }
  // clang-format on
}
// NOLINTEND(readability-function-size, readability-function-cognitive-complexity)

}  // namespace seedbed::detail
