#include "seedbed/factories/load/disk_room.hpp"

#include <algorithm>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

std::uint64_t LoadPreview::bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const auto& table : tables) bytes += table.bytes + table.index_bytes;
  return bytes;
}

void require_room(const LoadPreview& preview) {
  const auto& room = preview.room;
  if (!room || preview.bytes() <= room->free) return;
  throw Error{ErrorCode::unavailable,
              fmt::format("these rows take about {} in {}, where {} are free; load fewer of them, "
                          "make room, or name a place that has it",
                          size_text(preview.bytes()), room->place.string(), size_text(room->free))};
}

namespace detail {

std::optional<DiskRoom> room_in(const std::filesystem::path& directory) {
  std::error_code problem;
  auto place = std::filesystem::absolute(directory, problem);
  while (!problem && !std::filesystem::exists(place, problem) && place.has_relative_path()) {
    place = place.parent_path();
  }
  const auto space = std::filesystem::space(place, problem);
  if (problem) return std::nullopt;
  return DiskRoom{directory, space.available};
}

std::optional<DiskRoom> room_of(const FactoryTarget& target) {
  auto& connection = target.connection;
  if (connection.engine().database_binding(connection) != "file") return std::nullopt;
  const std::filesystem::path file = connection.database_name();
  std::error_code problem;
  const auto own = std::filesystem::file_size(file, problem);
  if (problem) return std::nullopt;  // in memory
  auto room = room_in(file.parent_path());
  if (!room) return std::nullopt;
  room->place = file;
  const auto tables = target.schema.tables();
  const bool empty = std::none_of(tables.begin(), tables.end(), [&](const Table& table) {
    return holds_rows(connection, table);
  });
  if (empty) room->free += own;
  return room;
}

bool holds_rows(Connection& connection, const Table& table) {
  const auto& engine = connection.engine();
  return !connection.query(fmt::format("SELECT 1 FROM {} LIMIT 1", engine.quote(table.name)))
              .rows.empty();
}

}  // namespace detail

}  // namespace seedbed
