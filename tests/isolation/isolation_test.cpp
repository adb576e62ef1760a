#include <cstdlib>
#include <memory>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/isolation/hazards.hpp"
#include "tests/isolation/matrix.hpp"
#include "tests/isolation/state.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

using testing::Hazard;
using testing::Outcome;
using testing::Way;

/// What is outside of tables and counters.
std::string extras_sql(std::string_view engine) {
  if (engine == "sqlite") {
    return "SELECT (SELECT user_version FROM pragma_user_version) || ' ' || count(*) FROM "
           "sqlite_schema WHERE name NOT LIKE 'seedbed%'";
  }
  if (engine == "mysql") {
    return "SELECT concat(@@character_set_database, ' ', coalesce(IS_USED_LOCK('mine') IS NOT "
           "NULL, "
           "0), ' ', (SELECT count(*) FROM information_schema.statistics WHERE table_schema = "
           "DATABASE() AND table_name NOT LIKE 'seedbed%'))";
  }
  return "SELECT concat_ws(' ', (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = "
         "l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()), (SELECT "
         "count(*) FROM pg_prepared_xacts WHERE database = current_database()), (SELECT count(*) "
         "FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_db_role_setting s JOIN "
         "pg_database "
         "d ON d.oid = s.setdatabase WHERE d.datname = current_database()), (SELECT count(*) FROM "
         "pg_trigger WHERE tgenabled = 'D'), (SELECT count(*) FROM pg_indexes WHERE schemaname = "
         "'public'), (SELECT authors FROM totals))";
}

/// A baseline in a database of its own, of a project of its own.
class Stage {
 public:
  Stage(std::string_view engine, Way way) : way_{way}, database_{engine} {
    connection_ = database_.connect();
    mark_database(*connection_);
    connection_->execute_script(testing::baseline_sql(engine));
    workspace_.mark_baseline(
        target(), {way == Way::automatic ? ResetStrategy::rewind : ResetStrategy::restore});
    baseline_ = state();
  }

  // A prepared transaction outlives its session, and would be in the way of others.
  ~Stage() {
    other_.reset();
    if (database_.engine().name() != "postgres") return;
    for (const auto& row :
         connection_->query("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")
             .rows) {
      connection_->execute(fmt::format("ROLLBACK PREPARED '{}'", row[0].text()));
    }
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Outcome meet(const Hazard& hazard) {
    try {
      const Outcome outcome = way_ == Way::rollback ? roll_back(hazard) : reset(hazard);
      const bool told = outcome == Outcome::told;
      return told || state() == baseline_ ? outcome : Outcome::gap;
    } catch (const Error& error) {
      message_ = error.what();
      return Outcome::refused;
    }
  }

  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  [[nodiscard]] std::string target() const { return database_.url().to_string(); }

  Outcome roll_back(const Hazard& hazard) {
    Sandbox sandbox{*connection_};
    other_ = hazard.elsewhere ? database_.connect() : nullptr;
    run(hazard, other_ ? *other_ : *connection_);
    sandbox.close();
    return Outcome::restored;
  }

  Outcome reset(const Hazard& hazard) {
    other_ = database_.connect();
    run(hazard, *other_);
    const auto strategy = way_ == Way::restore ? ResetStrategy::restore : ResetStrategy::automatic;
    const auto report = workspace_.reset(target(), {.strategy = strategy});
    if (!report.changes.left.empty()) return Outcome::told;
    return way_ == Way::automatic && report.used == ResetStrategy::restore ? Outcome::escalated
                                                                           : Outcome::restored;
  }

  void run(const Hazard& hazard, Connection& connection) {
    connection.execute_script(hazard.script(database_.engine().name()));
  }

  /// Rows, counters, the schema, and what is outside of them.
  std::vector<std::string> state() {
    const auto reader = database_.connect();
    auto lines = testing::database_state(*reader);
    lines.push_back(reader->query_value(extras_sql(database_.engine().name())).as<std::string>());
    return lines;
  }

  Way way_;
  testing::TestDatabase database_;
  testing::TemporaryDirectory directory_;
  Progress progress_;
  Workspace workspace_{testing::engines(), default_project(directory_.path()), progress_};
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> other_;  // stays open, as that of a server under test does
  std::vector<std::string> baseline_;
  std::string message_;
};

class Isolation : public ::testing::TestWithParam<std::tuple<Way, std::string>> {};

TEST_P(Isolation, KeepsToItsTable) {
  const auto& [way, engine] = GetParam();
  if (!testing::engine_available(engine)) GTEST_SKIP() << "no server for " << engine;
  std::unique_ptr<Stage> stage;
  for (const auto& hazard : testing::hazards()) {
    if (hazard.script(engine).empty()) continue;
    if (stage == nullptr) stage = std::make_unique<Stage>(engine, way);
    const Outcome outcome = stage->meet(hazard);
    EXPECT_EQ(to_string(outcome), to_string(testing::expected(hazard, way, engine)))
        << hazard.name << ": " << stage->message();
    // What did not come back would be met again.
    if (outcome != Outcome::restored) stage.reset();
  }
}

INSTANTIATE_TEST_SUITE_P(, Isolation,
                         ::testing::Combine(::testing::Values(Way::rollback, Way::automatic,
                                                              Way::restore),
                                            ::testing::Values("sqlite", "postgres", "mysql")),
                         [](const auto& instance) {
                           return fmt::format("{}_{}", to_string(std::get<0>(instance.param)),
                                              std::get<1>(instance.param));
                         });

TEST(IsolationMatrix, IsWhatTheReadmeShows) {
  const std::string readme{SEEDBED_ISOLATION_README};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests set none
  if (std::getenv("SEEDBED_WRITE_MATRIX") != nullptr) {
    write_file_atomically(readme, testing::isolation_readme());
  }
  EXPECT_EQ(read_file(readme), testing::isolation_readme())
      << "write it anew: SEEDBED_WRITE_MATRIX=1 isolation_test --gtest_filter='IsolationMatrix.*'";
}

}  // namespace

}  // namespace seedbed
