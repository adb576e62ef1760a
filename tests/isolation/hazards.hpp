#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seedbed::testing {

/// What a test's end comes to, seen from outside.
enum class Outcome : unsigned char {
  restored,   ///< the baseline is back
  told,       ///< the same, but for something that is named
  escalated,  ///< the same, by writing all rows anew
  refused,    ///< an error says so, and nothing is handed on as if it were the baseline
  gap,        ///< something stays, unnoticed
  none,       ///< the engine has no such thing
};
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

/// How a test begins and ends.
enum class Way : unsigned char { rollback, automatic, restore };
[[nodiscard]] std::string_view to_string(Way way) noexcept;

/// Something that code under test does, as one script for each engine; an empty one stands for an
/// engine that has no such thing.
struct Hazard {
  std::string name{};
  std::string sqlite{};
  std::string postgres{};
  std::string mysql{};
  bool elsewhere = false;  ///< by a connection of its own, which stays open

  [[nodiscard]] const std::string& script(std::string_view engine) const;
};

/// The schema and rows that all hazards work on.
[[nodiscard]] std::string baseline_sql(std::string_view engine);
[[nodiscard]] const std::vector<Hazard>& hazards();

/// What has to come out. Everything that is not listed has to be restored.
[[nodiscard]] Outcome expected(const Hazard& hazard, Way way, std::string_view engine);

}  // namespace seedbed::testing
