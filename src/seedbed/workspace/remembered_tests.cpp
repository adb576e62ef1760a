#include "seedbed/workspace/remembered_tests.hpp"

#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

constexpr std::int64_t kKeptMicros = kMicrosPerDay;
constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U;

struct Line {
  std::int64_t at_micros = 0;
  std::string test{};
  std::string left{};
};

// [when, test, what it left]; anything else is an empty test.
Line parse_line(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const bool whole = json.is_array() && json.size() == 3 && json[0].is_number_integer() &&
                     json[1].is_string() && json[2].is_string();
  if (!whole) return {};
  return {json[0], json[1], json[2]};
}

std::string text_of(const Line& line) {
  const auto json = nlohmann::json::array({line.at_micros, line.test, line.left});
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace

RememberedTests::RememberedTests(std::filesystem::path file) : file_{std::move(file)} {
  try {
    bool old = false;
    std::string kept;
    for (const auto& text : split(read_file(file_, kMostBytes), '\n')) {
      if (text.empty()) continue;
      auto line = parse_line(text);
      const bool fresh = line.at_micros > system_now_micros() - kKeptMicros;
      old = old || !fresh;
      if (!fresh) continue;
      kept += text_of(line);
      tests_.insert_or_assign(std::move(line.test), std::move(line.left));
    }
    // What another process adds meanwhile is found out again.
    if (old) write_file_atomically(file_, kept);
  } catch (const Error&) {
    // Not there yet, or not to be read: then nothing is known.
  }
}

const std::string* RememberedTests::find(std::string_view test) const {
  const auto found = tests_.find(test);
  return found == tests_.end() ? nullptr : &found->second;
}

void RememberedTests::add(const std::string& test, const std::string& left) {
  tests_.insert_or_assign(test, left);
  try {
    append_to_file(file_, text_of({system_now_micros(), test, left}));
  } catch (const Error&) {
    // This run knows it all the same.
  }
}

}  // namespace seedbed
