#pragma once

#include <string_view>

#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed::detail {

/// The spelling in files; `automatic` has none.
[[nodiscard]] std::string_view to_word(Share share) noexcept;
[[nodiscard]] std::string_view to_word(Shape shape) noexcept;

/// The document that `read_definitions` reads as equal definitions, places apart. Throws
/// unsupported, naming the factory, for what no file says: hooks that are functions, a factory that
/// both applies and defines traits.
[[nodiscard]] Node write_definitions(const Definitions& definitions);

}  // namespace seedbed::detail
