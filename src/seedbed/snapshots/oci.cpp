#include "seedbed/snapshots/oci.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/snapshots/json_value.hpp"

namespace seedbed::detail {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view kEmptyType = "application/vnd.oci.empty.v1+json";
constexpr const char* kNameKey = "org.opencontainers.image.ref.name";

Json descriptor_json(const Descriptor& descriptor) {
  Json json{{"mediaType", descriptor.media_type},
            {"digest", descriptor.digest.to_string()},
            {"size", descriptor.size}};
  if (!descriptor.annotations.empty()) json["annotations"] = descriptor.annotations;
  return json;
}

std::map<std::string, std::string> read_annotations(const JsonValue& json) {
  if (!json.has("annotations")) return {};
  return json.text_map("annotations");
}

Descriptor read_descriptor(const JsonValue& json) {
  return {json.text("mediaType"), json.digest("digest"), json.count("size"),
          read_annotations(json)};
}

JsonValue parse_version_2(std::string_view text) {
  auto json = JsonValue::parse(text);
  if (json.count("schemaVersion") != 2) throw Error{ErrorCode::corrupt, "'schemaVersion' is not 2"};
  return json;
}

std::string name_of(const Descriptor& descriptor) {
  const auto found = descriptor.annotations.find(kNameKey);
  return found == descriptor.annotations.end() ? std::string{} : found->second;
}

}  // namespace

std::string write_manifest(const Manifest& manifest) {
  Json json{{"schemaVersion", 2},
            {"mediaType", kManifestType},
            {"artifactType", kArtifactType},
            {"config", descriptor_json(manifest.config)},
            {"layers", Json::array()},
            {"annotations", manifest.annotations}};
  for (const auto& layer : manifest.layers) json["layers"].push_back(descriptor_json(layer));
  if (manifest.layers.empty()) {
    json["layers"].push_back(
        descriptor_json({std::string{kEmptyType}, sha256(kEmptyBlob), kEmptyBlob.size(), {}}));
  }
  return json.dump();
}

Manifest parse_manifest(std::string_view text) {
  const auto json = parse_version_2(text);
  Manifest manifest{.config = read_descriptor(json.at("config")),
                    .annotations = read_annotations(json)};
  if (manifest.config.media_type != kConfigType) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("an artifact of type '{}', not a Seedbed snapshot",
                            manifest.config.media_type)};
  }
  for (const auto& layer : json.items("layers")) manifest.layers.push_back(read_descriptor(layer));
  return manifest;
}

std::vector<IndexEntry> parse_index(std::string_view text) {
  std::vector<IndexEntry> entries;
  for (const auto& item : parse_version_2(text).items("manifests")) {
    Descriptor manifest = read_descriptor(item);
    std::string name = name_of(manifest);
    if (!name.empty()) entries.push_back({std::move(name), std::move(manifest)});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& left, const auto& right) { return left.name < right.name; });
  return entries;
}

std::string index_with(std::string_view text, const IndexEntry& entry) {
  Json json{{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", Json::array()}};
  if (!text.empty()) {
    static_cast<void>(parse_index(text));  // checks its shape
    json = Json::parse(text);
  }
  Json kept = Json::array();
  for (const auto& item : json["manifests"]) {
    const auto name = item.value(Json::json_pointer{std::string{"/annotations/"} + kNameKey}, "");
    if (name != entry.name) kept.push_back(item);
  }
  Descriptor manifest = entry.manifest;
  manifest.annotations[kNameKey] = entry.name;
  Json added = descriptor_json(manifest);
  added["artifactType"] = kArtifactType;
  kept.push_back(std::move(added));
  json["manifests"] = std::move(kept);
  return json.dump();
}

}  // namespace seedbed::detail
