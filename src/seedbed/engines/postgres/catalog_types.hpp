#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// The types that user columns have, domains and what they are made of included.
class TypeCatalog {
 public:
  explicit TypeCatalog(Connection& connection);

  /// `modifier` is the column's; a domain's own takes its place. `declared` is how the column names
  /// it.
  [[nodiscard]] ColumnType column_type(std::int64_t type, int modifier, std::string declared) const;
  /// Whether a domain on the way to the base type forbids NULL.
  [[nodiscard]] bool forbids_null(std::int64_t type) const;

 private:
  struct Type {
    std::string name;
    char kind = 'b';      // typtype
    char category = 'U';  // typcategory
    std::int64_t base = 0;
    int modifier = -1;
    bool not_null = false;
    std::vector<std::string> labels;
  };
  std::map<std::int64_t, Type> types_;
};

}  // namespace seedbed::postgres
