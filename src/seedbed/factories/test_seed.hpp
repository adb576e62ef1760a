#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace seedbed {

/// The seed of a test's draws: one for each project seed and name ("Suite.Name").
[[nodiscard]] std::uint64_t test_seed(std::uint64_t project_seed, std::string_view test);

/// The seed that the environment variable SEEDBED_SEED states; nullopt when it is not set. Throws
/// invalid_input, naming it, when it is no whole number of 64 bits.
[[nodiscard]] std::optional<std::uint64_t> forced_seed();

/// What to print when a test fails: "SEEDBED_SEED=42 makes the same rows again".
[[nodiscard]] std::string seed_note(std::uint64_t seed);

}  // namespace seedbed
