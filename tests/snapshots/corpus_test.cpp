#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/snapshots/reader.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

// One line per table, made by the engine's own functions: count and checksum of all cells.
using Checksums = std::map<std::string, std::string>;

/// Real public databases, where SEEDBED_CORPUS says they are.
class Corpus : public testing::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    const char* const folder = std::getenv("SEEDBED_CORPUS");  // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
      GTEST_SKIP() << "SEEDBED_CORPUS is not set: real databases are NOT tested";
    }
    folder_ = folder;
  }

  void load(const std::string& file) { connection().execute_script(read_file(folder_ / file)); }
  // COPY ... FROM stdin belongs to psql, not to the server.
  void load_by_psql(const std::string& file) const {
    const std::string command = fmt::format("psql -q -o /dev/null '{}' -f '{}' 2>/dev/null",
                                            url().to_string(), (folder_ / file).string());
    ASSERT_EQ(std::system(command.c_str()), 0) << file;  // NOLINT: the test's own command
  }

  [[nodiscard]] SnapshotStore store() const { return SnapshotStore{directory_.path()}; }
  [[nodiscard]] Schema schema() { return engine().introspect(connection()); }
  SnapshotSummary save(const std::string& name) {
    return save_snapshot(store(), name, connection(), schema(), {}, progress_);
  }
  void restore(const std::string& name) {
    restore_snapshot(store(), name, connection(), schema(), {}, progress_);
  }
  void delete_everything() {
    const Schema all = schema();
    connection().execute(pick("PRAGMA foreign_keys = OFF", "SET session_replication_role = replica",
                              "SET foreign_key_checks = 0"));
    for (const auto& table : all.tables()) {
      connection().execute("DELETE FROM " + engine().quote(table.name));
    }
    connection().execute(pick("PRAGMA foreign_keys = ON", "RESET session_replication_role",
                              "SET foreign_key_checks = 1"));
  }
  void rebuild() {
    connection().execute_script(pick("VACUUM", "VACUUM FULL", "SELECT 1"));
    if (!is("mysql")) return;
    for (const auto& name : schema().table_names()) {
      connection().execute(
          fmt::format("ALTER TABLE {} FORCE", engine().quote(TableName{"", name})));
    }
  }

  [[nodiscard]] Checksums checksums() {
    Checksums sums;
    const Schema all = schema();
    for (const auto& table : all.tables()) {
      const RowSet rows = connection().query(checksum_sql(table));
      for (const auto& cell : rows.rows.at(0)) sums[table.name.to_string()] += cell.display() + " ";
    }
    if (is("postgres")) {
      const RowSet sequences = connection().query(
          "SELECT sequencename::text, coalesce(last_value, 0)::text FROM pg_sequences");
      for (const auto& row : sequences.rows) sums["sequence " + row[0].text()] = row[1].text();
    }
    return sums;
  }
  [[nodiscard]] std::size_t foreign_keys() {
    std::size_t count = 0;
    const Schema all = schema();
    for (const auto& table : all.tables()) count += table.foreign_keys.size();
    return count;
  }

  void expect_every_cell_back() {
    const Checksums before = checksums();
    const auto saved = save("all");
    delete_everything();
    ASSERT_NE(checksums(), before);

    restore("all");

    EXPECT_EQ(checksums(), before);
    EXPECT_EQ(save("again").digest, saved.digest);
    rebuild();
    EXPECT_EQ(save("rebuilt").digest, saved.digest);
    EXPECT_EQ(checksums(), before);
  }

 private:
  [[nodiscard]] std::string checksum_sql(const Table& table) {
    const std::string name = engine().quote(table.name);
    if (is("postgres")) {
      return fmt::format(
          "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text "
          "COLLATE \"C\"), '')) FROM ONLY {} t",
          name);
    }
    std::vector<std::string> cells;
    for (const auto& column : table.columns) {
      const std::string cell = engine().quote(column.name);
      cells.push_back(is("mysql") ? fmt::format("COALESCE(HEX({}), '-')", cell)
                                  : fmt::format("typeof({0}) || quote({0})", cell));
    }
    if (is("mysql")) {
      return fmt::format(
          "SELECT COUNT(*), COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS('|', {})), 15), 16, 10) "
          "AS UNSIGNED)), 0) FROM {}",
          join(cells, ", "), name);
    }
    return fmt::format(
        "SELECT count(*), group_concat(line, '|') FROM (SELECT {} AS line FROM {} ORDER BY 1)",
        join(cells, " || '|' || "), name);
  }

  std::filesystem::path folder_;
  testing::TemporaryDirectory directory_;
  Progress progress_;
};

TEST_P(Corpus, ChinookComesBackCellByCell) {
  load("chinook/" + pick("sqlite.sql", "postgres.sql", "mysql.sql"));
  EXPECT_EQ(schema().tables().size(), 11U);
  EXPECT_EQ(foreign_keys(), 11U);

  expect_every_cell_back();

  EXPECT_EQ(store().at("all").rows(), 15'607U);
}

TEST_P(Corpus, SakilaComesBackCellByCellWhereTriggersAllowIt) {
  if (is("sqlite")) return;  // not published for it
  if (is("postgres")) {
    load_by_psql("sakila/postgres-schema.sql");
    load_by_psql("sakila/postgres-data.sql");
    EXPECT_EQ(schema().tables().size(), 21U);
    EXPECT_EQ(foreign_keys(), 40U);
    expect_every_cell_back();
    EXPECT_EQ(store().at("all").rows(), 46'273U);
    return;
  }
  load("sakila/mysql-schema.sql");
  load("sakila/mysql-data.sql");
  connection().execute("SET autocommit = 1");  // which the file leaves off
  EXPECT_EQ(schema().tables().size(), 16U);
  EXPECT_EQ(save("all").rows(), 47'273U);
  connection().execute("DELETE FROM film_text");
  const Checksums before = checksums();
  EXPECT_THAT([&] { restore("all"); }, ThrowsError(ErrorCode::unsupported, "triggers"));
  EXPECT_EQ(checksums(), before);
}

SEEDBED_ON_ALL_ENGINES(Corpus);

}  // namespace
}  // namespace seedbed
