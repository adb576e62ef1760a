#include <array>

#include "seedbed/core/digest.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

namespace {

// The bytes of a value: its own, or those of its text.
std::string_view bytes_of(const Call& call) {
  const auto* bytes = std::get_if<BytesView>(&call.at(0));
  return bytes != nullptr ? bytes->data : call.text(0);
}

ScalarView md5(Call& call) {
  return call.keep(md5_hex(bytes_of(call)));
}
ScalarView sha1(Call& call) {
  return call.keep(sha1_hex(bytes_of(call)));
}
ScalarView sha256_of(Call& call) {
  return call.keep(sha256(bytes_of(call)).hex());
}

constexpr std::array<FunctionRow, 3> kRows{{
    {"md5(value) -> text", "The MD5 digest of a value's text, or of bytes, in hexadecimal digits.",
     "md5('seed')", "fe4c0f30aa359c41d9f9a5f69c8c4192", md5},
    {"sha1(value) -> text", "The SHA-1 digest.", "sha1('seed')",
     "92713d4709377111cf31f2a71986c411bd6cb5b0", sha1},
    {"sha256(value) -> text", "The SHA-256 digest.", "sha256('seed')",
     "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b", sha256_of},
}};

}  // namespace

std::span<const FunctionRow> hash_functions() {
  return kRows;
}

}  // namespace seedbed::detail
