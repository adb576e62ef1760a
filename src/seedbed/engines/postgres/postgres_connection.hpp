#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::detail {

/// What Seedbed's own connection and an adopted one have in common.
class PostgresConnection : public Connection {
 public:
  explicit PostgresConnection(const Engine& engine) : engine_{engine} {}

  [[nodiscard]] const Engine& engine() const noexcept final { return engine_; }
  [[nodiscard]] std::string database_name() final {
    if (database_name_.empty()) database_name_ = query_value("SELECT current_database()").text();
    return database_name_;
  }

 private:
  const Engine& engine_;
  std::string database_name_;
};

/// The engine of adopted connections; stateless.
[[nodiscard]] const Engine& postgres_engine();

/// The columns as `"a", "b"`.
[[nodiscard]] std::string column_list(const Engine& engine,
                                      const std::vector<std::string>& columns);

/// Refuses rows that PostgreSQL would change without a word: a text whose blanks beyond the
/// column's length would be cut, a decimal that would be rounded. Everything else it refuses by
/// itself.
class SilentChangeCheck {
 public:
  explicit SilentChangeCheck(const BulkTarget& target);
  /// Throws constraint_violation naming the column.
  void check(const ColumnBatch& batch) const;

 private:
  struct Limit {
    std::size_t index;  // in the batch
    const Column* column;
  };
  std::string table_;
  std::vector<Limit> limits_;
};

}  // namespace seedbed::detail
