// What giving a test its database back costs, asked by run_reset.py.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/cleanup/database_pool.hpp"
#include "seedbed/cleanup/emptying.hpp"
#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/cleanup/templates.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "tests/benchmarks/contest_loop.hpp"

namespace seedbed::benchmarks {

namespace {

const Engine& engine_of(const DatabaseUrl& url) {
  static const std::array<std::unique_ptr<Engine>, 3> kEngines{
      make_sqlite_engine(), make_postgres_engine(), make_mysql_engine()};
  return **std::ranges::find_if(kEngines,
                                [&](const auto& engine) { return engine->name() == url.engine; });
}

/// Tables t0, t1 and so on, each with a primary key from a counter, a unique text, an index and a
/// foreign key to the one before. What the test does goes through a connection of its own.
class ResetContestants {
 public:
  explicit ResetContestants(const std::string& url)
      : url_{DatabaseUrl::parse(url)}, engine_{engine_of(url_)}, ours_{engine_.connect(url_)} {}
  ~ResetContestants() {
    if (server_ == nullptr) return;
    const auto digits = template_.name.substr(template_.name.rfind('_') + 1, 16);
    for (const auto& pooled : server_->list("seedbed_pool_" + digits)) server_->drop(pooled.name);
    server_->drop(template_.name);
  }
  ResetContestants(const ResetContestants&) = delete;
  ResetContestants& operator=(const ResetContestants&) = delete;

  /// `times`: how often; for "make" the number of tables, for "fill" and "template" the number of
  /// rows in all.
  Seconds run(std::string_view contest, std::uint64_t times) {
    if (contest == "make") return timed([&] { make(times); });
    if (contest == "fill") return timed([&] { fill(times); });
    if (contest == "note") return timed([&] { engine_.undo_log().begin(*ours_, {}); });
    if (contest == "seal") return timed([&] { seal(); });
    if (contest == "insert") return timed([&] { insert(times); });
    if (contest == "template") return timed([&] { make_template(times); });
    Seconds sum{};
    for (std::uint64_t i = 0; i < times; ++i) sum += reset(contest);
    return sum;
  }

 private:
  void make(std::uint64_t tables) {
    const std::map<std::string_view, std::string_view> keys{
        {"sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT"},
        {"postgres", "SERIAL PRIMARY KEY"},
        {"mysql", "INT AUTO_INCREMENT PRIMARY KEY"}};
    for (std::uint64_t i = 0; i < tables; ++i) {
      tables_.push_back(fmt::format("t{}", i));
      ours_->execute(
          fmt::format("CREATE TABLE t{0} (id {1}, parent_id INT, email VARCHAR(60) NOT NULL "
                      "UNIQUE, name VARCHAR(60), FOREIGN KEY (parent_id) REFERENCES t{2} (id))",
                      i, keys.at(engine_.name()), i == 0 ? 0 : i - 1));
      ours_->execute(fmt::format("CREATE INDEX t{0}_name ON t{0} (name)", i));
    }
    theirs_ = engine_.connect(url_);
  }

  void fill(std::uint64_t rows) {
    const std::uint64_t each = std::max<std::uint64_t>(rows / tables_.size(), 1);
    for (const auto& table : tables_) {
      std::vector<std::string> values;
      for (std::uint64_t i = 0; i < each; ++i) {
        values.push_back(fmt::format("('{0}@example.com', 'somebody with number {0}')", i));
      }
      ours_->execute(
          fmt::format("INSERT INTO {} (email, name) VALUES {}", table, join(values, ", ")));
    }
  }

  void seal() { begin_emptying(*ours_, engine_.introspect(*ours_), {}); }

  void insert(std::uint64_t rows) {
    for (std::uint64_t i = 0; i < rows; ++i) insert_row("t3");
  }

  void insert_row(std::string_view table) {
    theirs_->execute(
        fmt::format("INSERT INTO {} (email, name) VALUES ('new{}@x', 'new')", table, ++inserted_));
  }

  /// 10 rows of 3 tables.
  void change() {
    for (const auto* table : {"t0", "t1", "t2"}) {
      for (int row = 0; row < 3; ++row) insert_row(table);
    }
    theirs_->execute("UPDATE t0 SET name = 'changed' WHERE id = 1");
  }

