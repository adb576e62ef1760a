#pragma once

#include "seedbed/engines/empty_baseline.hpp"

namespace seedbed::postgres {

/// By one function in Seedbed's own schema, so that all of it is one round trip. Only tables whose
/// file is not empty are looked into. Triggers and keys are put off as the owner may.
[[nodiscard]] const EmptyBaseline& empty_baseline();

}  // namespace seedbed::postgres
