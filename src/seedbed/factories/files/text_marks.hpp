#pragma once

#include <vector>

#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/files/source_text.hpp"

namespace seedbed::detail {

/// Where the parts of a scalar stand that the file does not spell as they are: behind escapes,
/// behind line breaks, in block scalars. `at` is where the scalar begins, with its quote. Empty
/// when it is spelled as it is on one line.
[[nodiscard]] std::vector<TextMark> marks_of(const SourceText& source, std::size_t at,
                                             std::string_view value);

}  // namespace seedbed::detail
