#pragma once

#include <map>
#include <set>
#include <string>

#include "seedbed/factories/files/line_repair.hpp"
#include "seedbed/factories/files/source_text.hpp"

namespace seedbed::detail {

/// What is wrong with a file, each line reported once: what follows a broken value on its line is a
/// consequence of it. Keeps how such lines should be.
class YamlFindings {
 public:
  explicit YamlFindings(const SourceText& source) : source_{source} {}

  void report(std::size_t at, std::string message);
  /// `correction` is the line as it should be, without its indentation.
  void report(std::size_t at, std::string message, const std::string& correction);
  /// Reports the expression or template that its line cuts, if there is one; `in_flow` is whether
  /// the line begins inside { } or [ ].
  bool report_cut(std::size_t at, bool in_flow);
  /// Tabs may stand before JSON and in a quoted text; what begins a line in a block may not follow
  /// one.
  void check_tab(std::size_t at);

  [[nodiscard]] Diagnostics& all() noexcept { return findings_; }
  /// The line of this number as it was said to be right, with its indentation; nullptr when it was
  /// not.
  [[nodiscard]] const std::string* correction_of(int line) const;
  /// Nothing more is reported of these lines.
  void leave_out(const Diagnostics& known);

  [[nodiscard]] const SourceText& source() const noexcept { return source_; }
  [[nodiscard]] std::string_view line(std::size_t at) const { return source_.line(at); }
  /// The place of `at` in its line.
  [[nodiscard]] std::size_t column(std::size_t at) const { return at - source_.line_start(at); }
  /// The value at `at`, its line with it in quotes.
  [[nodiscard]] std::string with_quoted(std::size_t at, bool in_flow) const;

 private:
  const SourceText& source_;
  Diagnostics findings_{};
  std::set<int> reported_lines_{};
  std::map<int, std::string> corrections_{};
};

}  // namespace seedbed::detail
