#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/engines/postgres/postgres_server.hpp"

namespace seedbed::postgres {

namespace {

constexpr const char* kDebianFolder = "/usr/lib/postgresql";

// Debian keeps the programs of each version off the path.
std::filesystem::path programs_folder() {
  std::filesystem::path newest;
  int newest_version = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{kDebianFolder, ignored}) {
    const std::string name = entry.path().filename().string();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    const auto folder = entry.path() / "bin";
    if (version <= newest_version || !std::filesystem::exists(folder / "postgres", ignored))
      continue;
    newest = folder;
    newest_version = version;
  }
  if (!newest.empty()) return newest;
  const auto found = find_program("postgres");
  if (!found.empty()) return found.parent_path();
  throw Error{ErrorCode::unavailable,
              fmt::format("PostgreSQL is not installed: there is no program 'postgres' below '{}' "
                          "or on the path (Debian's package is 'postgresql')",
                          kDebianFolder),
              {.engine = "postgres"}};
}

}  // namespace

ServerRecipe make_server_recipe(const ServerPlace& place) {
  const auto programs = programs_folder();
  const auto data = (place.directory / "data").string();
  const auto password = place.directory / "password";
  ServerRecipe recipe;
  recipe.before = {{password, place.password + "\n"}};
  recipe.prepare = {(programs / "initdb").string(),
                    "-D",
                    data,
                    "-U",
                    "seedbed",
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    password.string(),
                    "-N",
                    "--no-instructions",
                    "-E",
                    "UTF8",
                    "--locale=C"};
  recipe.serve = {(programs / "postgres").string(), "-D", data, "-h", "127.0.0.1", "-p",
                  fmt::to_string(place.port),       "-k", ""};
  for (const auto* setting :
       {"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
        "shared_buffers=128MB", "logging_collector=off"}) {
    recipe.serve.insert(recipe.serve.end(), {"-c", setting});
  }
  recipe.stop_signal = SIGQUIT;  // gives shared memory back, which SIGKILL does not
  recipe.url = {.engine = "postgres",
                .user = "seedbed",
                .password = place.password,
                .host = "127.0.0.1",
                .port = place.port,
                .database = "postgres",
                .parameters = {{"sslmode", "disable"}}};
  return recipe;
}

}  // namespace seedbed::postgres
