#include "seedbed/core/digest.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {
constexpr std::string_view kPrefix = "sha256:";

void require(int result) {
  if (result != 1) throw Error{ErrorCode::internal, "libcrypto refused a SHA-256 operation"};
}
}  // namespace

std::string_view Digest::raw() const noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Digest::hex() const {
  return to_hex(raw());
}
std::string Digest::to_string() const {
  return std::string{kPrefix} + hex();
}

std::optional<Digest> Digest::parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const bool lower_case =
      std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  const auto decoded = from_hex(text);
  Digest digest;
  if (!lower_case || !decoded || decoded->size() != digest.bytes.size()) return std::nullopt;
  std::copy(decoded->begin(), decoded->end(), digest.bytes.begin());
  return digest;
}

struct Sha256::State {
  State() : context{EVP_MD_CTX_new()} {
    if (context == nullptr) throw Error{ErrorCode::internal, "libcrypto is out of memory"};
    require(EVP_DigestInit_ex(context, EVP_sha256(), nullptr));
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  EVP_MD_CTX* context;
};

Sha256::Sha256() : state_{std::make_unique<State>()} {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
  Digest digest;
  unsigned length = 0;
  require(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &length));
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
  return digest;
}

namespace {

std::string hex_by(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (algorithm == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, algorithm, nullptr) != 1) {
    throw Error{ErrorCode::unsupported, "libcrypto does not offer this digest"};
  }
  return to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  return hex_by(EVP_md5(), bytes);
}
std::string sha1_hex(std::string_view bytes) {
  return hex_by(EVP_sha1(), bytes);
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace seedbed
