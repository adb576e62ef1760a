#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// Base of the suites that state what every engine must do.
class ConformanceTest : public EngineTest {
 protected:
  /// The statement with each `?` spelled as this engine's placeholder.
  [[nodiscard]] std::string with_placeholders(std::string_view sql) const;

  /// The count of rows of a table, by its own name.
  [[nodiscard]] std::int64_t count(std::string_view table);

  /// Loads `rows` into `columns` of `table`, `rows_per_batch` at a time.
  std::uint64_t load(std::string_view table, const std::vector<std::string>& columns,
                     const std::vector<Row>& rows, std::size_t rows_per_batch = 1000);

  /// A query of the numbers from 1 to `last`, in order, as column n.
  [[nodiscard]] std::string numbers(int last) const;

  /// A statement that runs for minutes unless it is cancelled.
  [[nodiscard]] std::string endless_sql() const;
};

}  // namespace seedbed::testing
