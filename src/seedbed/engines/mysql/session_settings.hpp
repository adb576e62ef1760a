#pragma once

#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Gives an adopted session, for as long as it lives, the settings under which rows are written
/// without change: strict, UTC. Puts the user's back. Does nothing to Seedbed's own, which has
/// them.
class LoadSettings {
 public:
  explicit LoadSettings(Connection& connection);
  ~LoadSettings();
  LoadSettings(const LoadSettings&) = delete;
  LoadSettings& operator=(const LoadSettings&) = delete;

 private:
  Connection& connection_;
  std::string put_back_;  // SQL; empty: nothing was changed
};

/// The settings as they follow SET SESSION.
[[nodiscard]] std::string_view load_settings() noexcept;

}  // namespace seedbed::mysql
