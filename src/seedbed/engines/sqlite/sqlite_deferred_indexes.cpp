#include "seedbed/engines/sqlite/sqlite_deferred_indexes.hpp"

#include <string>
#include <vector>

#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

class DeferredIndexes final : public LoadGuard {
 public:
  DeferredIndexes(Connection& connection, std::span<const TableName> tables)
      : connection_{connection} {
    for (const auto& table : tables) drop_indexes(table);
  }

  void finish() override {
    for (const auto& sql : build_) connection_.execute(sql);
    build_.clear();
  }

 private:
  // Those that SQLite makes for a table's own keys have no statement.
  void drop_indexes(const TableName& table) {
    const RowSet indexes = connection_.query(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND "
        "lower(tbl_name) = lower(?) ORDER BY rowid",
        std::vector<Value>{table.name});
    for (const auto& row : indexes.rows) {
      connection_.execute("DROP INDEX main." + quote_identifier(row[0].text()));
      build_.push_back(row[1].text());
    }
  }

  Connection& connection_;
  std::vector<std::string> build_;
};

}  // namespace

std::unique_ptr<LoadGuard> defer_sqlite_indexes(Connection& connection,
                                                std::span<const TableName> tables) {
  return std::make_unique<DeferredIndexes>(connection, tables);
}

}  // namespace seedbed::detail
