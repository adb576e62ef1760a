#include "seedbed/engines/postgres/postgres_engine.hpp"

#include "seedbed/core/error.hpp"

namespace seedbed {

std::unique_ptr<Engine> make_postgres_engine() {
  throw Error{ErrorCode::internal, "the postgres engine is not linked in"};
}

}  // namespace seedbed
