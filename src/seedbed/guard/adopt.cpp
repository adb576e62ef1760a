#include "seedbed/guard/adopt.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed {

AdoptionReport inspect_for_adoption(Connection& connection, const DatabaseUrl& url) {
  const Engine& engine = connection.engine();
  const Capabilities capabilities = engine.capabilities(connection);
  AdoptionReport report;
  report.name = url.display_name();
  report.address = url.redacted();
  report.product = fmt::format("{} {}", capabilities.product, capabilities.version);
  const Schema schema = engine.introspect(connection);
  for (const auto& table : schema.tables()) {
    ++report.tables;
    const Value count = connection.query_value("SELECT COUNT(*) FROM " + engine.quote(table.name));
    report.rows += static_cast<std::uint64_t>(count.as<std::int64_t>());
  }
  report.state = mark_state(connection);
  return report;
}

void adopt_database(Connection& connection, const DatabaseUrl& url, const std::string& typed_name) {
  if (typed_name != url.display_name()) {
    throw Error{
        ErrorCode::refused,
        fmt::format("the name typed, '{}', is not the name of the database at {}: type '{}'",
                    typed_name, url.redacted(), url.display_name())};
  }
  mark_database(connection);
}

}  // namespace seedbed
