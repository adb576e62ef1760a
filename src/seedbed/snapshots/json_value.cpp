#include "seedbed/snapshots/json_value.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/snapshots/corrupt.hpp"

namespace seedbed::detail {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;

[[noreturn]] void throw_not(const char* key, const char* wanted) {
  throw_corrupt(fmt::format("'{}' is not {}", key, wanted));
}

const Json& json_of(const void* value) {
  return *static_cast<const Json*>(value);
}

const Json& member(const void* object, const char* key) {
  const Json& json = json_of(object);
  if (!json.is_object()) throw_corrupt(fmt::format("what should hold '{}' is no object", key));
  const auto found = json.find(key);
  if (found == json.end()) throw_corrupt(fmt::format("'{}' is missing", key));
  return *found;
}

}  // namespace

JsonValue JsonValue::parse(std::string_view text) {
  const auto limit_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth)
      throw_corrupt(fmt::format("JSON nests deeper than {} levels", kMaxDepth));
    return true;
  };
  try {
    auto document = std::make_shared<const Json>(Json::parse(text, limit_depth));
    const void* const root = document.get();
    return {std::move(document), root};
  } catch (const Json::exception&) {
    throw_corrupt("not well-formed JSON");
  }
}

bool JsonValue::has(const char* key) const {
  return json_of(value_).contains(key);
}

JsonValue JsonValue::at(const char* key) const {
  return {document_, &member(value_, key)};
}

std::vector<JsonValue> JsonValue::items(const char* key) const {
  const Json& array = member(value_, key);
  if (!array.is_array()) throw_not(key, "an array");
  std::vector<JsonValue> items;
  for (const auto& item : array) items.push_back({document_, &item});
  return items;
}

std::string JsonValue::text(const char* key) const {
  const Json& value = member(value_, key);
  if (!value.is_string()) throw_not(key, "a string");
  return value.get<std::string>();
}

std::vector<std::string> JsonValue::texts(const char* key) const {
  std::vector<std::string> texts;
  for (const auto& item : items(key)) {
    const Json& value = json_of(item.value_);
    if (!value.is_string()) throw_not(key, "a list of strings");
    texts.push_back(value.get<std::string>());
  }
  return texts;
}

std::map<std::string, std::string> JsonValue::text_map(const char* key) const {
  const Json& object = member(value_, key);
  if (!object.is_object()) throw_not(key, "an object");
  std::map<std::string, std::string> map;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) throw_not(key, "an object of strings");
    map[name] = value.get<std::string>();
  }
  return map;
}

bool JsonValue::flag(const char* key) const {
  const Json& value = member(value_, key);
  if (!value.is_boolean()) throw_not(key, "true or false");
  return value.get<bool>();
}

std::uint64_t JsonValue::count(const char* key) const {
  const Json& value = member(value_, key);
  if (!value.is_number_unsigned()) throw_not(key, "a count");
  return value.get<std::uint64_t>();
}

std::int64_t JsonValue::integer(const char* key) const {
  const std::string digits = text(key);
  std::int64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, number);
  if (digits.empty() || result.ec != std::errc{} || result.ptr != end) throw_not(key, "an integer");
  return number;
}

Digest JsonValue::digest(const char* key) const {
  const auto digest = Digest::parse(text(key));
  if (!digest) throw_not(key, "a SHA-256 digest");
  return *digest;
}

}  // namespace seedbed::detail
