#include "seedbed/core/progress.hpp"

#include "seedbed/core/error.hpp"

namespace seedbed {

void Progress::check() const {
  if (interrupted()) throw Error{ErrorCode::unavailable, "interrupted"};
}

}  // namespace seedbed
