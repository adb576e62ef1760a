#include "seedbed/engines/mysql/named_locks.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::size_t kLongestName = 64;

std::string fitting(const std::string& name) {
  return name.size() <= kLongestName ? name : sha256(name).hex();
}

}  // namespace

bool take_lock(Connection& connection, const std::string& name, int milliseconds) {
  const std::array<Value, 2> arguments{fitting(name), std::max(milliseconds, 0) / 1000.0};
  const Value taken = connection.query_value("SELECT GET_LOCK(?, ?)", arguments);
  if (taken.is_null()) {
    throw Error{ErrorCode::unavailable,
                fmt::format("mysql: waiting for the lock '{}' was interrupted", name)};
  }
  return taken.as<std::int64_t>() == 1;
}

void release_lock(Connection& connection, const std::string& name) {
  const std::array<Value, 1> arguments{fitting(name)};
  static_cast<void>(connection.query_value("SELECT RELEASE_LOCK(?)", arguments));
}

}  // namespace seedbed::mysql
