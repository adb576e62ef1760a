#include "seedbed/guard/mark.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/system_random.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

// RFC 4122, version 4. Not one of the generated values, so it may be truly random.
std::string random_uuid() {
  std::string bytes = system_random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = to_hex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

void require_mark_at(Connection& connection, std::string_view address) {
  const MarkState state = mark_state(connection);
  if (state == MarkState::marked) return;
  const std::string_view reason =
      state == MarkState::foreign
          ? "carries the mark of another database, as a copy or a restored dump does"
          : "is not marked as disposable";
  throw Error{
      ErrorCode::refused,
      fmt::format("database '{}' ({}) {}, so nothing in it will be destroyed; if all of it may "
                  "be lost, run: seedbed adopt --database {}",
                  connection.database_name(), connection.engine().name(), reason, address),
      {.engine = std::string{connection.engine().name()}}};
}

}  // namespace

MarkState mark_state(Connection& connection) {
  const auto mark = connection.engine().read_mark(connection);
  if (!mark) return MarkState::unmarked;
  return mark->binding == connection.engine().database_binding(connection) ? MarkState::marked
                                                                           : MarkState::foreign;
}

void require_mark(Connection& connection, const DatabaseUrl& url) {
  require_mark_at(connection, url.redacted());
}

void require_mark(Connection& connection) {
  require_mark_at(connection, "URL");
}

void mark_database(Connection& connection) {
  if (mark_state(connection) == MarkState::marked) return;
  mark_clone(connection);
}

void mark_clone(Connection& connection) {
  const Engine& engine = connection.engine();
  engine.prepare_own_tables(connection);
  engine.write_mark(connection,
                    {.id = random_uuid(), .binding = engine.database_binding(connection)});
}

}  // namespace seedbed