  Seconds reset(std::string_view contest) {
    if (contest == "bare_rollback") return roll_back(false);
    if (contest == "sandbox") return roll_back(true);
    if (contest == "copy_file") return copy_file();
    if (contest == "clone" || contest == "plain_clone") return clone(contest == "plain_clone");
    if (contest == "pooled") return timed([&] { test_in_pool(); });
    if (contest == "fresh") return timed([&] { test_in_clone(); });
    change();
    if (contest == "rewind") {
      return timed([&] { static_cast<void>(engine_.undo_log().undo(*ours_)); });
    }
    if (contest == "empty") {
      return timed([&] {
        static_cast<void>(engine_.empty_baseline().bring_back(*ours_, EmptyBy::delete_));
      });
    }
    return timed([&] { ours_->execute_script(script(contest)); });
  }

  const std::string& script(std::string_view contest) {
    std::string& sql = scripts_[std::string{contest}];
    if (!sql.empty()) return sql;
    if (contest == "delete_all") {
      for (auto table = tables_.rbegin(); table != tables_.rend(); ++table) {
        sql += fmt::format("DELETE FROM {};", *table);
      }
    } else if (engine_.name() == "postgres") {
      sql = fmt::format("TRUNCATE {} RESTART IDENTITY", join(tables_, ", "));
    } else {
      sql = "SET foreign_key_checks = 0;";
      for (const auto& table : tables_) sql += fmt::format("TRUNCATE {};", table);
    }
    return sql;
  }

  Seconds roll_back(bool sandboxed) {
    if (sandboxed) {
      Sandbox sandbox{*theirs_};
      change();
      return timed([&] { sandbox.close(); });
    }
    theirs_->execute(engine_.begin_sql());
    change();
    return timed([&] { theirs_->execute("ROLLBACK"); });
  }

  Seconds copy_file() {
    theirs_.reset();
    const std::string copied = url_.database + ".copy";
    const Seconds seconds = timed([&] {
      std::filesystem::copy_file(url_.database, copied,
                                 std::filesystem::copy_options::overwrite_existing);
      static_cast<void>(engine_.connect(url_.with_database(copied)));
    });
    theirs_ = engine_.connect(url_);
    return seconds;
  }

  /// Of a database with as many tables as this one.
  void make_template(std::uint64_t rows) {
    server_ = engine_.connect_server(url_);
    Progress progress;
    contents_ = {.key = fmt::format("benchmark {} {}", ::getpid(), url_.database),
                 .fill = [tables = tables_.size(), rows](const DatabaseUrl& address) {
                   ResetContestants contents{address.to_string()};
                   contents.make(tables);
                   contents.fill(rows);
                 }};
    template_ = ready_template(*server_, contents_, progress);
  }

  /// The database of a process with one test, which inserts a row: from the pool, and given back.
  void test_in_pool() {
    Progress progress;
    const auto rewind = [](Connection& connection) {
      return connection.engine().undo_log().undo(connection).undoable();
    };
    PooledDatabase database{engine_.connect_server(url_), {contents_, rewind}, progress};
    auto connection = database.take_connection();
    if (!database.reused()) engine_.undo_log().begin(*connection, {});
    test(*connection);
    connection.reset();
    database.give_back();
  }

  /// The same with a database of its own.
  void test_in_clone() {
    const auto server = engine_.connect_server(url_);
    const std::string name = fmt::format("seedbed_benchmark_fresh_{}", ::getpid());
    server->clone({template_.name, name, template_.method});
    auto connection = engine_.connect(server->url_of(name));
    engine_.undo_log().begin(*connection, {});
    test(*connection);
    connection.reset();
    server->drop(name);
  }

  void test(Connection& connection) {
    connection.execute("INSERT INTO t3 (email, name) VALUES ('new@x', 'new')");
    static_cast<void>(engine_.undo_log().undo(connection));
  }

  Seconds clone(bool plain) {
    const std::string name = fmt::format("seedbed_benchmark_clone_{}", ::getpid());
    const Seconds seconds = timed([&] {
      if (plain) {
        ours_->execute(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, template_.name));
      } else {
        server_->clone({template_.name, name, template_.method});
      }
    });
    server_->drop(name);
    return seconds;
  }

  DatabaseUrl url_;
  const Engine& engine_;
  std::unique_ptr<Connection> ours_;
  std::unique_ptr<Connection> theirs_;
  std::vector<std::string> tables_;
  std::map<std::string, std::string> scripts_;
  std::uint64_t inserted_ = 0;
  std::unique_ptr<DatabaseServer> server_;
  TemplateOrder contents_;
  Template template_;
};

}  // namespace

}  // namespace seedbed::benchmarks

int main(int argc, char** argv) {
  return seedbed::benchmarks::answer_contests<seedbed::benchmarks::ResetContestants>(argc, argv);
}
