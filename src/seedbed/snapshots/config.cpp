#include "seedbed/snapshots/config.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <zstd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/schema/cell_encoding.hpp"
#include "seedbed/snapshots/json_value.hpp"

namespace seedbed::detail {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kFormat = 1;

Json name_json(const TableName& name) {
  Json json{{"name", name.name}};
  if (!name.schema.empty()) json["schema"] = name.schema;
  return json;
}

TableName read_name(const JsonValue& json) {
  return {json.has("schema") ? json.text("schema") : std::string{}, json.text("name")};
}

TypeClass read_class(const JsonValue& json) {
  const std::string name = json.text("class");
  for (int i = 0; i <= static_cast<int>(TypeClass::other); ++i) {
    if (to_string(static_cast<TypeClass>(i)) == name) return static_cast<TypeClass>(i);
  }
  throw Error{ErrorCode::corrupt, "'class' is none that format 1 knows"};
}

Json column_json(const DataColumn& column) {
  Json json{{"name", column.name}, {"class", to_string(column.type_class)}};
  if (column.mixed) json["mixed"] = true;
  if (column.type_class == TypeClass::other) json["opaque"] = true;
  return json;
}

Json columns_json(const TableData& table) {
  Json json = Json::array();
  for (const auto& column : table.columns) json.push_back(column_json(column));
  return json;
}

Json data_json(const TableData& table) {
  Json json = name_json(table.name);
  json["columns"] = columns_json(table);
  json["order"] = table.order;
  json["rows"] = table.rows;
  json["raw_bytes"] = table.raw_bytes;
  json["state"] = table.state.to_string();
  json["logical_state"] = table.logical_state.to_string();
  json["packs"] = Json::array();
  for (const auto& pack : table.packs) {
    json["packs"].push_back({{"digest", pack.digest.to_string()}, {"size", pack.size}});
  }
  json["chunks"] = Json::array();
  for (const auto& chunk : table.chunks) {
    json["chunks"].push_back({{"p", chunk.pack},
                              {"o", chunk.offset},
                              {"z", chunk.stored},
                              {"n", chunk.raw},
                              {"rows", chunk.rows},
                              {"raw", chunk.digest.to_string()}});
  }
  return json;
}

TableData read_data(const JsonValue& json) {
  TableData table{.name = read_name(json), .order = json.texts("order")};
  for (const auto& column : json.items("columns")) {
    table.columns.push_back({column.text("name"), read_class(column), column.has("mixed")});
  }
  table.rows = json.count("rows");
  table.raw_bytes = json.count("raw_bytes");
  table.state = json.digest("state");
  table.logical_state = json.digest("logical_state");
  for (const auto& pack : json.items("packs")) {
    table.packs.push_back({pack.digest("digest"), pack.count("size")});
  }
  for (const auto& chunk : json.items("chunks")) {
    table.chunks.push_back({chunk.count("p"), chunk.count("o"), chunk.count("z"), chunk.count("n"),
                            chunk.count("rows"), chunk.digest("raw")});
  }
  return table;
}

Json schema_json(const SnapshotConfig& config) {
  Json tables = Json::array();
  for (const auto& table : config.tables) {
    Json json = name_json(table.name);
    json["fingerprint"] = table.fingerprint.to_string();
    json["primary_key"] = table.primary_key;
    json["columns"] = Json::array();
    for (const auto& column : table.columns) {
      json["columns"].push_back(
          {{"name", column.name}, {"type", column.type}, {"null", column.nullable}});
    }
    tables.push_back(std::move(json));
  }
  return {{"fingerprint", config.schema_fingerprint.to_string()}, {"tables", std::move(tables)}};
}

void read_schema(const JsonValue& json, SnapshotConfig& config) {
  config.schema_fingerprint = json.digest("fingerprint");
  for (const auto& item : json.items("tables")) {
    StoredTable table{read_name(item), item.digest("fingerprint"), {}, item.texts("primary_key")};
    for (const auto& column : item.items("columns")) {
      table.columns.push_back({column.text("name"), column.text("type"), column.flag("null")});
    }
    config.tables.push_back(std::move(table));
  }
}

Json counters_json(const SnapshotConfig& config) {
  Json json = Json::array();
  for (const auto& counter : config.sequences) {
    Json item = name_json(counter.name);
    item["next"] = std::to_string(counter.next);
    json.push_back(std::move(item));
  }
  return json;
}

Json row_numbers_json(const SnapshotConfig& config) {
  Json json = Json::array();
  for (const auto& number : config.row_numbers) {
    json.push_back({{"table", number.table}, {"next", std::to_string(number.next)}});
  }
  return json;
}

Json records_json(const SnapshotConfig& config) {
  Json json = Json::array();
  for (const auto& record : config.records) {
    json.push_back({{"name", record.name},
                    {"table", record.table},
                    {"key", record.key},
                    {"row", std::to_string(record.row)}});
  }
  return json;
}

std::uint64_t opaque_columns(const SnapshotConfig& config) {
  std::uint64_t count = 0;
  for (const auto& table : config.data) {
    count += static_cast<std::uint64_t>(
        std::count_if(table.columns.begin(), table.columns.end(),
                      [](const auto& column) { return column.type_class == TypeClass::other; }));
  }
  return count;
}

}  // namespace

