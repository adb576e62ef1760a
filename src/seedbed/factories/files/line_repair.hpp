#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace seedbed::detail {

// All of this is guesswork for messages; long lines are left alone: nothing is found, nothing is
// offered.

/// A line of YAML, and whether it begins inside { } or [ ].
struct YamlLine {
  std::string_view text;
  bool in_flow = false;
};

/// A value on a line, as its writer will have meant it.
struct MeantValue {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool in_flow = false;
};

/// The quote or bracket that `expression` opens and does not close, or closes without opening; NUL
/// if all match.
[[nodiscard]] char unmatched_in(std::string_view expression);

/// `text` as a quoted YAML scalar: double quotes if it holds none and no backslash, else single;
/// double with escapes where it holds what cannot be seen.
[[nodiscard]] std::string quoted_scalar(std::string_view text);

/// The value that holds `column` (from 0), or is the last before it; nullopt when there is none.
[[nodiscard]] std::optional<MeantValue> value_at(const YamlLine& line, std::size_t column);
/// The value that begins at `begin`.
[[nodiscard]] MeantValue value_from(std::string_view line, std::size_t begin, bool in_flow);

/// The first expression or template without quotes that YAML ends before its own end: at ` #`, at
/// `: `, and in flow at a comma or bracket.
[[nodiscard]] std::optional<MeantValue> find_cut_value(const YamlLine& line);
/// What cuts it, as the beginning of a message.
[[nodiscard]] std::string_view cause_of_cut(std::string_view line, const MeantValue& value);

/// The line without its indentation and with [begin, end) replaced.
[[nodiscard]] std::string line_with(std::string_view line, std::size_t begin, std::size_t end,
                                    std::string_view replacement);
/// The line without its indentation and with the value in quotes: what stands between quotes that
/// it has already, or all of it.
[[nodiscard]] std::string line_with_quoted(std::string_view line, const MeantValue& value);

/// Behind the bracket that closes the one at `begin`, or the end of the line.
[[nodiscard]] std::size_t bracket_end(std::string_view line, std::size_t begin);

/// Whether a comment stands at the end of `line` from `at` on without a blank behind its `#`, as in
/// "Ticket #42".
[[nodiscard]] bool looks_like_no_comment(std::string_view line, std::size_t at);

}  // namespace seedbed::detail
