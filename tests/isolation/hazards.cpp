#include "tests/isolation/hazards.hpp"

#include <iterator>

namespace seedbed::testing {

const std::string& Hazard::script(std::string_view engine) const {
  return engine == "sqlite" ? sqlite : engine == "postgres" ? postgres : mysql;
}

const std::vector<Hazard>& hazards() {
  static const std::vector<Hazard> kHazards = [] {
    std::vector<Hazard> all = row_hazards();
    for (auto some : {session_hazards(), schema_hazards()}) {
      all.insert(all.end(), std::make_move_iterator(some.begin()),
                 std::make_move_iterator(some.end()));
    }
    return all;
  }();
  return kHazards;
}

}  // namespace seedbed::testing
