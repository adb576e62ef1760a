#include "seedbed/factories/files/scenario_reader.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed {

std::optional<std::uint64_t> parse_count(std::string_view text) noexcept {
  int zeros = 0;
  if (text.ends_with('k')) zeros = 3;
  if (text.ends_with('M')) zeros = 6;
  if (zeros != 0) text.remove_suffix(1);
  std::string digits{text};
  const auto point = digits.find('.');
  if (point != std::string::npos) {
    const auto places = static_cast<int>(digits.size() - point) - 1;
    if (point == 0 || places == 0 || places > zeros) return std::nullopt;
    digits.erase(point, 1);
    zeros -= places;
  }
  digits.append(static_cast<std::size_t>(digits.empty() ? 0 : zeros), '0');
  std::uint64_t count = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  if (error != std::errc{} || stop != end || count > kMostRows) return std::nullopt;
  return count;
}

namespace detail {

namespace {

using Names = std::vector<std::string>;

// Records are literals: a text with braces, or one that begins with `=`, stays as it is.
SettingValue literal_setting(const Node& node) {
  if (node.kind == NodeKind::null) return Null{};
  if (node.kind != NodeKind::scalar) return json_text(node);
  if (!node.quoted && node.text == "null") return Null{};
  if (node.text.starts_with('@')) return RecordName{node.text.substr(1), true};
  return node.text;
}

void read_traits(NodeReader& reader, const Node& node, std::vector<std::string>& traits) {
  for (const auto& item : reader.list(node, "'traits'")) {
    if (auto name = reader.name(item, "a trait")) traits.push_back(std::move(*name));
  }
}

void read_settings(NodeReader& reader, const Node& node, std::vector<Setting>& settings) {
  reader.mapping(node, "'set'", [&](const Node& key, const Node& value) {
    settings.push_back({key.text, literal_setting(value), key.where});
  });
}

void read_record_fields(NodeReader& reader, const Node& value, RecordDefinition& record) {
  static const Names kFields{"factory", "traits", "set"};
  const auto what = fmt::format("record '{}'", record.name);
  reader.fields(value, what, kFields, [&](const std::string& field, const Node& node) {
    if (field == "factory") record.factory = reader.name(node, "'factory'").value_or("");
    if (field == "traits") read_traits(reader, node, record.arguments.traits);
    if (field == "set") read_settings(reader, node, record.arguments.set);
  });
}

std::string known_fields_hint() {
  return "such as - { user: 20, traits: [new] }";
}

std::optional<std::uint64_t> read_total(NodeReader& reader, const Node& node) {
  const auto total = node.kind == NodeKind::scalar ? parse_count(node.text) : std::nullopt;
  if (!total) {
    reader.report(node.where, "'total' must be a number of rows, such as 20, 10k or 1.5M");
  }
  return total;
}

void read_per(NodeReader& reader, const Node& node, ScenarioEntry& entry) {
  static const Names kFields{"per", "count", "total", "via"};
  const auto what = fmt::format("'{}'", entry.factory);
  reader.fields(node, what, kFields, [&](const std::string& field, const Node& value) {
    if (field == "per") entry.per = reader.name(value, "'per'").value_or("");
    if (field == "count") entry.per_count = value;
    if (field == "total") entry.per_total = read_total(reader, value);
    if (field == "via") entry.via = reader.name(value, "'via'").value_or("");
  });
  if (entry.per.empty() || !entry.per_count) {
    reader.report(node.where, fmt::format("{} needs 'per' with a factory and 'count'", what));
  }
}

void read_rows(NodeReader& reader, const Node& key, const Node& value, ScenarioEntry& entry) {
  if (!entry.factory.empty()) {
    reader.report(key.where, fmt::format("an entry names one factory; '{}' and '{}' are two",
                                         entry.factory, key.text));
    return;
  }
  entry.factory = key.text;
  if (value.kind == NodeKind::mapping) return read_per(reader, value, entry);
  const auto count = parse_count(value.text);
  if (value.kind == NodeKind::scalar && count) {
    entry.count = *count;
    return;
  }
  reader.report(value.where,
                fmt::format("'{}' needs a number of rows, such as 20, 10k or 1M", key.text));
}

ScenarioEntry read_entry(NodeReader& reader, const Node& item) {
  ScenarioEntry entry;
  entry.where = item.where;
  if (item.kind == NodeKind::scalar) {
    entry.record = item.text;
    return entry;
  }
  reader.mapping(item, "an entry of a scenario", [&](const Node& key, const Node& value) {
    if (key.text != "traits") return read_rows(reader, key, value, entry);
    for (const auto& trait : reader.list(value, "'traits'")) {
      if (auto name = reader.name(trait, "a trait")) entry.traits.push_back({*name, trait.where});
    }
  });
  if (entry.factory.empty()) {
    reader.report(item.where,
                  "an entry needs a factory and a number of rows, " + known_fields_hint());
  }
  return entry;
}

}  // namespace

void read_records(NodeReader& reader, const Node& node, Definitions& definitions) {
  reader.mapping(node, "'records'", [&](const Node& key, const Node& value) {
    RecordDefinition record;
    record.name = key.text;
    record.where = key.where;
    read_record_fields(reader, value, record);
    if (record.factory.empty()) {
      reader.report(key.where, fmt::format("record '{}' needs a 'factory'", key.text));
    }
    const auto [existing, added] = definitions.records.emplace(key.text, record);
    if (!added) {
      reader.report(key.where, fmt::format("record '{}' is already defined at {}", key.text,
                                           existing->second.where.to_string()));
    }
  });
}

void read_scenarios(NodeReader& reader, const Node& node, Definitions& definitions) {
  reader.mapping(node, "'scenarios'", [&](const Node& key, const Node& value) {
    ScenarioDefinition scenario;
    scenario.name = key.text;
    scenario.where = key.where;
    for (const auto& item : reader.list(value, fmt::format("scenario '{}'", key.text))) {
      scenario.entries.push_back(read_entry(reader, item));
    }
    const auto [existing, added] = definitions.scenarios.emplace(key.text, scenario);
    if (!added) {
      reader.report(key.where, fmt::format("scenario '{}' is already defined at {}", key.text,
                                           existing->second.where.to_string()));
    }
  });
}

}  // namespace detail

}  // namespace seedbed
