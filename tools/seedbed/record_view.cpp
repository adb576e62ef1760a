#include "tools/seedbed/record_view.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/text.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kListedWidth = 28;  // code points of a cell in a list

Json values_json(const Record& record) {
  Json values = Json::object();
  for (const auto& [column, value] : record.values()) values[column] = value_json(value);
  return values;
}

}  // namespace

Json value_json(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return nullptr;
    case ValueKind::boolean: return value.boolean();
    case ValueKind::integer: return value.integer();
    case ValueKind::real: return value.real();
    case ValueKind::text: return value.text();
    case ValueKind::bytes: break;
  }
  return {{"$bytes", to_hex(value.bytes().data)}};
}

Json record_json(const Record& record) {
  Json json{
      {"factory", record.factory()}, {"table", record.table().to_string()}, {"row", record.row()}};
  json["values"] = values_json(record);
  for (const auto& name : record.relations()) {
    const Record parent = record.relation(name);
    json["relations"][name] = {{"table", parent.table().to_string()},
                               {"values", values_json(parent)}};
  }
  for (const auto& name : record.child_relations()) {
    Json children = Json::array();
    for (const auto& child : record.children(name)) children.push_back(record_json(child));
    json["children"][name] = std::move(children);
  }
  return json;
}

std::string shortened(const Value& value) {
  std::string text = printable(value.display());
  if (find_invalid_utf8(text) || count_code_points(text) <= kListedWidth) return text;
  return std::string{first_code_points(text, kListedWidth - 1)} + "…";
}

std::string shown_place(const SourceSpot& where, const Workspace& workspace) {
  auto shown = where;
  const auto below = where.file.lexically_relative(workspace.project().root);
  if (!below.empty() && *below.begin() != "..") shown.file = below;
  return shown.to_string();
}

}  // namespace seedbed::tool
