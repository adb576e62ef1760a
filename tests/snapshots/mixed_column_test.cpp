#include <gtest/gtest.h>

#include "seedbed/snapshots/reader.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

/// SQLite lets a column hold anything.
class MixedColumns : public ::testing::Test {
 protected:
  void run(const std::string& sql) { connection_->execute(sql); }
  [[nodiscard]] Schema schema() { return database_.engine().introspect(*connection_); }
  SnapshotSummary save(const std::string& name) {
    return save_snapshot(store(), name, *connection_, schema(), {}, progress_);
  }
  void restore(const std::string& name) {
    restore_snapshot(store(), name, *connection_, schema(), {}, progress_);
  }
  [[nodiscard]] SnapshotStore store() const { return SnapshotStore{directory_.path()}; }
  /// Storage class and exact content of every cell of column v.
  [[nodiscard]] std::vector<Row> cells() {
    return connection_->query("SELECT id, typeof(v), v FROM t ORDER BY rowid").rows;
  }

  testing::TemporaryDirectory directory_;
  testing::TestDatabase database_{"sqlite"};
  std::unique_ptr<Connection> connection_ = database_.connect();
  Progress progress_;
};

TEST_F(MixedColumns, ComeBackWithEveryCellsStorageClass) {
  for (const std::string type : {"INTEGER", "DECIMAL(10,2)", "BOOLEAN", "TIMESTAMP", "CHAR(5)",
                                 "BLOB", "REAL", "JSON", "TEXT", "", "WHATEVER"}) {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, v " + type + ")");
    run("INSERT INTO t (v) VALUES (1), (1.5), (1.005), ('abc'), (x'00ff'), (NULL), (''), ('12'), "
        "(9223372036854775807), (1e300), (-0.0), ('2026-01-01T00:00:00Z'), ('ab   '), "
        "(CAST(x'ff00' AS TEXT)), ('tab\tnl\n\\N')");
    const auto before = cells();
    const auto saved = save("s");
    run("DELETE FROM t");
    restore("s");

    EXPECT_EQ(cells(), before) << type;
    EXPECT_EQ(measure_state(*connection_, schema(), progress_).digest, saved.digest) << type;
    run("DROP TABLE t");
    std::filesystem::remove(store().root() / "index.json");
  }
}

TEST_F(MixedColumns, SortKeysOfSeveralKinds) {
  run("CREATE TABLE t (id, v, PRIMARY KEY (id))");
  run("INSERT INTO t VALUES ('b', 1), (10, 2), (9, 3), (NULL, 4), (x'61', 5), (NULL, 4), (1.5, 6)");
  const auto saved = save("s");

  run("CREATE TABLE copy AS SELECT * FROM t");
  run("DELETE FROM t");
  run("INSERT INTO t SELECT * FROM copy ORDER BY v DESC");
  run("DROP TABLE copy");

  EXPECT_EQ(measure_state(*connection_, schema(), progress_).digest, saved.digest);
}

}  // namespace
}  // namespace seedbed
