#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/factories/expression/calendar.hpp"
#include "seedbed/factories/providers/check_digits.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

// BINs of the numbers that the networks and their acquirers publish for tests.
struct Network {
  std::string_view name;
  std::array<std::string_view, 2> bins;
  int digits;
};
constexpr std::array<Network, 7> kNetworks{{
    {"amex", {"378282", "371449"}, 15},
    {"diners", {"305693", "385200"}, 14},
    {"discover", {"601111", "601100"}, 16},
    {"jcb", {"353011", "356600"}, 16},
    {"mastercard", {"555555", "222300"}, 16},
    {"unionpay", {"620000", "620000"}, 16},
    {"visa", {"411111", "424242"}, 16},
}};
constexpr std::array<std::string_view, 7> kNetworkNames{"amex",       "diners",   "discover", "jcb",
                                                        "mastercard", "unionpay", "visa"};

// Accounts at banks that do not exist: a bank code of zeros, or of nines where zeros are a bank's.
// `+` stands for check digits of the country's own.
struct AccountShape {
  std::string_view country;
  std::string_view account;
  std::string (*check)(std::string_view) = nullptr;
};

// Spain: a digit for bank and branch, another for the account.
std::string spanish_check(std::string_view account) {
  constexpr std::array<int, 10> kWeights{1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
  const auto digit = [&](std::string_view ten) {
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (ten[i] - '0') * kWeights.at(i);
    const int check = 11 - sum % 11;
    return static_cast<char>('0' + (check == 10 ? 1 : check % 11));
  };
  const auto bank = fmt::format("00{}", account.substr(0, 8));
  return {digit(bank), digit(account.substr(8))};
}

// France: a key that makes the whole number divisible by 97.
std::string french_check(std::string_view account) {
  return fmt::format("{:02}", 97 - modulo97(joined(account, "00")));
}

// Portugal: ISO 7064, modulo 97-10.
std::string portuguese_check(std::string_view account) {
  return fmt::format("{:02}", 98 - modulo97(joined(account, "00")));
}

constexpr std::array<AccountShape, 10> kAccounts{{
    {"AT", "00000###########"},
    {"BR", "99999999###############C1"},
    {"CH", "00000############"},
    {"DE", "00000000##########"},
    {"ES", "0000####++##########", spanish_check},
    {"FR", "00000################++", french_check},
    {"GB", "TEST000000########"},
    {"IE", "TEST000000########"},
    {"NL", "TEST0#########"},
    {"PT", "0000###############++", portuguese_check},
}};

// The entry that argument `i` names; drawn when it is absent.
template <typename Entries, typename Name>
const auto& chosen(Call& call, std::size_t i, const Entries& entries, Name name) {
  const auto drawn = static_cast<std::size_t>(call.random().below(entries.size()));
  if (!call.has(i)) return entries.at(drawn);
  const auto text = call.text(i);
  const auto* found = std::find_if(entries.begin(), entries.end(),
                                   [&](const auto& entry) { return entry.*name == text; });
  return found == entries.end() ? entries.at(drawn) : *found;
}

ScalarView card_number(Call& call) {
  const auto& network = chosen(call, 0, kNetworks, &Network::name);
  CellText number{pick(call.random(), network.bins)};
  number += digits(call.random(), network.digits - 1 - static_cast<std::int64_t>(number.size()));
  number += luhn_digit(number);
  return call.keep(number);
}

ScalarView card_expiry(Call& call) {
  const auto today = civil_from_days(day_of(call.now()));
  const auto month = today.year * 12 + today.month - 1 + call.random().between(1, 60);
  return call.keep(joined(padded(month % 12 + 1, 2), '/', padded(month / 12 % 100, 2)));
}

ScalarView card_code(Call& call) {
  return call.keep(digits(call.random(), call.has(0) && call.text(0) == "amex" ? 4 : 3));
}

CellText account_of(CellRandom& random, const AccountShape& shape) {
  auto account = filled(random, shape.account);
  const auto place = account.view().find("++");
  if (place == std::string_view::npos) return account;
  const auto before = account.view().substr(0, place);
  const auto check = shape.check(joined(before, account.view().substr(place + 2)));
  std::copy(check.begin(), check.end(), account.begin() + place);
  return account;
}

ScalarView iban(Call& call) {
  const auto& shape = chosen(call, 0, kAccounts, &AccountShape::country);
  const auto account = account_of(call.random(), shape);
  return call.keep(joined(shape.country, iban_digits(shape.country, account), account));
}

// ISO 9362: a 0 in the eighth place is a code for tests.
ScalarView bic(Call& call) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const auto& shape = chosen(call, 0, kAccounts, &AccountShape::country);
  const auto bank = characters(call.random(), 4, kLetters);
  return call.keep(joined(bank, shape.country, characters(call.random(), 1, kLetters), '0'));
}

