#include "seedbed/factories/call.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/json_reader.hpp"
#include "seedbed/factories/recipes/recipe_builder.hpp"

namespace seedbed {

namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error{ErrorCode::invalid_input, message};
}

std::pair<std::string, std::string> split_option(std::string_view text, std::string_view option) {
  const auto equals = text.find('=');
  const auto path = trimmed(text.substr(0, equals));
  if (equals == std::string_view::npos || path.empty()) {
    fail(fmt::format("{} takes name=value, not '{}'", option, text));
  }
  return {std::string{path}, std::string{text.substr(equals + 1)}};
}

const Node* only_entry(const Node& node, std::string_view key) {
  return node.kind == NodeKind::mapping && node.entries.size() == 1 ? node.find(key) : nullptr;
}

CallArguments read_arguments(const Node& node, std::string_view what);

SettingValue read_value(const Node& value);

std::vector<SettingValue> read_values(const Node& node, std::string_view what) {
  if (node.kind != NodeKind::sequence) fail(fmt::format("'{}' must be a list of values", what));
  std::vector<SettingValue> values;
  for (const auto& item : node.items) values.push_back(read_value(item));
  return values;
}

SettingValue read_value(const Node& value) {
  if (const auto* reference = only_entry(value, "$ref")) return RecordName{reference->text};
  if (const auto* expression = only_entry(value, "$expr")) return Expr{expression->text};
  if (const auto* turns = only_entry(value, "$cycle")) return cycle(read_values(*turns, "$cycle"));
  if (value.kind == NodeKind::null) return Null{};
  if (value.kind == NodeKind::scalar) return value.text;
  return Document{json_text(value)};
}

std::vector<Setting> read_cross(const Node& node) {
  if (node.kind != NodeKind::mapping) fail("'$cross' must be an object of paths and lists");
  std::vector<CrossSetting> settings;
  for (const auto& [key, value] : node.entries) {
    settings.push_back({key.text, read_values(value, "$cross." + key.text)});
  }
  return cross(settings);
}

void read_settings(const Node& node, const std::string& prefix, std::vector<Setting>& settings) {
  for (const auto& [key, value] : node.entries) {
    if (key.text == "$cross" && prefix.empty()) {
      for (auto& setting : read_cross(value)) settings.push_back(std::move(setting));
    } else {
      settings.push_back({prefix + key.text, read_value(value)});
    }
  }
}

std::vector<std::string> read_names(const Node& node, std::string_view what) {
  if (node.kind != NodeKind::sequence) fail(fmt::format("{} must be a list of names", what));
  std::vector<std::string> names;
  for (const auto& item : node.items) {
    if (item.kind != NodeKind::scalar) fail(fmt::format("{} must be a list of names", what));
    names.push_back(item.text);
  }
  return names;
}

HasSetting read_has(const std::string& relation, const Node& node) {
  if (node.kind == NodeKind::sequence) {
    std::vector<CallArguments> children;
    for (const auto& item : node.items) {
      children.push_back(read_arguments(item, fmt::format("'has.{}'", relation)));
    }
    return {relation, std::move(children)};
  }
  const auto count = node.kind == NodeKind::scalar ? parse_count(node.text) : std::nullopt;
  if (!count) fail(fmt::format("'has.{}' must be a count or a list of objects", relation));
  return {relation, *count};
}

bool read_argument(const Node& key, const Node& value, CallArguments& arguments) {
  const bool object = value.kind == NodeKind::mapping;
  if (key.text == "traits") {
    arguments.traits = read_names(value, "'traits'");
  } else if (key.text == "set") {
    if (!object) fail("'set' must be an object of paths and values");
    read_settings(value, {}, arguments.set);
  } else if (key.text == "has") {
    if (!object) fail("'has' must be an object of relations and counts");
    for (const auto& [name, children] : value.entries) {
      arguments.has.push_back(read_has(name.text, children));
    }
  } else {
    return false;
  }
  return true;
}

CallArguments read_arguments(const Node& node, std::string_view what) {
  static const std::vector<std::string> kFields{"traits", "set", "has"};
  if (node.kind != NodeKind::mapping) fail(fmt::format("{} must hold objects", what));
  CallArguments arguments;
  for (const auto& [key, value] : node.entries) {
    if (read_argument(key, value, arguments)) continue;
    fail(fmt::format("{} has no '{}'{}", what, key.text, did_you_mean(key.text, kFields)));
  }
  return arguments;
}

}  // namespace

