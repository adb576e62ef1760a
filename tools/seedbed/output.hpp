#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"

namespace seedbed::tool {

enum class Colour : unsigned char { none, green, yellow, red };

/// One cell of a table for people.
struct Cell {
  Cell(std::string shown, Colour in = Colour::none)  // NOLINT(google-explicit-constructor)
      : text{std::move(shown)}, colour{in} {}
  Cell(const char* shown) : text{shown} {}  // NOLINT(google-explicit-constructor)

  std::string text;
  Colour colour = Colour::none;
};

struct OutputOptions {
  bool json = false;
  bool quiet = false;
  bool colours = false;
};

/// Standard output and error of a command. People get lines and tables; with `--json` only the one
/// document is printed. Control characters of the data are shown escaped, so that no row can steer
/// the terminal.
class Output {
 public:
  explicit Output(OutputOptions options) : options_{options} {}

  [[nodiscard]] bool json() const noexcept { return options_.json; }

  /// For people: left out with `--json` and `--quiet`.
  void line(std::string_view text = {}) const;
  /// Columns of numbers are aligned to the right.
  void table(const std::vector<std::string>& headings,
             const std::vector<std::vector<Cell>>& rows) const;
  /// For programs: left out without `--json`.
  void document(const nlohmann::ordered_json& document) const;
  /// On standard error, also with `--quiet`; a JSON document with `--json`.
  void error(const Error& error) const;
  void note(std::string_view text) const;

  /// Writes out what is buffered; throws unavailable when standard output does not take it.
  static void flush();

 private:
  OutputOptions options_;
};

/// Control characters escaped; tables do so by themselves.
[[nodiscard]] std::string printable(std::string_view text);
/// "1 row", "2 rows".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);

}  // namespace seedbed::tool
