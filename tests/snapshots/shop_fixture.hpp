#pragma once

#include <map>
#include <string>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/snapshots/reader.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {

/// A shop with the awkward parts of schemas: every class of type, a self reference, a cycle of
/// keys, a composite key, a table without a key, names that need quotes. The same content on every
/// engine, its columns declared equivalently.
class ShopTest : public EngineTest {
 protected:
  void SetUp() override;

  void create_schema();
  void insert_rows();

  [[nodiscard]] SnapshotStore store() const {
    return SnapshotStore{directory_.path() / "snapshots"};
  }
  [[nodiscard]] Schema schema() { return engine().introspect(connection()); }
  SnapshotSummary save(const std::string& name, const SaveOptions& options = {});
  SnapshotSummary restore(const std::string& name, const RestoreOptions& options = {});
  [[nodiscard]] SnapshotSummary measure();
  /// Every cell of every table as the engine itself gives it, not through any code under test.
  [[nodiscard]] std::map<std::string, std::vector<Row>> all_rows();
  void delete_everything();
  void run(const std::vector<std::string>& statements);

  Progress progress_;

 private:
  TemporaryDirectory directory_;
};

}  // namespace seedbed::testing
