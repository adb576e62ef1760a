#include "seedbed/cleanup/emptying.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/cleanup/cleaned_schema.hpp"
#include "seedbed/cleanup/deletion.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

void refuse_rows(Connection& connection, const Schema& schema) {
  std::vector<std::string> holding;
  for (const auto& table : schema.tables()) {
    const auto sql =
        fmt::format("SELECT 1 FROM {} LIMIT 1", connection.engine().read_source(table));
    if (!connection.query(sql).rows.empty()) {
      holding.push_back(fmt::format("'{}'", table.name.to_string()));
    }
  }
  if (holding.empty()) return;
  throw Error{ErrorCode::conflict,
              fmt::format("tables hold rows, which a reset that empties tables would not bring "
                          "back: {}; use the strategy 'rewind', or keep those tables as they are",
                          join(holding, ", "))};
}

}  // namespace

std::vector<std::string> detail::own_tables_of_state(Connection& connection) {
  const Engine& engine = connection.engine();
  std::vector<std::string> own;
  for (const std::string_view name : {"rows", "records"}) {
    if (engine.own_table_exists(connection, name)) own.push_back(engine.own_table(name));
  }
  return own;
}

void begin_emptying(Connection& connection, const Schema& schema, const EmptyingOptions& options) {
  const Engine& engine = connection.engine();
  const Schema emptied = detail::cleaned_schema(schema, options.keep);
  refuse_rows(connection, emptied);
  auto deletion = detail::plan_deletion(engine, emptied, engine.capabilities(connection));
  if (options.by == EmptyBy::delete_) throw_if_any(std::move(deletion.findings));
  engine.empty_baseline().begin(connection, deletion.tables,
                                detail::own_tables_of_state(connection));
}

}  // namespace seedbed
