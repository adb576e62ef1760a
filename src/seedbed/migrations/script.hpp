#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/statement_splitter.hpp"

namespace seedbed::detail {

/// One migration file, cut into statements.
struct Script {
  std::vector<SqlStatement> statements{};
  bool in_transaction = true;
  Diagnostics findings{};  ///< what keeps it from being run; the rest is incomplete then
};

/// Pure; reports findings instead of throwing.
[[nodiscard]] Script read_script(const std::filesystem::path& file, std::string_view sql,
                                 SqlDialect dialect);

/// The words a statement begins with, in lower case; empty where something else stands.
[[nodiscard]] std::array<std::string, 3> first_words(std::string_view statement);

}  // namespace seedbed::detail
