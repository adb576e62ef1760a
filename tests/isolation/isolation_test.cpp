#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/statement_splitter.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/isolation/hazards.hpp"
#include "tests/isolation/matrix.hpp"
#include "tests/isolation/state.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

using testing::Course;
using testing::Hazard;
using testing::Outcome;
using testing::Way;

/// What is outside of tables and counters.
std::string extras_sql(std::string_view engine) {
  if (engine == "sqlite") {
    return "SELECT (SELECT user_version FROM pragma_user_version) || ' ' || (SELECT journal_mode "
           "FROM pragma_journal_mode) || ' ' || (SELECT group_concat(sql) FROM (SELECT sql FROM "
           "sqlite_schema WHERE name NOT LIKE 'seedbed%' ORDER BY name))";
  }
  if (engine == "mysql") {
    return "SELECT concat(@@character_set_database, ' ', coalesce(IS_USED_LOCK(DATABASE()) IS NOT "
           "NULL, 0), ' ', (SELECT count(*) FROM information_schema.statistics WHERE table_schema "
           "= DATABASE() AND table_name NOT LIKE 'seedbed%'), ' ', (SELECT group_concat("
           "md5(routine_definition)) FROM information_schema.routines WHERE routine_schema = "
           "DATABASE()), (SELECT group_concat(coalesce(column_default, '')) FROM "
           "information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'loose'))";
  }
  return R"sql(SELECT concat_ws(' ',
    (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
     WHERE l.locktype = 'advisory' AND d.datname = current_database()),
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()),
    (SELECT count(*) FROM pg_largeobject_metadata),
    (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
     WHERE d.datname = current_database()),
    (SELECT count(*) FROM pg_db_role_setting
     WHERE setconfig::text LIKE '%isolation.' || current_database() || '%'),
    (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'),
    (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'),
    (SELECT authors FROM totals), (SELECT md5(prosrc) FROM pg_proc WHERE proname = 'watch'),
    (SELECT relacl FROM pg_class WHERE relname = 'loose'),
    (SELECT string_agg(pg_get_expr(adbin, adrelid), ' ' ORDER BY adrelid, adnum) FROM pg_attrdef),
    (SELECT count(*) FROM pg_namespace WHERE nspname = 'extra')))sql";
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// A baseline in a database of its own, of a project of its own.
class Stage {
 public:
  Stage(std::string_view engine, Way way) : way_{way}, database_{engine} {
    if (engine == "postgres") make_role();
    connection_ = connect();
    mark_database(*connection_);
    std::string baseline = testing::baseline_sql(engine);
    // Rows that their owner cannot see are none that it could bring back.
    if (way == Way::as_owner) {
      baseline = replaced(baseline, "ALTER TABLE secret FORCE ROW LEVEL SECURITY;", "");
    }
    connection_->execute_script(baseline);
    if (way == Way::truncate || way == Way::delete_) take_rows_away(baseline);
    if (way == Way::clone) connection_.reset();
    workspace_.mark_baseline(target(), {strategy_of_mark()});
    if (way == Way::clone) connection_ = connect();
    baseline_ = state();
  }

  // What outlives its session and database would be in the way of others.
  ~Stage() {
    try {
      leave();
    } catch (const Error& error) {
      ADD_FAILURE() << "something stays on the server: " << error.what();
    }
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Outcome meet(const Hazard& hazard) {
    try {
      const Outcome outcome = way_ == Way::rollback ? roll_back(hazard) : reset(hazard);
      auto found = state();
      auto wanted = baseline_;
      if (outcome == Outcome::told) {
        leave_out_told(found);
        leave_out_told(wanted);
      }
      if (found == wanted) return outcome;
      message_ = difference(wanted, found);
      return Outcome::gap;
    } catch (const Error& error) {
      message_ = error.what();
      return Outcome::refused;
    }
  }

  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  static std::string difference(const std::vector<std::string>& wanted,
                                const std::vector<std::string>& found) {
    const auto lines_without = [](const auto& lines, const auto& others, char sign) {
      std::string told;
      for (const auto& line : lines) {
        if (std::ranges::find(others, line) == others.end())
          told += fmt::format("\n{} {}", sign, line);
      }
      return told;
    };
    return lines_without(wanted, found, '-') + lines_without(found, wanted, '+');
  }

  /// SQLite's connections would wait for each other for seconds.
  [[nodiscard]] std::string target() const {
    DatabaseUrl url = database_.url();
    if (engine() == "sqlite") url.parameters["busy_timeout"] = "100";
    if (!role_.empty()) url.user = role_;
    return url.to_string();
  }
  [[nodiscard]] std::unique_ptr<Connection> connect() const {
    return database_.engine().connect(DatabaseUrl::parse(target()));
  }

  [[nodiscard]] std::string_view engine() const { return database_.engine().name(); }
  /// SQLite's is a path.
  [[nodiscard]] std::string name() const { return database_.url().database; }

  /// The server takes a moment to let go of what a closed session has prepared.
  void roll_back_xa(const std::string& gid) {
    for (int attempt = 0; attempt < 200; ++attempt) {
      try {
        return static_cast<void>(connection_->execute("XA ROLLBACK '" + gid + "'"));
      } catch (const Error&) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
      }
    }
    ADD_FAILURE() << "the prepared transaction " << gid << " stays";
  }

