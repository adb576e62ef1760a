#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// The file in a project's directory of factories that keeps its schema, so that rows can be made
/// where no database is. It is no factory file.
inline constexpr std::string_view kSchemaFile = "schema.json";

/// The schema as JSON: the same text for equal schemas, a column on each line, what is usual left
/// out.
[[nodiscard]] std::string write_schema(const Schema& schema);

/// Reads what `write_schema` wrote; `file` names it in messages. Throws Error with every finding:
/// keys that are not known, values of the wrong kind, columns that are not there.
[[nodiscard]] Schema read_schema(std::string_view text, const std::filesystem::path& file);

}  // namespace seedbed