std::string write_config(const SnapshotConfig& config) {
  Json json{{"format", kFormat},
            {"digest", config.digest.to_string()},
            {"logical_digest", config.logical_digest.to_string()},
            {"source",
             {{"engine", config.engine},
              {"version", config.engine_version},
              {"captured_at", config.captured_at}}},
            {"schema", schema_json(config)},
            {"sequences", counters_json(config)},
            {"row_numbers", row_numbers_json(config)},
            {"records", records_json(config)},
            {"labels", Json::object()},
            {"provenance",
             {{"tool", "seedbed"},
              {"zstd", {{"version", ZSTD_versionString()}, {"level", kZstdLevel}}}}}};
  for (const auto& [key, value] : config.labels) json["labels"][key] = value;
  json["data"] = Json::array();
  for (const auto& table : config.data) json["data"].push_back(data_json(table));
  return json.dump();
}

SnapshotConfig parse_config(std::string_view text) {
  const auto json = JsonValue::parse(text);
  if (const auto format = json.count("format"); format != kFormat) {
    throw Error{
        ErrorCode::unsupported,
        fmt::format("the snapshot has format {}, this program reads format {}", format, kFormat)};
  }
  const auto source = json.at("source");
  SnapshotConfig config{.engine = source.text("engine"),
                        .engine_version = source.text("version"),
                        .captured_at = source.text("captured_at"),
                        .digest = json.digest("digest"),
                        .logical_digest = json.digest("logical_digest"),
                        .labels = json.text_map("labels")};
  read_schema(json.at("schema"), config);
  for (const auto& item : json.items("sequences")) {
    config.sequences.push_back({read_name(item), item.integer("next")});
  }
  for (const auto& item : json.items("row_numbers")) {
    config.row_numbers.push_back({item.text("table"), item.integer("next")});
  }
  for (const auto& item : json.items("records")) {
    config.records.push_back(
        {item.text("name"), item.text("table"), item.text("key"), item.integer("row")});
  }
  for (const auto& item : json.items("data")) config.data.push_back(read_data(item));
  return config;
}

std::string state_header(const TableData& table) {
  std::string line = "T1\n";
  for (const auto& column : table.columns) {
    if (&column != &table.columns.front()) line += '\t';
    append_escaped(line, column.name);
    line += fmt::format(":{}{}", to_string(column.type_class), column.mixed ? ":mixed" : "");
  }
  return line + '\n';
}

Digest state_digest(const SnapshotConfig& config) {
  Json json{{"format", kFormat},
            {"schema", config.schema_fingerprint.to_string()},
            {"sequences", counters_json(config)},
            {"tables", Json::array()}};
  for (const auto& table : config.data) {
    Json item = name_json(table.name);
    item["columns"] = columns_json(table);
    item["rows"] = table.rows;
    item["state"] = table.state.to_string();
    json["tables"].push_back(std::move(item));
  }
  return sha256(json.dump());
}

Digest logical_digest(const SnapshotConfig& config) {
  std::map<std::string, Json> tables;  // sorted by the lower-case name
  for (const auto& table : config.data) {
    const std::string name = to_lower(table.name.to_string());
    Json columns = Json::array();
    for (const auto& column : table.columns) {
      if (column.type_class != TypeClass::other) columns.push_back(to_lower(column.name));
    }
    tables[name] = {{"name", name},
                    {"columns", std::move(columns)},
                    {"rows", table.rows},
                    {"state", table.logical_state.to_string()}};
  }
  Json json{{"format", kFormat}, {"tables", Json::array()}};
  for (auto& [name, table] : tables) json["tables"].push_back(std::move(table));
  return sha256(json.dump());
}

SnapshotSummary summary_of(const SnapshotConfig& config) {
  SnapshotSummary summary{.engine = config.engine,
                          .created = config.captured_at,
                          .digest = config.digest,
                          .logical_digest = config.logical_digest,
                          .schema_fingerprint = config.schema_fingerprint,
                          .opaque_columns = opaque_columns(config),
                          .labels = config.labels};
  for (const auto& table : config.data) {
    summary.tables.push_back({table.name.to_string(), table.rows, table.raw_bytes, table.state});
  }
  return summary;
}

}  // namespace seedbed::detail
