#pragma once

#include <filesystem>
#include <optional>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/session.hpp"

namespace seedbed::detail {

/// Of a database that is a file of this machine; what its own pages hold counts as free when no
/// table has rows. nullopt for any other.
[[nodiscard]] std::optional<DiskRoom> room_of(const FactoryTarget& target);
/// Of a directory, which need not exist yet; nullopt where the system does not say.
[[nodiscard]] std::optional<DiskRoom> room_in(const std::filesystem::path& directory);

[[nodiscard]] bool holds_rows(Connection& connection, const Table& table);

}  // namespace seedbed::detail
