#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/factories/record.hpp"

namespace seedbed {
class Workspace;
}

namespace seedbed::tool {

/// Of a list of records; one record shows all.
inline constexpr std::size_t kListedColumns = 8;

/// A cell in JSON: bytes are {"$bytes": "hex"}.
[[nodiscard]] nlohmann::ordered_json value_json(const Value& value);
/// A record with the rows above (their values) and below.
[[nodiscard]] nlohmann::ordered_json record_json(const Record& record);
/// A cell of a list: control characters escaped, cut to 28 code points.
[[nodiscard]] std::string shortened(const Value& value);
/// "factories/shop.yaml:9:7": from the project's root where the file lies below it.
[[nodiscard]] std::string shown_place(const SourceSpot& where, const Workspace& workspace);

}  // namespace seedbed::tool