SettingValue::SettingValue(Cycle cycle) : data_{std::make_shared<const Cycle>(std::move(cycle))} {}

const Cycle* SettingValue::cycle() const noexcept {
  const auto* held = std::get_if<std::shared_ptr<const Cycle>>(&data_);
  return held != nullptr ? held->get() : nullptr;
}

Cycle cycle(std::vector<SettingValue> values, std::uint64_t each) {
  if (values.empty() || each == 0) fail("a cycle needs values, each for one row or more");
  return {std::move(values), each};
}
Cycle cycle(std::initializer_list<SettingValue> values, std::uint64_t each) {
  return cycle(std::vector<SettingValue>{values}, each);
}

std::vector<Setting> cross(const std::vector<CrossSetting>& settings) {
  std::vector<Setting> crossed;
  std::uint64_t each = 1;
  for (auto setting = settings.rbegin(); setting != settings.rend(); ++setting) {
    crossed.push_back({setting->path, cycle(setting->values, each)});
    each *= setting->values.size();
  }
  std::reverse(crossed.begin(), crossed.end());
  return crossed;
}

bool detail::has_cycle(const CallArguments& arguments) noexcept {
  return std::any_of(arguments.set.begin(), arguments.set.end(),
                     [](const Setting& setting) { return setting.value.cycle() != nullptr; });
}

CallArguments detail::arguments_of_row(const CallArguments& arguments, std::uint64_t index) {
  auto own = arguments;
  for (auto& setting : own.set) {
    while (const auto* turns = setting.value.cycle()) {
      setting.value = SettingValue{turns->values[index / turns->each % turns->values.size()]};
    }
  }
  return own;
}

HasSetting::HasSetting(std::string relation, std::uint64_t count)
    : relation_{std::move(relation)}, count_{count} {}
HasSetting::HasSetting(std::string relation, std::initializer_list<CallArguments> children)
    : relation_{std::move(relation)}, children_{children} {}
HasSetting::HasSetting(std::string relation, std::vector<CallArguments> children)
    : relation_{std::move(relation)}, children_{std::move(children)} {}

std::uint64_t HasSetting::count() const noexcept {
  return children_.empty() ? count_ : children_.size();
}
std::span<const CallArguments> HasSetting::children() const noexcept {
  return children_;
}

std::vector<Setting> detail::settings_of(const Document& document) {
  const auto node = read_json(document.json);
  if (node.kind != NodeKind::mapping) fail("a relation takes an object of overrides, not a list");
  std::vector<Setting> settings;
  read_settings(node, {}, settings);
  return settings;
}

Setting parse_setting(std::string_view text) {
  auto [path, value] = split_option(text, "--set");
  if (value.size() > 1 && value.front() == '@') {
    return {std::move(path), RecordName{value.substr(1), true}};
  }
  return {std::move(path), value};
}

Setting parse_expression_setting(std::string_view text) {
  auto [path, value] = split_option(text, "--set-expr");
  return {std::move(path), Expr{std::move(value)}};
}

HasSetting parse_has_setting(std::string_view text) {
  const auto [relation, value] = split_option(text, "--has");
  const auto count = parse_count(value);
  if (!count) fail(fmt::format("--has {}: '{}' is no number of rows", relation, value));
  return {relation, *count};
}

ParsedCall parse_call(std::string_view json) {
  static const std::vector<std::string> kFields{"factory", "count", "traits", "set", "has"};
  const Node document = detail::read_json(json);
  if (document.kind != NodeKind::mapping) fail("a call must be a JSON object");
  ParsedCall call;
  for (const auto& [key, value] : document.entries) {
    if (key.text == "factory") {
      call.factory = value.text;
    } else if (key.text == "count") {
      const auto count = parse_count(value.text);
      if (!count) fail("'count' must be a number of rows");
      call.count = *count;
    } else if (!read_argument(key, value, call.arguments)) {
      fail(fmt::format("a call has no '{}'{}", key.text, did_you_mean(key.text, kFields)));
    }
  }
  if (call.factory.empty()) fail("a call needs 'factory'");
  return call;
}

}  // namespace seedbed
