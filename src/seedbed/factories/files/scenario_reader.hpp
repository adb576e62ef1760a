#pragma once

#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/node_reader.hpp"

namespace seedbed::detail {

/// The two parts of a factory file that name rows rather than how to make them.
void read_records(NodeReader& reader, const Node& node, Definitions& definitions);
void read_scenarios(NodeReader& reader, const Node& node, Definitions& definitions);

}  // namespace seedbed::detail
