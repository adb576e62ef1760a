#include <array>

#include <fmt/format.h>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

Scalar full_name(Call& call) {
  const auto first = pick(call.random(), words::kFirstNames);
  return fmt::format("{} {}", first, pick(call.random(), words::kLastNames));
}

Scalar initials(Call& call) {
  std::string result;
  bool begins = true;
  if (!call.has(0)) return Null{};
  for (const char c : call.text(0)) {
    if (begins && c != ' ') result += c;
    begins = c == ' ';
  }
  return result;
}

Scalar job_title(Call& call) {
  const auto level = pick(call.random(), words::kJobLevels);
  const auto field = pick(call.random(), words::kJobFields);
  return fmt::format("{} {} {}", level, field, pick(call.random(), words::kJobRoles));
}

// 555-0100 to 555-0199 are kept for fiction in every area of the North American plan.
Scalar phone(Call& call) {
  const auto area = pick(call.random(), words::kAreaCodes);
  return fmt::format("+1 {}-555-01{:02}", area, call.random().below(100));
}

constexpr std::array<FunctionRow, 7> kRows{{
    list_row<words::kDepartments>("department() -> text", "A department of a company.",
                                  "department()", "Accounting"),
    list_row<words::kFirstNames>("first_name() -> text", "A given name.", "first_name()", "Adam"),
    {"full_name() -> text", "A given name and a surname.", "full_name()", "Adam Foster", full_name,
     Effect::draws},
    {"initials(name: text) -> text", "The first letter of each word.", "initials('Ada Lovelace')",
     "AL", initials},
    {"job_title() -> text", "A job title.", "job_title()", "Associate Customer Technician",
     job_title, Effect::draws},
    list_row<words::kLastNames>("last_name() -> text", "A surname.", "last_name()", "Ali"),
    {"phone() -> text", "A phone number that reaches nobody (555-01xx).", "phone()",
     "+1 202-555-0124", phone, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> people_providers() {
  return kRows;
}

}  // namespace seedbed::detail
