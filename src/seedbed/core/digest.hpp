#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace seedbed {

/// A SHA-256 digest.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  [[nodiscard]] std::string hex() const;        ///< 64 lower-case digits
  [[nodiscard]] std::string to_string() const;  ///< "sha256:" and the digits
  [[nodiscard]] std::string_view raw() const noexcept;
  /// Accepts "sha256:<64 lower-case hex>" only; nullopt otherwise.
  [[nodiscard]] static std::optional<Digest> parse(std::string_view text);
  friend auto operator<=>(const Digest&, const Digest&) = default;  // NOLINT(modernize-use-nullptr)
};

/// SHA-256 over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// The digest of everything so far; the object starts again from nothing.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Digest sha256(std::string_view bytes);

/// Digests that data out there holds, as lower-case digits. Broken: never for the identity of
/// anything. Throws unsupported where the system's libcrypto does not offer them.
[[nodiscard]] std::string md5_hex(std::string_view bytes);
[[nodiscard]] std::string sha1_hex(std::string_view bytes);

}  // namespace seedbed