  void leave() {
    other_.reset();
    if (way_ == Way::clone) connection_ = connect();
    for (const auto& gid : prepared()) {
      if (engine() == "postgres") connection_->execute("ROLLBACK PREPARED '" + gid + "'");
      if (engine() == "mysql") roll_back_xa(gid);
    }
    if (way_ == Way::clone) workspace_.remove_baseline(target());
    if (!role_.empty()) drop_role();
  }

  /// One of its own: hazards change a role's settings, which the whole server keeps in one row.
  /// Extensions are a superuser's to make.
  void make_role() {
    const std::string role = "role_of_" + name();
    database_.connect()->execute_script(
        fmt::format("CREATE EXTENSION dblink; CREATE ROLE {0} LOGIN {2}; ALTER DATABASE {1} OWNER "
                    "TO {0}; GRANT SET ON PARAMETER isolation.{1} TO {0}",
                    role, name(), way_ == Way::as_owner ? "NOSUPERUSER" : "SUPERUSER"));
    role_ = role;
  }
  void drop_role() {
    connection_.reset();
    const auto superuser = database_.connect();
    superuser->execute_script(fmt::format(
        "REASSIGN OWNED BY {0} TO CURRENT_USER; DROP OWNED BY {0}; DROP ROLE {0}", role_));
  }

