#pragma once

#include <array>
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
enum class Way : unsigned char {
  rollback,
  truncate,  ///< the test itself has written the rows of the baseline, which has none
  delete_,   // NOLINT(readability-identifier-naming): a keyword; the same
  automatic,
  as_owner,  ///< the same, for a role that owns the database and may nothing else
  clone,
  restore,
};
[[nodiscard]] std::string_view to_string(Way way) noexcept;
/// Whether the engine has roles for it.
[[nodiscard]] bool exists(Way way, std::string_view engine) noexcept;
inline constexpr std::array kWays{Way::rollback, Way::truncate, Way::delete_, Way::automatic,
                                  Way::as_owner, Way::clone,    Way::restore};

/// How a hazard's script runs.
enum class Course : unsigned char {
  inside,     ///< by the connection of the code under test
  elsewhere,  ///< by a connection of its own, which stays open
  late,       ///< the same, but behind the end of the test; the next test's end is looked at
  failing,    ///< statement by statement, and the code under test goes on behind those that fail
};

/// Something that code under test does, as one script for each engine; an empty one stands for an
/// engine that has no such thing. "{database}" in it stands for the database's name.
struct Hazard {
  std::string name{};
  std::string sqlite{};
  std::string postgres{};
  std::string mysql{};
  Course course = Course::inside;
  std::string rival{};  ///< what another test's connection then does, on all engines; its error is
                        ///< what is met
  bool superuser = false;  ///< takes one, on PostgreSQL
  bool alone = false;      ///< holds or changes something that others would run into

  [[nodiscard]] const std::string& script(std::string_view engine) const;
};

/// The schema and rows that all hazards work on.
[[nodiscard]] std::string baseline_sql(std::string_view engine);
/// As long as names may be; they differ in the last character.
[[nodiscard]] std::string long_name(std::string_view engine, char last);

[[nodiscard]] const std::vector<Hazard>& hazards();
[[nodiscard]] std::vector<Hazard> row_hazards();
[[nodiscard]] std::vector<Hazard> session_hazards();
[[nodiscard]] std::vector<Hazard> schema_hazards();

/// What has to come out. Everything that is not listed has to be restored.
[[nodiscard]] Outcome expected(const Hazard& hazard, Way way, std::string_view engine);

}  // namespace seedbed::testing
