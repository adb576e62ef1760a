#pragma once

#include "seedbed/core/digest.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Identifies a schema's structure: tables, columns (type, nullability, default, generated,
/// identity), primary, unique and foreign keys, checks, enum labels. Left out: names of the
/// database and of constraints, triggers, comments, counters. Same on every run and machine;
/// differs between engines.
[[nodiscard]] Digest fingerprint(const Schema& schema);

}  // namespace seedbed
