#include "seedbed/core/system_random.hpp"

#include <unistd.h>

#include "seedbed/core/error.hpp"

namespace seedbed {

std::string system_random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (::getentropy(bytes.data(), bytes.size()) != 0) {
    throw Error{ErrorCode::unavailable, "the system gives no random bytes"};
  }
  return bytes;
}

}  // namespace seedbed
