#include "seedbed/engines/mysql/errors.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

namespace seedbed::mysql {

namespace {

struct Meaning {
  unsigned number;
  ErrorCode code;
  std::string_view hint{};
};

constexpr std::string_view kGrantHint = "; ask for the privilege, or connect as another user";
constexpr std::string_view kPacketHint = "; raise max_allowed_packet on the server";

// Sorted by number.
constexpr std::array kMeanings{
    Meaning{1007, ErrorCode::conflict},
    Meaning{1008, ErrorCode::not_found},
    Meaning{1021, ErrorCode::unavailable},
    Meaning{1022, ErrorCode::constraint_violation},
    Meaning{1037, ErrorCode::unavailable},
    Meaning{1038, ErrorCode::unavailable},
    Meaning{1040, ErrorCode::unavailable},
    Meaning{1044, ErrorCode::invalid_input, kGrantHint},
    Meaning{1045, ErrorCode::invalid_input, "; check the user and the password in the URL"},
    Meaning{1046, ErrorCode::invalid_input, "; name one in the URL"},
    Meaning{1048, ErrorCode::constraint_violation},
    Meaning{1049, ErrorCode::not_found},
    Meaning{1050, ErrorCode::conflict},
    Meaning{1053, ErrorCode::unavailable},
    Meaning{1062, ErrorCode::constraint_violation},
    Meaning{1114, ErrorCode::unavailable},
    Meaning{1129, ErrorCode::unavailable},
    Meaning{1142, ErrorCode::invalid_input, kGrantHint},
    Meaning{1143, ErrorCode::invalid_input, kGrantHint},
    Meaning{1153, ErrorCode::invalid_input, kPacketHint},
    Meaning{1158, ErrorCode::unavailable},
    Meaning{1159, ErrorCode::unavailable},
    Meaning{1160, ErrorCode::unavailable},
    Meaning{1161, ErrorCode::unavailable},
    Meaning{1169, ErrorCode::constraint_violation},
    Meaning{1180, ErrorCode::unavailable},
    Meaning{1203, ErrorCode::unavailable},
    Meaning{1205, ErrorCode::unavailable},
    Meaning{1213, ErrorCode::unavailable},
    Meaning{1216, ErrorCode::constraint_violation},
    Meaning{1217, ErrorCode::constraint_violation},
    Meaning{1226, ErrorCode::unavailable},
    Meaning{1227, ErrorCode::invalid_input, kGrantHint},
    Meaning{1235, ErrorCode::unsupported},
    Meaning{1263, ErrorCode::constraint_violation},
    Meaning{1264, ErrorCode::constraint_violation},
    Meaning{1265, ErrorCode::constraint_violation},
    Meaning{1292, ErrorCode::constraint_violation},
    Meaning{1300, ErrorCode::constraint_violation},
    Meaning{1317, ErrorCode::unavailable},
    Meaning{1364, ErrorCode::constraint_violation},
    Meaning{1365, ErrorCode::constraint_violation},
    Meaning{1366, ErrorCode::constraint_violation},
    Meaning{1367, ErrorCode::constraint_violation},
    Meaning{1370, ErrorCode::invalid_input, kGrantHint},
    Meaning{1406, ErrorCode::constraint_violation},
    Meaning{1411, ErrorCode::constraint_violation},
    Meaning{1416, ErrorCode::constraint_violation},
    Meaning{1419, ErrorCode::invalid_input, kGrantHint},
    Meaning{1451, ErrorCode::constraint_violation},
    Meaning{1452, ErrorCode::constraint_violation},
    Meaning{1525, ErrorCode::constraint_violation},
    Meaning{1526, ErrorCode::constraint_violation},
    Meaning{1557, ErrorCode::constraint_violation},
    Meaning{1586, ErrorCode::constraint_violation},
    Meaning{1644, ErrorCode::constraint_violation},
    Meaning{1690, ErrorCode::constraint_violation},
    Meaning{1698, ErrorCode::invalid_input, "; check the user and the password in the URL"},
    Meaning{1701, ErrorCode::constraint_violation},
    Meaning{1761, ErrorCode::constraint_violation},
    Meaning{1762, ErrorCode::constraint_violation},
    Meaning{1927, ErrorCode::unavailable},
    Meaning{1969, ErrorCode::unavailable},
    Meaning{2002, ErrorCode::unavailable},
    Meaning{2003, ErrorCode::unavailable},
    Meaning{2005, ErrorCode::unavailable},
    Meaning{2006, ErrorCode::unavailable},
    Meaning{2013, ErrorCode::unavailable},
    Meaning{2026, ErrorCode::unavailable},
    Meaning{2055, ErrorCode::unavailable},
    Meaning{2068, ErrorCode::unsupported},
    Meaning{3024, ErrorCode::unavailable},
    Meaning{3140, ErrorCode::constraint_violation},
    Meaning{3730, ErrorCode::constraint_violation},
    Meaning{3819, ErrorCode::constraint_violation},
    Meaning{4025, ErrorCode::constraint_violation},
    Meaning{4031, ErrorCode::unavailable},
};

static_assert(std::ranges::is_sorted(kMeanings, {}, &Meaning::number));

// The server's other errors are about the statement; the client library's are about how it is used.
ErrorCode code_of(const Failure& failure) {
  if (failure.sqlstate.starts_with("22") || failure.sqlstate.starts_with("23")) {
    return ErrorCode::constraint_violation;
  }
  if (failure.sqlstate.starts_with("08")) return ErrorCode::unavailable;
  if (failure.sqlstate.starts_with("0A")) return ErrorCode::unsupported;
  const bool from_client = failure.number >= 2000 && failure.number < 3000;
  return from_client || failure.number == 0 ? ErrorCode::internal : ErrorCode::invalid_input;
}

Meaning meaning_of(const Failure& failure) {
  if (failure.number == kNoSuchSavepoint && failure.message.starts_with("SAVEPOINT")) {
    return {failure.number, ErrorCode::conflict,
            "; a statement such as CREATE TABLE has committed the transaction"};
  }
  // What InnoDB says when a table cannot be filled by sorting.
  if (failure.number == 1180 && failure.message.starts_with("Got error 1 ")) {
    return {failure.number, ErrorCode::constraint_violation,
            "; two rows have an equal unique value, as far as is known: load with constraints kept "
            "to see which"};
  }
  const auto* found = std::ranges::lower_bound(kMeanings, failure.number, {}, &Meaning::number);
  if (found != kMeanings.end() && found->number == failure.number) return *found;
  return {failure.number, code_of(failure), {}};
}

// What follows the last `mark`, mark included, so that only names are left of a message that begins
// with a value.
std::string_view tail_from(std::string_view message, std::string_view mark) {
  const auto at = message.rfind(mark);
  return at == std::string_view::npos ? std::string_view{} : message.substr(at);
}

}  // namespace

bool local_files_forbidden(unsigned number) noexcept {
  constexpr std::array kNumbers{1148U, 3948U, 4166U};
  return std::ranges::find(kNumbers, number) != kNumbers.end();
}

void require_arguments(std::size_t placeholders, std::size_t arguments) {
  if (placeholders == arguments) return;
  throw Error{ErrorCode::invalid_input,
              fmt::format("mysql: a statement with {} placeholders got {} arguments", placeholders,
                          arguments),
              {.engine = "mysql", .sqlstate = {}, .statement = {}, .where = {}}};
}

std::string without_values(unsigned number, std::string_view message) {
  switch (number) {
    case 1062:
    case 1586:
    case 1761: return fmt::format("duplicate value{}", tail_from(message, " for key "));
    case 1292:
    case 1366:
    case 1367:
    case 1411:
    case 1525: return fmt::format("a value does not fit{}", tail_from(message, " for column "));
    case 1300: return "a text is not valid in its character set";
    case 1526: return "the table has no partition for a row";
    case 1690: return "a number is out of range in an expression";
    default: return std::string{message};
  }
}

Error translate(const Failure& failure, std::string_view statement) {
  const Meaning meaning = meaning_of(failure);
  return {meaning.code,
          fmt::format("mysql: {}{} ({})", without_values(failure.number, failure.message),
                      meaning.hint, failure.number),
          {.engine = "mysql",
           .sqlstate = failure.sqlstate,
           .statement = std::string{statement},
           .where = {}}};
}

}  // namespace seedbed::mysql