  /// It is outside of rows.
  void leave_out_told(std::vector<std::string>& lines) const {
    lines.pop_back();
    if (left_.find("counter") == std::string::npos) return;
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("counter "); });
  }

  [[nodiscard]] ResetStrategy strategy_of_mark() const {
    switch (way_) {
      case Way::truncate: return ResetStrategy::truncate;
      case Way::delete_: return ResetStrategy::delete_;
      case Way::clone: return ResetStrategy::clone;
      case Way::restore: return ResetStrategy::restore;
      case Way::rollback:
      case Way::automatic:
      case Way::as_owner: break;
    }
    return ResetStrategy::rewind;
  }

  /// Tests write them.
  void take_rows_away(const std::string& baseline) {
    for (const auto& statement : split_statements(baseline, dialect_of(engine()))) {
      const bool writes =
          statement.text.starts_with("INSERT") || statement.text.starts_with("UPDATE");
      if (writes) rows_ += statement.text + ";\n";
    }
    workspace_.clean(target(), {});
    if (engine() == "postgres") connection_->execute("REFRESH MATERIALIZED VIEW totals");
  }

  Outcome roll_back(const Hazard& hazard) {
    {
      Sandbox sandbox{*connection_};
      other_ = hazard.course == Course::elsewhere ? connect() : nullptr;
      if (hazard.course != Course::late) run(hazard, other_ ? *other_ : *connection_);
      contend(hazard);
      sandbox.close();
    }
    if (hazard.course == Course::late) {
      other_ = connect();
      run(hazard, *other_);
      Sandbox{*connection_}.close();
    }
    return Outcome::restored;
  }

  Outcome reset(const Hazard& hazard) {
    other_.reset();  // of the hazard before
    if (!rows_.empty()) connect()->execute_script(rows_);
    other_ = connect();
    if (hazard.course == Course::late) reset();
    run(hazard, *other_);
    contend(hazard);
    return reset();
  }

  Outcome reset() {
    const bool asked = way_ == Way::restore || way_ == Way::clone;
    const auto report =
        workspace_.reset(target(), {asked ? strategy_of_mark() : ResetStrategy::automatic});
    if (way_ == Way::clone) connection_ = connect();
    left_ = join(report.changes.left, "; ");
    if (!left_.empty()) return Outcome::told;
    return way_ != Way::restore && report.used == ResetStrategy::restore ? Outcome::escalated
                                                                         : Outcome::restored;
  }

  void run(const Hazard& hazard, Connection& connection) {
    const auto& url = database_.url();
    std::string script = replaced(hazard.script(engine()), "{database}", name());
    script = replaced(std::move(script), "{conninfo}",
                      fmt::format("host={} port={} dbname={} user={} password={}", url.host,
                                  url.port, url.database, url.user, url.password));
    for (const auto& statement : split_statements(script, dialect_of(engine()))) {
      try {
        connection.execute_script(statement.text);
      } catch (const Error& error) {
        const bool meant =
            hazard.course == Course::failing && error.code() == ErrorCode::constraint_violation;
        if (!meant) throw;
      }
    }
  }

  /// Another test's connection, which does not wait.
  void contend(const Hazard& hazard) {
    if (hazard.rival.empty()) return;
    const auto rival = connect();
    if (engine() == "postgres") rival->execute("SET lock_timeout = 100");
    if (engine() == "mysql") rival->execute("SET innodb_lock_wait_timeout = 1");
    rival->execute_script(hazard.rival);
  }

  /// Transactions of this database that were prepared and left.
  std::vector<std::string> prepared() {
    std::vector<std::string> found;
    if (engine() == "postgres") {
      for (const auto& row : connection_
                                 ->query("SELECT gid FROM pg_prepared_xacts WHERE database = "
                                         "current_database()")
                                 .rows) {
        found.push_back(row[0].text());
      }
    }
    if (engine() == "mysql") {
      for (const auto& row : connection_->query("XA RECOVER").rows) {
        if (row[3].bytes().data == name()) found.push_back(name());
      }
    }
    return found;
  }

  /// Rows, counters, the schema, and what is outside of them.
  std::vector<std::string> state() {
    const auto reader = connect();
    auto lines = testing::database_state(*reader);
    for (auto& gid : prepared()) lines.push_back("prepared: " + std::move(gid));
    lines.push_back(reader->query_value(extras_sql(engine())).as<std::string>());
    return lines;
  }

  Way way_;
  testing::TestDatabase database_;
  std::string role_;  // on PostgreSQL
  std::string rows_;  // that a test writes first
  testing::TemporaryDirectory directory_;
  Progress progress_;
  Workspace workspace_{testing::engines(), default_project(directory_.path()), progress_};
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> other_;  // stays open, as that of a server under test does
  std::vector<std::string> baseline_;
  std::string message_;
  std::string left_;
};

// Parts, since what does not come back takes a new database each.
constexpr std::size_t kParts = 3;

class Isolation : public ::testing::TestWithParam<std::tuple<Way, std::string, std::size_t>> {};

TEST_P(Isolation, KeepsToItsTable) {
  const auto& [way, engine, part] = GetParam();
  if (!testing::exists(way, engine)) return;
  if (!testing::engine_available(engine)) GTEST_SKIP() << "no server for " << engine;
  std::unique_ptr<Stage> stage;
  for (std::size_t i = part; i < testing::hazards().size(); i += kParts) {
    const Hazard& hazard = testing::hazards()[i];
    const Outcome wanted = testing::expected(hazard, way, engine);
    if (wanted == Outcome::none) continue;
    if (stage == nullptr) stage = std::make_unique<Stage>(engine, way);
    const Outcome outcome = stage->meet(hazard);
    EXPECT_EQ(to_string(outcome), to_string(wanted)) << hazard.name << ": " << stage->message();
    // What did not come back would be met again.
    if (outcome != Outcome::restored) stage.reset();
  }
}

INSTANTIATE_TEST_SUITE_P(, Isolation,
                         ::testing::Combine(::testing::ValuesIn(testing::kWays),
                                            ::testing::Values("sqlite", "postgres", "mysql"),
                                            ::testing::Range(std::size_t{0}, kParts)),
                         [](const auto& instance) {
                           auto name = fmt::format(
                               "{}_{}_{}", to_string(std::get<0>(instance.param)),
                               std::get<1>(instance.param), std::get<2>(instance.param));
                           return replaced(std::move(name), " ", "_");
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
