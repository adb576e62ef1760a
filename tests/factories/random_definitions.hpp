#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seedbed::testing {

/// Texts that a reader of YAML takes for something else when they are not quoted, or not well.
[[nodiscard]] const std::vector<std::string>& nasty_texts();

/// A factory file, as JSON, that says everything the language can, at random.
[[nodiscard]] std::string random_factory_file(std::uint32_t seed);

/// A JSON string.
[[nodiscard]] std::string json_string(const std::string& text);

}  // namespace seedbed::testing
