#include "tests/factories/shop_project.hpp"

#include <filesystem>

#include "seedbed/core/file_io.hpp"
#include "seedbed/engines/engine.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

namespace {

std::string source(const std::string& path) {
  return read_file(std::filesystem::path{SEEDBED_SOURCE_DIR} / path);
}

Schema read_shop_schema() {
  const auto url = DatabaseUrl::parse("sqlite::memory:");
  const auto& engine = engines().of(url);
  const auto connection = engine.connect(url);
  for (const auto& sql : shop_migrations()) connection->execute_script(sql);
  return engine.introspect(*connection);
}

}  // namespace

std::vector<std::string> shop_migrations() {
  return {source("migrations/sqlite/0001_shop.up.sql"),
          source("migrations/0002_newsletter.up.sql")};
}

const Schema& shop_schema() {
  static const Schema kSchema = read_shop_schema();
  return kSchema;
}

const std::string& shop_factories() {
  static const std::string kText = source("factories/shop.yaml");
  return kText;
}

const FactoryLibrary& shop_library() {
  static const FactoryLibrary kLibrary = FactoryLibrary::parse(shop_factories(), "shop.yaml");
  return kLibrary;
}

}  // namespace seedbed::testing
