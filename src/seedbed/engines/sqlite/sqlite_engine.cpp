#include "seedbed/engines/sqlite/sqlite_engine.hpp"

#include "seedbed/core/error.hpp"

namespace seedbed {

std::unique_ptr<Engine> make_sqlite_engine() {
  throw Error{ErrorCode::internal, "the sqlite engine is not linked in"};
}

}  // namespace seedbed
