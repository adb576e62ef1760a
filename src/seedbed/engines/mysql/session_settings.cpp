#include "seedbed/engines/mysql/session_settings.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

// NO_AUTO_VALUE_ON_ZERO keeps a key of 0; zero dates are allowed, since snapshots hold what tables
// hold.
std::string_view load_settings() noexcept {
  return "time_zone = '+00:00', sql_notes = 1, "
         "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
         "NO_AUTO_VALUE_ON_ZERO'";
}

LoadSettings::LoadSettings(Connection& connection) : connection_{connection} {
  if (!connection_.adopted()) return;
  const Row now = connection_.query("SELECT @@time_zone, @@sql_notes, @@sql_mode").rows.at(0);
  connection_.execute(fmt::format("SET SESSION {}", load_settings()));
  put_back_ = fmt::format("SET SESSION time_zone = {}, sql_notes = {}, sql_mode = {}",
                          literal(now[0]), literal(now[1]), literal(now[2]));
}

LoadSettings::~LoadSettings() {
  if (put_back_.empty()) return;
  try {
    connection_.execute(put_back_);
  } catch (const Error&) {
    // The session is lost, and its settings with it.
  }
}

}  // namespace seedbed::mysql
