#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/record.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Where the library's records are in the database: Seedbed's own table `seedbed_records`.
class RecordStore {
 public:
  RecordStore(Connection& connection, const Schema& schema)
      : connection_{connection}, schema_{schema} {}

  /// The stored row of a record, or nullopt when it was never created, or is gone.
  [[nodiscard]] std::optional<Record> find(std::string_view name, const std::string& factory);
  /// Makes the table when it is missing; as `prepare_own_table`.
  void prepare();
  /// Remembers a row; its table needs a primary key (invalid_input).
  void remember(std::string_view name, const Record& record);

 private:
  Connection& connection_;
  const Schema& schema_;
};

}  // namespace seedbed::detail
