#include "tests/isolation/state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/schema/fingerprint.hpp"

namespace seedbed::testing {

std::vector<std::string> database_state(Connection& connection) {
  std::vector<std::string> lines;
  const Engine& engine = connection.engine();
  const Schema schema = engine.introspect(connection);
  lines.push_back(fingerprint(schema).to_string());
  lines.push_back(fmt::format("{} views", schema.views().size()));
  for (const auto& table : schema.tables()) {
    for (const auto& row : connection.query("SELECT * FROM " + engine.quote(table.name)).rows) {
      std::string line = table.name.to_string();
      for (const auto& cell : row) line += ' ' + engine.literal(cell);
      lines.push_back(std::move(line));
    }
  }
  for (const auto& counter : engine.sequence_states(connection, schema)) {
    lines.push_back(fmt::format("counter {} {}", counter.sequence.name.to_string(), counter.next));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace seedbed::testing
