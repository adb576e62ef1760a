#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "seedbed/engines/url.hpp"

namespace seedbed {

/// Where a server of one's own lives, and who may enter.
struct ServerPlace {
  std::filesystem::path directory{};  ///< empty, and the server's user may write to it
  std::uint16_t port = 0;             ///< of the loopback interface
  std::string password{};             ///< of user "seedbed"; letters and digits
};

struct RecipeFile {
  std::filesystem::path path{};
  std::string text{};
};

/// How to start a server from the programs that are installed. Programs are run with `directory` as
/// home, by a user who is not root.
struct ServerRecipe {
  std::vector<RecipeFile> before{};    ///< files that `prepare` reads
  std::vector<std::string> prepare{};  ///< program and arguments; ends by itself
  std::vector<RecipeFile> after{};     ///< files written once it has ended
  std::vector<std::string> serve{};    ///< program and arguments; runs until it is stopped
  int stop_signal = 0;                 ///< ends it at once, without leaving anything in memory
  DatabaseUrl url{};                   ///< of its maintenance database, with the password
};

}  // namespace seedbed