// No bank of the United States has a number that begins with 9.
ScalarView routing_number(Call& call) {
  const auto number = joined('9', digits(call.random(), 7));
  constexpr std::array<int, 8> kWeights{3, 7, 1, 3, 7, 1, 3, 7};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i)
    sum += (number.view()[i] - '0') * kWeights.at(i);
  return call.keep(joined(number, (10 - sum % 10) % 10));
}

ScalarView account_number(Call& call) {
  return call.keep(digits(call.random(), call.integer_or(0, 10, 4, 34)));
}

ScalarView amount(Call& call) {
  const auto scale = static_cast<int>(call.integer_or(2, 2, 0, 18));
  const auto bound = [&](std::size_t i, std::int64_t otherwise) {
    const auto value = to_decimal(call.has(i) ? call.at(i) : ScalarView{otherwise}, scale);
    if (!value) Call::fail("the amount is too large for its places");
    return value->coefficient;
  };
  const auto least = bound(0, 0);
  const auto most = bound(1, 1000);
  if (least > most) Call::fail("'min' is above 'max'");
  return Decimal{call.random().between(least, most), scale};
}

ScalarView currency_name(Call& call) {
  return TextView{words::kCurrenciesName[place_of(call, words::kCurrenciesCode)]};
}

ScalarView currency_symbol(Call& call) {
  return TextView{words::kCurrenciesSymbol[place_of(call, words::kCurrenciesCode)]};
}

constexpr std::array<std::string_view, 9> kPaymentMethods{
    "bank transfer", "card",    "cash",    "check",         "direct debit",
    "gift card",     "invoice", "voucher", "mobile payment"};
constexpr std::array<std::string_view, 8> kTransactionTypes{
    "deposit", "fee", "interest", "invoice", "payment", "refund", "transfer", "withdrawal"};

constexpr std::array<FunctionRow, 14> kRows{{
    {"account_number(digits?: integer) -> text", "Digits (10), such as those of an account.",
     "account_number()", "0294767306", account_number, Effect::draws},
    {"amount(min?: number, max?: number, digits?: integer) -> decimal",
     "An amount from `min` (0) to `max` (1000) at this many places (2).", "amount(10, 50)", "10.43",
     amount, Effect::draws},
    {"bic(country?: AT|BR|CH|DE|ES|FR|GB|IE|NL|PT) -> text",
     "A bank's code for tests: a 0 in the eighth place.", "bic('DE')", "GYMUDES0", bic,
     Effect::draws},
    {"card_code(network?: amex|diners|discover|jcb|mastercard|unionpay|visa) -> text",
     "The three digits beside a card's number; four of `amex`.", "card_code()", "029", card_code,
     Effect::draws},
    {"card_expiry() -> text", "A month in the next five years.", "card_expiry()", "02/26",
     card_expiry, Effect::draws},
    list_row<kNetworkNames>("card_network() -> text", "A network, as `card_number` takes it.",
                            "card_network()", "amex"),
    {"card_number(network?: amex|diners|discover|jcb|mastercard|unionpay|visa) -> text",
     "A card number with a right check digit, that begins as the network's numbers for tests do.",
     "card_number('visa')", "4111119476730607", card_number, Effect::draws},
    list_row<words::kCurrenciesCode>("currency_code() -> text", "An ISO 4217 code.",
                                     "currency_code()", "AED"),
    {"currency_name(code?: text) -> text", "A currency's name; that of `code` when it is known.",
     "currency_name('JPY')", "Japanese Yen", currency_name, Effect::draws},
    {"currency_symbol(code?: text) -> text", "A currency's sign; that of `code` when it is known.",
     "currency_symbol('JPY')", "¥", currency_symbol, Effect::draws},
    {"iban(country?: AT|BR|CH|DE|ES|FR|GB|IE|NL|PT) -> text",
     "An account with right check digits, at a bank that does not exist.", "iban('DE')",
     "DE68000000002947673060", iban, Effect::draws},
    list_row<kPaymentMethods>("payment_method() -> text", "A way to pay.", "payment_method()",
                              "bank transfer"),
    {"routing_number() -> text",
     "Nine digits with a right check digit, as no bank of the United States has them.",
     "routing_number()", "902947672", routing_number, Effect::draws},
    list_row<kTransactionTypes>("transaction_type() -> text", "What moves money.",
                                "transaction_type()", "deposit"),
}};

}  // namespace

std::span<const FunctionRow> money_providers() {
  return kRows;
}

}  // namespace seedbed::detail
