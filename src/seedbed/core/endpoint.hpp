#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace seedbed {

/// Something that answers on the network: `tcp://HOST:PORT`, which is reached when it takes a
/// connection, or `http://HOST[:PORT]/PATH`, when it answers GET with a status of 200 to 299.
struct Endpoint {
  bool http = false;
  std::string host{};
  std::uint16_t port = 0;
  std::string path{};  ///< of HTTP, with its query

  /// Whether `text` has one of the schemes, `https` included.
  [[nodiscard]] static bool is_one(std::string_view text) noexcept;
  /// Throws invalid_input, saying what is wrong; unsupported for https.
  [[nodiscard]] static Endpoint parse(std::string_view text);

  /// Throws unavailable, with the reason, unless it is reached within `patience`.
  void reach(std::chrono::milliseconds patience) const;
};

}  // namespace seedbed
