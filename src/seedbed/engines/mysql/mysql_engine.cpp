#include "seedbed/engines/mysql/mysql_engine.hpp"

#include "seedbed/core/error.hpp"

namespace seedbed {

std::unique_ptr<Engine> make_mysql_engine() {
  throw Error{ErrorCode::internal, "the mysql engine is not linked in"};
}

}  // namespace seedbed
