#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "seedbed/core/progress.hpp"

namespace seedbed::tool {

enum class ProgressStyle : unsigned char { none, bar, json };
/// "bar", "json" or "none"; throws invalid_input naming them.
[[nodiscard]] ProgressStyle parse_progress_style(std::string_view text);

/// Shows progress on standard error: a line that is drawn again and again once the work has taken
/// more than a second, or JSON lines.
class ProgressView : public Progress {
 public:
  explicit ProgressView(ProgressStyle style) : style_{style} {}
  ~ProgressView() override { clear(); }
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  void report(const ProgressUpdate& update) override;
  /// Takes the bar away, so that the result is not printed beside it.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  ProgressStyle style_;
  std::string phase_;
  Clock::time_point started_ = Clock::now();  // of the phase
  Clock::time_point shown_{};
  bool drawn_ = false;
};

/// "load orders 12,000 of 80,000 rows, 61,000 rows/s, 2 s left".
[[nodiscard]] std::string describe_progress(const ProgressUpdate& update,
                                            std::chrono::duration<double> elapsed);

}  // namespace seedbed::tool
