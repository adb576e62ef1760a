#include <gtest/gtest.h>

#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/workspace/workspace.hpp"

class ShopTest : public ::testing::Test {
 protected:
  ShopTest() { engines.add(seedbed::make_sqlite_engine()); }

  void SetUp() override {
    seedbed::Workspace workspace{engines, project, progress};
    workspace.migrate_up("default", {});
    db = workspace.open("default");
    scope = std::make_unique<seedbed::TestScope>(*db);  // rolled back when the test ends
  }

  seedbed::EngineRegistry engines;
  seedbed::ProjectConfig project = seedbed::load_project(".");
  seedbed::Progress progress;
  std::unique_ptr<seedbed::Database> db;
  std::unique_ptr<seedbed::TestScope> scope;
};

TEST_F(ShopTest, OrderBelongsToItsCustomer) {
  auto ada = db->create("user", {.set = {{"name", "Ada"}}});
  auto order =
      db->create("order", {.traits = {"paid"}, .set = {{"customer", ada}}, .has = {{"items", 2}}});

  EXPECT_EQ(order["customer_id"], ada.id());
  EXPECT_EQ(order["status"].text(), "confirmed");
  EXPECT_EQ(order.children("items").size(), 2U);
}
