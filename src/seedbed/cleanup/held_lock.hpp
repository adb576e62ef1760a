#pragma once

#include <string>
#include <utility>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/database_server.hpp"

namespace seedbed::detail {

/// A lock of the server that was taken, held until the end of the block.
class HeldLock {
 public:
  HeldLock(DatabaseServer& server, std::string lock) : server_{server}, lock_{std::move(lock)} {}
  ~HeldLock() {
    try {
      server_.unlock(lock_);
    } catch (const Error&) {
      // The session is lost, and its locks with it.
    }
  }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  DatabaseServer& server_;
  std::string lock_;
};

}  // namespace seedbed::detail
