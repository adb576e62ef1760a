#include "tools/seedbed/progress_view.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 1s;     // before a bar appears
constexpr auto kInterval = 100ms;  // between two drawings
constexpr std::size_t kBarWidth = 24;

std::string bar(const ProgressUpdate& update) {
  if (update.total_rows == 0) return {};
  const auto filled = static_cast<std::size_t>(std::min(update.rows, update.total_rows) *
                                               kBarWidth / update.total_rows);
  return fmt::format("[{}{}] ", std::string(filled, '#'), std::string(kBarWidth - filled, '.'));
}

std::string json_line(const ProgressUpdate& update, double seconds) {
  nlohmann::ordered_json json{
      {"phase", update.phase}, {"table", update.table}, {"rows", update.rows}};
  if (update.total_rows != 0) json["total_rows"] = update.total_rows;
  if (update.bytes != 0) json["bytes"] = update.bytes;
  json["seconds"] = seconds;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

ProgressStyle parse_progress_style(std::string_view text) {
  if (text == "none") return ProgressStyle::none;
  if (text == "bar") return ProgressStyle::bar;
  if (text == "json") return ProgressStyle::json;
  const std::array<std::string, 3> names{"bar", "json", "none"};
  throw Error{ErrorCode::invalid_input, fmt::format("--progress '{}' is not one of {}{}", text,
                                                    join(names, ", "), did_you_mean(text, names))};
}

void ProgressView::report(const ProgressUpdate& update) {
  if (style_ == ProgressStyle::none) return;
  const auto now = Clock::now();
  if (update.phase != phase_) {
    phase_ = update.phase;
    started_ = now;
  }
  const bool done = update.total_rows != 0 && update.rows == update.total_rows;
  if (now - shown_ < kInterval && !(done && style_ == ProgressStyle::json)) return;
  const std::chrono::duration<double> elapsed = now - started_;
  if (style_ == ProgressStyle::json) {
    fmt::print(stderr, "{}", json_line(update, elapsed.count()));
    shown_ = now;
  } else if (elapsed >= kPatience) {
    fmt::print(stderr, "\r\x1b[2K{}{}", bar(update), describe_progress(update, elapsed));
    std::fflush(stderr);
    shown_ = now;
    drawn_ = true;
  }
}

void ProgressView::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[2K");
  drawn_ = false;
}

std::string describe_progress(const ProgressUpdate& update, std::chrono::duration<double> elapsed) {
  std::string text = fmt::format("{} {}", update.phase, update.table);
  if (update.rows == 0 && update.total_rows == 0) return text;
  text += " " + grouped(update.rows);
  if (update.total_rows != 0) text += fmt::format(" of {}", grouped(update.total_rows));
  text += " rows";
  const double rate = static_cast<double>(update.rows) / elapsed.count();
  if (elapsed.count() <= 0 || rate < 1) return text;
  text += fmt::format(", {} rows/s", grouped(static_cast<std::uint64_t>(rate)));
  if (update.bytes > 0) {
    text += fmt::format(", {:.1f} MB/s", static_cast<double>(update.bytes) / 1e6 / elapsed.count());
  }
  if (update.total_rows <= update.rows) return text;
  const double left = static_cast<double>(update.total_rows - update.rows) / rate;
  return text + fmt::format(", {} s left", grouped(static_cast<std::uint64_t>(std::lround(left))));
}

}  // namespace seedbed::tool
