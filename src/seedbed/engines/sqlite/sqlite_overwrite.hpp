#pragma once

#include <string>

namespace seedbed::detail {

/// Gives the database file `target` the pages of `source`, in one transaction of its own: whoever
/// has it open sees all of them from then on, or none. Throws unavailable when others do not end
/// their transactions within 10 seconds.
void overwrite_database(const std::string& source, const std::string& target);

}  // namespace seedbed::detail
