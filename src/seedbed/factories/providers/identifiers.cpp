#include <array>

#include "seedbed/factories/providers/provider.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

// Argument 0, or now, in units of `micros` since 1970; these identifiers have no earlier times.
std::uint64_t time_of(const Call& call, std::int64_t micros, std::uint64_t limit) {
  const auto moment = call.has(0) ? call.moment(0) : call.now();
  if (moment.micros < 0) Call::fail("the moment is before 1970");
  const auto time = static_cast<std::uint64_t>(moment.micros / micros);
  if (time >= limit) Call::fail("the moment is too late for this kind of identifier");
  return time;
}

constexpr std::int64_t kMillisecond = 1000;
constexpr std::int64_t kSecond = 1'000'000;

// RFC 9562, section 5.7: 48 bits of milliseconds, then random ones.
ScalarView uuid_v7(Call& call) {
  const auto time = time_of(call, kMillisecond, std::uint64_t{1} << 48U);
  const auto first = call.random().next() & 0x0FFFU;
  const auto second = (call.random().next() & 0x3FFF'FFFF'FFFF'FFFFU) | 0x8000'0000'0000'0000U;
  return call.keep(joined(hexadecimal(time >> 16U, 8), '-', hexadecimal(time & 0xFFFFU, 4), "-7",
                          hexadecimal(first, 3), '-', hexadecimal(second >> 48U, 4), '-',
                          hexadecimal(second & 0xFFFF'FFFF'FFFFU, 12)));
}

ScalarView ulid(Call& call) {
  auto time = time_of(call, kMillisecond, std::uint64_t{1} << 48U);
  std::array<char, 10> moment{};
  for (auto digit = moment.rbegin(); digit != moment.rend(); ++digit, time /= kBase32.size()) {
    *digit = kBase32[static_cast<std::size_t>(time % kBase32.size())];
  }
  const std::string_view text{moment.data(), moment.size()};
  return call.keep(joined(text, characters(call.random(), 16, kBase32)));
}

ScalarView object_id(Call& call) {
  const auto time = time_of(call, kSecond, std::uint64_t{1} << 32U);
  return call.keep(joined(hexadecimal(time, 8), characters(call.random(), 16, kHexDigits)));
}

ScalarView nano_id(Call& call) {
  return call.keep(characters(call.random(), call.integer_or(0, 21, 1, 256), kUrlSafe));
}

ScalarView hash(Call& call) {
  const auto algorithm = call.has(0) ? call.text(0) : std::string_view{"sha256"};
  const auto digits = algorithm == "md5"      ? 32
                      : algorithm == "sha1"   ? 40
                      : algorithm == "sha512" ? 128
                                              : 64;
  return call.keep(characters(call.random(), digits, kHexDigits));
}

constexpr std::array<FunctionRow, 5> kRows{{
    {"hash(algorithm?: md5|sha1|sha256|sha512) -> text",
     "Hexadecimal digits as a digest has them (sha256), but of nothing.", "hash('md5')",
     "03f7cbb50a1112cce6b4a39034c8a897", hash, Effect::draws},
    {"nano_id(length?: integer) -> text", "Characters (21) that a URL may hold.", "nano_id()",
     "AP9fxstVAqEHFIxy7asTp", nano_id, Effect::draws},
    {"object_id(at?: moment or text) -> text",
     "An identifier as MongoDB makes them, with the second of `at`, or of now.", "object_id()",
     "6955b90003f7cbb50a1112cc", object_id, Effect::draws},
    {"ulid(at?: moment or text) -> text",
     "A ULID, with the millisecond of `at`, or of now: texts in the order of time.", "ulid()",
     "01KDVDNA0007YFRPPA0N2324RS", ulid, Effect::draws},
    {"uuid_v7(at?: moment or text) -> text",
     "A UUID of version 7, with the millisecond of `at`, or of now.", "uuid_v7()",
     "019b76da-a800-757c-be11-4ef2016db087", uuid_v7, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> identifier_providers() {
  return kRows;
}

}  // namespace seedbed::detail
