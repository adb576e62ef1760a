// Seedbed and hand-written libpqxx, for run.py: reads "CONTEST ROWS" from standard input, does it
// once in the database of the URL given, and answers with the seconds it took. What prepares and
// tidies up is not counted.
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/session.hpp"
#include "tests/benchmarks/contest_loop.hpp"
#include "tests/benchmarks/savepoint_pipeline.hpp"

namespace {

using namespace std::string_literals;

constexpr std::string_view kFactories = R"yaml(
version: 1
factories:
  user:
    set:
      email: "user{n}@example.com"
      name: =full_name()
      age: =18 .. 97
      balance: =0.00 .. 90000.00
      active: =one_of(true, false)
      note: =hex(24)
)yaml";

/// A graph of 4 rows over 3 tables.
constexpr std::string_view kGraph = R"yaml(
version: 1
factories:
  user:
    set: { email: "user{n}@example.com", name: =full_name(), age: 30, balance: 1.00, active: true, note: x }
    has: { orders: { factory: order, count: 1 } }
  order:
    set: { total: "=sum(items, price)" }
    has: { items: { factory: item, count: 2 } }
  item:
    set: { price: =1.00 .. 9.99 }
)yaml";

const std::string kInsert =
    "INSERT INTO users (email, name, age, balance, active, note) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id, created_at";

using seedbed::benchmarks::Seconds;
using seedbed::benchmarks::timed;

class Contestants {
 public:
  explicit Contestants(const std::string& url)
      : rival_{url},
        connection_{engine_->connect(seedbed::DatabaseUrl::parse(url))},
        schema_{engine_->introspect(*connection_)},
        pipeline_{url, kInsert} {
    rival_.prepare("insert", kInsert);
  }

  Seconds run(const std::string& contest, std::uint64_t rows) {
    connection_->execute("TRUNCATE users RESTART IDENTITY CASCADE");
    if (contest == "prepared") return prepared(rows);
    if (contest == "pipeline") return pipeline(rows);
    if (contest == "create")
      return in_sandbox(kFactories, rows,
                        [](auto& session) { static_cast<void>(session.create("user")); });
    if (contest == "create_set") {
      return in_sandbox(kFactories, rows, [](auto& session) {
        static_cast<void>(session.create("user", {.set = {{"name", "Ada"}, {"age", 36}}}));
      });
    }
    if (contest == "graph")
      return in_sandbox(kGraph, rows,
                        [](auto& session) { static_cast<void>(session.create("user")); });
    if (contest == "create_list") return create_list(rows);
    if (contest == "build") return build(rows);
    if (contest == "build_list") return build_list(rows);
    throw std::invalid_argument{"unknown contest " + contest};
  }

 private:
  Seconds prepared(std::uint64_t rows) {
    pqxx::work transaction{rival_};
    return timed([&] {
      for (std::uint64_t i = 0; i < rows; ++i) {
        const auto row = transaction.exec_prepared1("insert", fmt::format("user{}@example.com", i),
                                                    "Ada Lovelace", 36, "1234.50", true,
                                                    "0123456789abcdef01234567");
        if (row[0].as<std::int64_t>() == 0) std::abort();
      }
    });
  }

  Seconds pipeline(std::uint64_t rows) {
    pipeline_.begin();
    const auto seconds = timed([&] {
      for (std::uint64_t i = 0; i < rows; ++i) {
        const auto email = fmt::format("user{}@example.com", i);
        pipeline_.insert(
            {email.c_str(), "Ada Lovelace", "36", "1234.50", "t", "0123456789abcdef01234567"});
      }
    });
    pipeline_.roll_back();
    return seconds;
  }

  template <typename Create>
  Seconds in_sandbox(std::string_view definitions, std::uint64_t rows, const Create& create) {
    const auto library = seedbed::FactoryLibrary::parse(definitions);
    seedbed::FactorySession session{*connection_, schema_, library};
    session.prepare();
    const seedbed::Transaction test{*connection_};
    session.enter_sandbox();
    create(session);
    return timed([&] {
      for (std::uint64_t i = 0; i < rows; ++i) create(session);
    });
  }

  Seconds create_list(std::uint64_t rows) {
    const auto library = seedbed::FactoryLibrary::parse(kFactories);
    seedbed::FactorySession session{*connection_, schema_, library};
    session.prepare();
    return timed([&] {
      if (session.create_list("user", rows).size() != rows) std::abort();
    });
  }

  Seconds build(std::uint64_t rows) {
    const auto library = seedbed::FactoryLibrary::parse(kFactories);
    seedbed::FactorySession session{*connection_, schema_, library};
    session.enter_sandbox();
    static_cast<void>(session.build("user"));
    return timed([&] {
      for (std::uint64_t i = 0; i < rows; ++i) static_cast<void>(session.build("user"));
    });
  }

  Seconds build_list(std::uint64_t rows) {
    const auto library = seedbed::FactoryLibrary::parse(kFactories);
    seedbed::FactorySession session{*connection_, schema_, library};
    session.enter_sandbox();
    static_cast<void>(session.build("user"));
    return timed([&] {
      for (std::uint64_t done = 0; done < rows; done += 1000)
        static_cast<void>(session.build_list("user", 1000));
    });
  }

  std::unique_ptr<seedbed::Engine> engine_ = seedbed::make_postgres_engine();
  pqxx::connection rival_;
  std::unique_ptr<seedbed::Connection> connection_;
  seedbed::Schema schema_;
  seedbed::benchmarks::SavepointPipeline pipeline_;
};

}  // namespace

int main(int argc, char** argv) {
  return seedbed::benchmarks::answer_contests<Contestants>(argc, argv);
}
