#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/digest.hpp"

namespace seedbed::detail {

/// A value of a JSON text that came from outside. Members are read by name; each read throws
/// corrupt, naming the member, when it is missing or of another type. Copies share the document.
class JsonValue {
 public:
  /// Throws corrupt unless `text` is JSON that nests at most 64 levels.
  [[nodiscard]] static JsonValue parse(std::string_view text);

  [[nodiscard]] bool has(const char* key) const;
  [[nodiscard]] JsonValue at(const char* key) const;
  [[nodiscard]] std::vector<JsonValue> items(const char* key) const;  ///< of an array
  [[nodiscard]] std::string text(const char* key) const;
  [[nodiscard]] std::vector<std::string> texts(const char* key) const;
  [[nodiscard]] std::map<std::string, std::string> text_map(const char* key) const;
  [[nodiscard]] bool flag(const char* key) const;
  [[nodiscard]] std::uint64_t count(const char* key) const;
  /// A JSON string of digits: integers of 64 bits, which many JSON readers would round.
  [[nodiscard]] std::int64_t integer(const char* key) const;
  [[nodiscard]] Digest digest(const char* key) const;

 private:
  JsonValue(std::shared_ptr<const void> document, const void* value)
      : document_{std::move(document)}, value_{value} {}

  std::shared_ptr<const void>
      document_;  // keeps `value_` alive; the library's type stays in the source
  const void* value_;
};

}  // namespace seedbed::detail
