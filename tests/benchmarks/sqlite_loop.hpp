#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace seedbed::benchmarks {

/// What one would write by hand to fill a table of SQLite: multi-row INSERTs, prepared once, in one
/// transaction, of values that are at hand. Errors end the program.
class SqliteLoop {
 public:
  /// Reads the rows of `events` into memory.
  explicit SqliteLoop(const std::string& path);
  /// Appends them to `events`.
  void load() const;

 private:
  using Cell = std::variant<std::monostate, long long, double, std::string>;

  void insert(sqlite3_stmt* statement, std::size_t first, std::size_t rows) const;
  [[nodiscard]] std::shared_ptr<sqlite3_stmt> prepare(const std::string& sql) const;

  std::shared_ptr<sqlite3> database_;
  std::vector<Cell> cells_;
};

}  // namespace seedbed::benchmarks
