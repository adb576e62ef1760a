#include "seedbed/factories/function_reference.hpp"

#include "seedbed/factories/expression/function.hpp"
#include "seedbed/factories/providers/locale.hpp"

namespace seedbed {

std::vector<FunctionDescription> functions() {
  std::vector<FunctionDescription> result;
  for (const auto& function : detail::function_table()) {
    const auto& row = *function.row;
    result.push_back({.name = function.name,
                      .version = row.version,
                      .signature = std::string{row.signature},
                      .group = function.group,
                      .description = std::string{row.description},
                      .example = std::string{row.example},
                      .value = std::string{row.value}});
  }
  return result;
}

const std::vector<std::string>& locales() {
  return detail::locale_names();
}

}  // namespace seedbed
