// Loads that are large enough for several sessions, where the engine has them (PostgreSQL).
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr std::uint64_t kRows = 200'000;

class LargeLoad : public FactoryTest {
 protected:
  void SetUp() override {
    FactoryTest::SetUp();
    if (IsSkipped()) return;
    connection().execute(
        fmt::format("CREATE TABLE events (id {}, code VARCHAR(40) NOT NULL UNIQUE, size INTEGER "
                    "CHECK (size < 1000))",
                    pick("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY",
                         "BIGINT AUTO_INCREMENT PRIMARY KEY")));
    introspect();
  }

  static FactoryLibrary events(const std::string& size, const std::string& code = "{n}") {
    return FactoryLibrary::parse(
        fmt::format("version: 1\nfactories:\n  event: {{ table: events, set: {{ code: '{}', size: "
                    "'={}' }} }}\n",
                    code, size));
  }
  std::vector<LoadedTable> load_events(const FactoryLibrary& library, LoadRequest request) {
    request.entries.push_back({"event", kRows, {}});
    Progress progress;
    return load({connection(), schema(), library, options()}, request, progress);
  }
};
SEEDBED_ON_ALL_ENGINES(LargeLoad);

TEST_P(LargeLoad, WritesWhatItCertifies) {
  const auto library = events("mod(n, 1000)", "{digits(12)}-{n}");
  connection().execute("INSERT INTO events (id, code, size) VALUES (500, 'x', 1)");

  const auto loaded = load_events(library, {.certify = true});
  EXPECT_EQ(loaded,
            (std::vector{LoadedTable{{"", "events"}, kRows, 1, kRows, loaded[0].certificate}}));
  EXPECT_EQ(number("SELECT MIN(id) FROM events WHERE id > 500"), 501);
  EXPECT_EQ(number("SELECT MAX(id) FROM events"), 500 + 200'000);
  if (GetParam() == "postgres" && std::thread::hardware_concurrency() > 1) {
    EXPECT_GT(number("SELECT COUNT(DISTINCT xmin::text) FROM events WHERE id <> 500"), 1);
  }
  connection().execute("DELETE FROM events WHERE id = 500");
  Progress progress;
  EXPECT_EQ(certify(connection(), schema(), certificate_of(loaded), progress),
            certificate_of(loaded));
  EXPECT_EQ(session(library).create("event").row(), kRows + 1);
  EXPECT_EQ(number("SELECT MAX(id) FROM events"), 500 + 200'001) << "counters have moved on";
}

TEST_P(LargeLoad, SaysWhichRowWasRefused) {
  connection().execute("INSERT INTO events (code, size) VALUES ('x', 1)");

  EXPECT_THAT([&] { load_events(events("if(n == 150001, 1000, 1)"), {}); },
              ThrowsError(ErrorCode::constraint_violation,
                          GetParam() == "postgres" ? "row 150001 of the load" : ""));

  EXPECT_EQ(count("events"), 1);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(LargeLoad, LeavesEverythingAsItWasWhenInterrupted) {
  class StopAtHalf : public Progress {
   public:
    void report(const ProgressUpdate& update) override {
      if (update.rows > kRows / 2) interrupt();
    }
  };
  StopAtHalf progress;

  EXPECT_THAT(
      [&] {
        load({connection(), schema(), events("1"), options()}, {.entries = {{"event", kRows, {}}}},
             progress);
      },
      ThrowsError(ErrorCode::unavailable, "interrupted"));

  EXPECT_EQ(count("events"), 0);
  EXPECT_EQ(session(events("1")).create("event").row(), 1U);
}

// Both lines write the table, and a hook may do anything to it.
TEST_P(LargeLoad, GoesByOneSessionBesideOtherStatements) {
  Progress progress;
  load({connection(), schema(), events("1"), options()},
       {.entries = {{"event", kRows, {}}, {"event", 10, {}}}}, progress);
  EXPECT_EQ(count("events"), 200'010);

  connection().execute("DELETE FROM events");
  const auto hooked = FactoryLibrary::parse(
      "version: 1\nfactories:\n  event: { table: events, set: { code: '{n}', size: 1 } }\n"
      "  product: { after_create: [ { sql: 'DELETE FROM events WHERE size = 1', bulk: each } ] "
      "}\n");
  load({connection(), schema(), hooked, options()},
       {.entries = {{"event", kRows, {}}, {"product", 1, {}}}}, progress);
  EXPECT_EQ(count("events"), 0);
}

// A counter that the rows leave to the database gives each the number of its place.
TEST_P(LargeLoad, KeepsTheOrderThatACounterSees) {
  if (GetParam() != "postgres") return;  // the others have one counter, the key
  connection().execute("ALTER TABLE events ADD place BIGSERIAL");
  introspect();

  const auto library = events("1", "{digits(12)}-{n}");
  load_events(library, {});
  session(library).create("event");

  EXPECT_EQ(count("events", "place = id"), 200'001);
}

}  // namespace
}  // namespace seedbed::testing
