#include "seedbed/factories/test_seed.hpp"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/random.hpp"

namespace seedbed {

std::uint64_t test_seed(std::uint64_t project_seed, std::string_view test) {
  return cell_key(project_seed, "test:" + std::string{test});
}

std::optional<std::uint64_t> forced_seed() {
  const char* set = std::getenv("SEEDBED_SEED");  // NOLINT(concurrency-mt-unsafe): read only
  if (set == nullptr) return std::nullopt;
  const std::string_view text{set};
  std::uint64_t seed = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (problem == std::errc{} && end == text.data() + text.size()) return seed;
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("SEEDBED_SEED must be a whole number of 64 bits, such as 42, not '{}'", text)};
}

std::string seed_note(std::uint64_t seed) {
  return fmt::format("SEEDBED_SEED={} makes the same rows again", seed);
}

}  // namespace seedbed
