#pragma once

#include <string>
#include <string_view>

namespace seedbed::detail {

/// Appends the text as a JSON string; bytes that are no UTF-8 are replaced.
void append_json_text(std::string& out, std::string_view text);

}  // namespace seedbed::detail
