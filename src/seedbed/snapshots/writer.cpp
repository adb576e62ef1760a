#include "seedbed/snapshots/writer.hpp"

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/schema/fingerprint.hpp"
#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/counters.hpp"
#include "seedbed/snapshots/oci.hpp"
#include "seedbed/snapshots/pack_writer.hpp"
#include "seedbed/snapshots/table_capture.hpp"

namespace seedbed {

namespace {

// A consistent view of the database for as long as it lives.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection) : connection_{connection} {
    if (connection.in_transaction()) return;
    for (const auto& sql : connection.engine().begin_snapshot_sql()) connection.execute(sql);
    open_ = true;
  }
  ~ReadTransaction() {
    if (!open_) return;
    try {
      connection_.execute("ROLLBACK");
    } catch (const Error&) {
      // The connection is lost; nothing was written.
    }
  }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Connection& connection_;
  bool open_ = false;
};

std::vector<detail::StoredTable> stored_tables(const Schema& schema) {
  std::vector<detail::StoredTable> tables;
  for (const auto& table : schema.tables()) {
    detail::StoredTable stored{table.name, fingerprint(Schema{{table}}), {}, table.primary_key};
    for (const auto& column : table.columns) {
      stored.columns.push_back({column.name, column.type.declared, column.nullable});
    }
    tables.push_back(std::move(stored));
  }
  return tables;
}

detail::SnapshotConfig describe(Connection& connection, const Schema& schema) {
  const Engine& engine = connection.engine();
  return {.engine = std::string{engine.name()},
          .engine_version = engine.capabilities(connection).version,
          .captured_at = format_rfc3339(system_now_micros()),
          .schema_fingerprint = fingerprint(schema),
          .tables = stored_tables(schema),
          .sequences = detail::read_sequences(connection, schema),
          .row_numbers = detail::read_row_numbers(connection),
          .records = detail::read_records(connection)};
}

void add_digests(detail::SnapshotConfig& config) {
  config.digest = detail::state_digest(config);
  config.logical_digest = detail::logical_digest(config);
}

detail::Manifest manifest_of(const detail::SnapshotConfig& config) {
  return {.annotations = {{"org.opencontainers.image.created", config.captured_at},
                          {"vnd.seedbed.engine", config.engine},
                          {"vnd.seedbed.digest", config.digest.to_string()},
                          {"vnd.seedbed.logical-digest", config.logical_digest.to_string()},
                          {"vnd.seedbed.schema", config.schema_fingerprint.to_string()}}};
}

void expect_free(const SnapshotStore& store, std::string_view name) {
  if (!store.find(name)) return;
  throw Error{ErrorCode::conflict,
              fmt::format("there is a snapshot '{}' already in '{}'", name, store.root().string())};
}

detail::SnapshotConfig capture(Connection& connection, const Schema& schema,
                               detail::PackWriter& packs, Progress& progress) {
  const ReadTransaction consistent{connection};
  detail::SnapshotConfig config = describe(connection, schema);
  const detail::Capture source{connection, progress, "save"};
  for (const auto& table : schema.tables()) {
    packs.finish_table(detail::capture_table(
        source, table,
        [&](const detail::Chunk& chunk, std::string frame) { packs.add(chunk, std::move(frame)); },
        [&] { packs.restart(); }));
  }
  config.data = packs.finish();
  add_digests(config);
  return config;
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): what, from where, to where, how; all are needed
SnapshotSummary save_snapshot(const SnapshotStore& store, std::string_view name,
                              Connection& connection, const Schema& schema,
                              const SaveOptions& options, Progress& progress) {
  check_snapshot_name(name);
  if (!options.replace) expect_free(store, name);
  detail::PackWriter packs{store, schema.tables().size()};
  detail::SnapshotConfig config = capture(connection, schema, packs, progress);
  config.labels = options.labels;

  const std::string bytes = detail::write_config(config);
  detail::Manifest manifest = manifest_of(config);
  manifest.config = {std::string{detail::kConfigType}, store.put_blob(bytes), bytes.size(), {}};
  manifest.layers = packs.layers();
  if (manifest.layers.empty()) store.put_blob(detail::kEmptyBlob);
  const std::string manifest_bytes = detail::write_manifest(manifest);

  SnapshotSummary summary = detail::summary_of(config);
  summary.name = name;
  summary.manifest = store.put_blob(manifest_bytes);
  store.tag(name, summary.manifest, manifest_bytes.size(),
            options.replace ? IfTaken::replace : IfTaken::refuse);
  return summary;
}

SnapshotSummary measure_state(Connection& connection, const Schema& schema, Progress& progress) {
  const ReadTransaction consistent{connection};
  detail::SnapshotConfig config = describe(connection, schema);
  const detail::Capture source{connection, progress, "measure"};
  for (const auto& table : schema.tables()) {
    config.data.push_back(detail::capture_table(source, table, {}, {}));
  }
  add_digests(config);
  return detail::summary_of(config);
}

}  // namespace seedbed
