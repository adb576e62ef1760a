#pragma once

#include <string>

#include "seedbed/factories/files/document.hpp"

namespace seedbed::detail {

/// The node as a strict YAML document, which `parse_document` reads as an equal one: kinds, texts,
/// and what quotes tell (a text from a number, a boolean or null) are kept, other quotes are not.
/// Throws unsupported for what no file holds: keys of more than 1,000 bytes, invalid UTF-8, too
/// many levels, too many bytes.
[[nodiscard]] std::string write_document(const Node& document);

}  // namespace seedbed::detail
