#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/factories/certificate.hpp"
#include "seedbed/factories/row_files.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;

class LoadParts : public FactoryTest {
 protected:
  std::vector<LoadedTable> load_part(LoadPart part, const std::string& scenario = "small",
                                     bool certify = false) {
    Progress progress;
    return load({connection(), schema(), library(), options()},
                {.scenario = scenario, .part = std::move(part), .certify = certify}, progress);
  }

  /// The rows that would be written, as SQL.
  std::vector<LoadedTable> write_part(LoadPart part, std::string& text,
                                      const std::string& scenario = "small") {
    Progress progress;
    return write_rows(
        {engine(), schema(), library(), options()},
        {.scenario = scenario, .part = std::move(part), .certify = true},
        {.format = RowFormat::sql, .stream = [&](std::string_view bytes) { text += bytes; }},
        progress);
  }

  Certificate certificate(LoadPart part, const std::string& scenario = "small") {
    std::string text;
    return certificate_of(write_part(std::move(part), text, scenario));
  }

  /// By a connection of its own; "" when nothing went wrong.
  [[nodiscard]] std::string load_users(const Shard& shard) const {
    try {
      const auto own = connect();
      Progress progress;
      load({*own, schema(), library(), options()},
           {.scenario = "per_user", .part = {.shard = shard, .tables = {"users"}}}, progress);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  Certificate stored(const Certificate& wanted) {
    Progress progress;
    return certify(connection(), schema(), wanted, progress);
  }

  std::vector<Table> tables() {
    const auto schema = engine().introspect(connection());
    return {schema.tables().begin(), schema.tables().end()};
  }

  std::string refusal(const LoadPart& part) {
    try {
      load_part(part);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
};
SEEDBED_ON_ALL_ENGINES(LoadParts);

std::map<std::string, std::string> hashes(const Certificate& certificate) {
  std::map<std::string, std::string> hashes;
  for (const auto& table : certificate.tables) {
    hashes[table.table.to_string()] = fmt::format("{} {}", table.sum.rows, table.sum.hex());
  }
  return hashes;
}

TEST_P(LoadParts, AreCertifiedAlikeOnEveryEngine) {
  const auto whole = certificate({});

  EXPECT_EQ(hashes(whole), (std::map<std::string, std::string>{
                               {"users", "24 6348688efecadc5214ea7ec54bbfe88e"},
                               {"products", "10 c13c5fc2573bd5f22154063d95c40f96"},
                               {"orders", "40 9513db5098e160eb7c7e74d5c716411a"},
                               {"order_items", "87 0c9a09fee5f76ebca99e9c65f2a7c8fd"},
                               {"payments", "30 80f2b491ce1781e33786e620410727c1"}}));
  const auto loaded = certificate_of(load_part({}, "small", true));
  EXPECT_EQ(loaded, whole) << "of a load";
  EXPECT_EQ(stored(whole), whole) << "of the rows that are there";
}

TEST_P(LoadParts, OfWhichOneCellDiffersAreNotCertified) {
  const auto whole = certificate_of(load_part({}, "small", true));
  connection().execute("UPDATE users SET name = 'Somebody' WHERE id = 7");

  const auto now = stored(whole);

  EXPECT_NE(now, whole);
  EXPECT_EQ(hashes(now).at("orders"), hashes(whole).at("orders"));
}

TEST_P(LoadParts, TogetherAreTheWhole) {
  const auto whole = certificate({}, "per_user");

  std::vector<Certificate> shards;
  for (std::uint64_t i = 1; i <= 7; ++i) {
    shards.push_back(certificate({.shard = Shard{i, 7}}, "per_user"));
  }
  EXPECT_EQ(sum_of(shards), whole);
  EXPECT_GT(shards[3].tables.back().sum.rows, 0U);

  std::vector<Certificate> ranges;
  ranges.push_back(certificate({.rows = RowRange{1, 10}}, "per_user"));
  ranges.push_back(certificate({.rows = RowRange{11, 1'999}}, "per_user"));
  ranges.push_back(certificate({.rows = RowRange{2'000, 100'000}}, "per_user"));
  EXPECT_EQ(sum_of(ranges), whole);

  std::vector<Certificate> tables;
  for (const auto& table : whole.tables) {
    tables.push_back(certificate({.tables = {table.table.name}}, "per_user"));
    EXPECT_EQ(tables.back().tables.size(), 1U);
  }
  EXPECT_EQ(sum_of(tables), whole);
}

class LoadPartsOfMany : public LoadParts {};
SEEDBED_ON_SQLITE(LoadPartsOfMany);

// Of so many rows above, where each one's rows begin is not kept.
TEST_P(LoadPartsOfMany, AreTheWholeWhereCountsDiffer) {
  const auto many = FactoryLibrary::parse(R"yaml(
version: 1
factories:
  user:
    set: { email: "{n}@example.com", name: =full_name(), balance: 1, created_at: =now - 1y .. now }
  product: { set: { sku: "S{n}", name: p, price: 1, stock: 1 } }
  order:
    set: { number: "{n}.{index}", placed_at: =customer.created_at .. now, total: =count(items) }
    has: { items: { factory: order_item, count: 0..2 } }
  order_item: { set: { line: =index + 1, quantity: =1 .. 5, unit_price: 1 } }
  payment: { refs: { order: { factory: order } }, set: { amount: =length(order.number) } }
scenarios:
  many:
    - { product: 10 }
    - { user: 20k }
    - { order: { per: user, count: "=lognormal(mean=2, sd=3, max=40)", total: 30k } }
    - { payment: 300 }
)yaml");
  const auto certificate = [&](LoadPart part) {
    Progress progress;
    return certificate_of(write_rows({engine(), schema(), many, options()},
                                     {.scenario = "many", .part = std::move(part), .certify = true},
                                     {.format = RowFormat::sql, .stream = [](std::string_view) {}},
                                     progress));
  };

  const auto whole = certificate({});
  std::vector<Certificate> shards;
  for (std::uint64_t i = 1; i <= 3; ++i) shards.push_back(certificate({.shard = Shard{i, 3}}));

  EXPECT_EQ(sum_of(shards), whole);
  EXPECT_EQ(hashes(whole), (std::map<std::string, std::string>{
                               {"users", "20000 7d764ce3f54aabffd911f0ef4fbb9b30"},
                               {"products", "10 551439fa0b6ffa9de14ae93fe00f7bb8"},
                               {"orders", "30000 2c11ca0459f895b924419d11a6a7b1e3"},
                               {"order_items", "29993 41e40ea3f612358e41a84348fad46e69"},
                               {"payments", "300 f29e53bbb184d7f56a4d6e47672be4e6"}}));
}

TEST_P(LoadParts, GoIntoOneDatabaseTableByTable) {
  const auto whole = certificate({}, "per_user");
  for (const auto* table : {"users", "products", "orders", "order_items"}) {
    const bool made = hashes(whole).contains(table);
    for (std::uint64_t i = 1; made && i <= 3; ++i) {
      load_part({.shard = Shard{i, 3}, .tables = {table}}, "per_user");
    }
  }

  EXPECT_EQ(stored(whole), whole);
  // Everything after them has numbers and keys of its own.
  EXPECT_EQ(db().create("user").row(), 2'001U);
  EXPECT_EQ(count("users"), 2'001);
}

TEST_P(LoadParts, MayBeLoadedAtOnce) {
  const auto whole = certificate({.tables = {"users"}}, "per_user");
  db().prepare();

  std::vector<std::string> problems(5);
  std::vector<std::thread> threads;
  threads.reserve(problems.size());
  for (std::uint64_t i = 0; i < problems.size(); ++i) {
    threads.emplace_back([&, i] { problems[i] = load_users({i + 1, problems.size()}); });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_THAT(problems, ::testing::Each(""));
  EXPECT_EQ(stored(whole), whole);
  EXPECT_EQ(db().create("user").row(), 2'001U);
}

TEST_P(LoadParts, AreCountedFromTheirBase) {
  db().create_list("user", 5);
  const auto at_base = certificate({.tables = {"users"}, .base = 1'000});

  EXPECT_THAT(refusal({.tables = {"users"}}),
              HasSubstr("table 'users' has rows up to number 5; a part of a data set counts its "
                        "rows and keys from 1, or from after --base N"));
  EXPECT_EQ(count("users"), 5);
  load_part({.tables = {"users"}, .base = 1'000});

  EXPECT_EQ(number("SELECT MIN(id) FROM users WHERE id > 5"), 1'001);
  EXPECT_EQ(count("users"), 29);
  connection().execute("DELETE FROM users WHERE id <= 5");
  EXPECT_EQ(stored(at_base), at_base);
}

TEST_P(LoadParts, AreRefusedWhereRowsHoldTheirKeys) {
  connection().execute(
      "INSERT INTO users (id, email, name, balance, created_at) VALUES (3, 'a@example.com', 'A', "
      "0, "
      "'2026-01-01 00:00:00')");

  EXPECT_THAT(refusal({.tables = {"users"}}), HasSubstr("table 'users' holds keys up to 3"));
  EXPECT_EQ(count("users"), 1);
}

TEST_P(LoadParts, MustMakeSense) {
  EXPECT_THAT(refusal({.rows = RowRange{1, 2}, .shard = Shard{1, 2}}),
              HasSubstr("either a range of rows or a shard"));
  EXPECT_THAT(refusal({.tables = {"user"}}),
              HasSubstr("no rows of a table 'user' are part of this; there are rows of "));
}

TEST_P(LoadParts, LeaveConstraintsAsTheyWereWhenTheyArePutOff) {
  const auto before = tables();
  Progress progress;
  const FactoryTarget target{connection(), schema(), library(), options()};
  LoadRequest request{.scenario = "small", .certify = true};
  request.constraints = ConstraintMode::defer;
  request.part.tables = {"orders"};
  EXPECT_THAT([&] { load(target, request, progress); },
              ThrowsError(ErrorCode::constraint_violation, "in the order products, users, orders"));
  EXPECT_EQ(count("orders"), 0);
  request.part.tables = {};
  const auto whole = certificate_of(load(target, request, progress));

  EXPECT_EQ(tables(), before);
  EXPECT_EQ(stored(whole), whole);
  // With rows in the tables they are not touched, and the next rows follow.
  EXPECT_GT(load(target, request, progress).front().first_row, 1U);
  EXPECT_EQ(tables(), before);
}

TEST_P(LoadParts, AreStatementsThatLoadTheSame) {
  std::string sql;
  const auto whole = certificate_of(write_part({}, sql));

  connection().execute_script(sql);

  EXPECT_EQ(stored(whole), whole);
}

}  // namespace
}  // namespace seedbed::testing
