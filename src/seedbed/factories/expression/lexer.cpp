#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/syntax.hpp"
#include "seedbed/factories/files/invisible.hpp"

namespace seedbed::detail {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

struct Unit {
  std::string_view name;
  Duration one;
};

constexpr std::array<Unit, 8> kUnits{{
    {"y", {12, 0, 0}},
    {"mo", {1, 0, 0}},
    {"w", {0, 7, 0}},
    {"d", {0, 1, 0}},
    {"h", {0, 0, 3600 * kMicrosPerSecond}},
    {"min", {0, 0, 60 * kMicrosPerSecond}},
    {"s", {0, 0, kMicrosPerSecond}},
    {"ms", {0, 0, 1000}},
}};

struct Mistake {
  std::string_view symbol;
  std::string_view advice;
};

constexpr std::array<Mistake, 9> kMistakes{{
    {"&&", "write 'and'"},
    {"||", "write 'or'; texts are joined by concat(a, b)"},
    {"<>", "write '!='"},
    {"!", "write 'not'"},
    {"%", "write mod(a, b); a percentage is a number such as 70%"},
    {"^", "there are no powers"},
    {"?", "write if(condition, then, else)"},
    {"{", "braces belong to templates, which are not written with '='"},
    {"[", "lists are written as arguments, such as one_of(a, b)"},
}};

constexpr std::array<std::string_view, 16> kSymbols{"==", "!=", "<=", ">=", "..", "<", ">", "+",
                                                    "-",  "*",  "/",  "(",  ")",  ",", "=", "."};

class Lexer {
 public:
  explicit Lexer(const ExpressionSource& source) : source_{source}, text_{source.text()} {}

  std::optional<std::vector<Token>> run() {
    for (;;) {
      skip_spaces();
      if (at_ >= text_.size()) break;
      if (!take()) return std::nullopt;
    }
    push({.kind = TokenKind::end, .at = at_});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void push(Token token) { tokens_.push_back(std::move(token)); }
  // A character at hand that cannot be seen.
  [[nodiscard]] std::optional<Invisible> invisible() const {
    if (static_cast<unsigned char>(peek()) < 0xC0) return std::nullopt;
    return find_invisible(first_code_points(text_.substr(at_), 1));
  }
  bool fail(std::size_t at, std::string message) {
    source_.report(at, std::move(message));
    return false;
  }
  void skip_spaces() {
    const auto next = text_.find_first_not_of(" \t\r\n", at_);
    at_ = std::min(next, text_.size());
  }

  bool take() {
    const char c = peek();
    if (const auto found = static_cast<unsigned char>(c) < 0x80 ? std::nullopt : invisible()) {
      return fail(at_, fmt::format("{}; remove it, or write a blank", found->described()));
    }
    if (is_digit(c)) return take_number_or_time();
    if (is_letter(c)) return take_word();
    if (c == '"' || c == '\'') return take_text(c);
    if (c == '`') return take_quoted_word();
    return take_symbol();
  }

  bool take_word() {
    const std::size_t begin = at_;
    while ((is_letter(peek()) || is_digit(peek())) && !invisible()) ++at_;
    Token token{.kind = TokenKind::word, .text = std::string{text_.substr(begin, at_ - begin)}};
    token.at = begin;
    if (peek() == '@' && is_digit(peek(1))) {  // a pinned version stays with its word
      do token.text += text_[at_++];
      while (is_digit(peek()));
    }
    push(std::move(token));
    return true;
  }

  bool take_quoted_word() {
    const auto end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos) return fail(at_, "the quote ` is not closed");
    Token token{.kind = TokenKind::word, .quoted = true, .at = at_};
    token.text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    push(std::move(token));
    return true;
  }

  bool take_text(char quote) {
    const std::size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] != '\\') {
        value += text_[at_++];
        continue;
      }
      const char escaped = peek(1);
      constexpr std::string_view kEscapes = "\\\"'nt";
      if (escaped == '\0' || kEscapes.find(escaped) == std::string_view::npos) {
        return fail(at_, R"(unknown escape; known are \\ \" \' \n \t)");
      }
      value += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
      at_ += 2;
    }
    if (at_ >= text_.size()) return fail(begin, fmt::format("the quote {} is not closed", quote));
    ++at_;
    push_literal(begin, std::move(value));
    return true;
  }

  void push_literal(std::size_t begin, Scalar value) {
    Token token{.kind = TokenKind::literal, .text = std::string{text_.substr(begin, at_ - begin)}};
    token.value = std::move(value);
    token.at = begin;
    push(std::move(token));
  }

  bool take_symbol() {
    const auto rest = text_.substr(at_);
    for (const auto symbol : kSymbols) {
      if (!rest.starts_with(symbol) || rest.starts_with("<>")) continue;
      push({.kind = TokenKind::symbol, .text = std::string{symbol}, .at = at_});
      at_ += symbol.size();
      return true;
    }
    for (const auto& [symbol, advice] : kMistakes) {
      if (rest.starts_with(symbol)) return fail(at_, fmt::format("'{}': {}", symbol, advice));
    }
    return fail(at_, fmt::format("unexpected '{}'", first_code_points(rest, 1)));
  }

  bool take_number_or_time() {
    const auto is_date = [this] {
      constexpr std::string_view kShape = "dddd-dd-dd";
      for (std::size_t i = 0; i < kShape.size(); ++i) {
        if (kShape[i] == 'd' ? !is_digit(peek(i)) : peek(i) != '-') return false;
      }
      return !is_digit(peek(kShape.size()));
    };
    return is_date() ? take_time() : take_number();
  }

  bool take_time() {
    const std::size_t begin = at_;
    constexpr std::size_t kDateLength = 10;
    at_ += kDateLength;
    const bool has_time = peek() == 'T' && is_digit(peek(1));
    if (has_time) {
      ++at_;
      while (is_digit(peek()) || peek() == ':' || (peek() == '.' && is_digit(peek(1)))) ++at_;
      take_zone();
    }
    const auto spelled = text_.substr(begin, at_ - begin);
    if (const auto days = parse_date(spelled)) {
      push_literal(begin, Date{*days});
    } else if (const auto micros = parse_timestamp(spelled)) {
      push_literal(begin, Instant{*micros});
    } else {
      return fail(begin, fmt::format("'{}' is not a date or time; write 2026-01-31 or "
                                     "2026-01-31T08:00:00Z",
                                     spelled));
    }
    return true;
  }

  void take_zone() {
    if (peek() == 'Z') {
      ++at_;
    } else if ((peek() == '+' || peek() == '-') && is_digit(peek(1)) && is_digit(peek(2))) {
      at_ += 3;
      while (is_digit(peek()) || (peek() == ':' && is_digit(peek(1)))) ++at_;
    }
  }

  bool take_number() {
    const std::size_t begin = at_;
    take_digits();
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      take_digits();
    }
    const bool has_exponent =
        peek() == 'e' &&
        (is_digit(peek(1)) || (is_digit(peek(2)) && (peek(1) == '-' || peek(1) == '+')));
    if (has_exponent) return take_exponent(begin);
    if (is_letter(peek())) return take_duration(begin);
    const auto decimal = parse_decimal(text_.substr(begin, at_ - begin));
    if (!decimal) {
      return fail(begin,
                  fmt::format("'{}' has more than 18 digits", text_.substr(begin, at_ - begin)));
    }
    if (peek() == '%') {
      ++at_;
      return take_percentage(begin, *decimal);
    }
    push_literal(begin, decimal->scale == 0 ? Scalar{decimal->coefficient} : Scalar{*decimal});
    return true;
  }

  void take_digits() {
    while (is_digit(peek())) ++at_;
  }

  bool take_percentage(std::size_t begin, Decimal decimal) {
    decimal.scale += 2;
    if (decimal.scale > 18) return fail(begin, "a percentage has at most 16 places");
    push_literal(begin, decimal);
    return true;
  }

  bool take_exponent(std::size_t begin) {
    at_ += 2;
    take_digits();
    const auto spelled = text_.substr(begin, at_ - begin);
    double value = 0;
    const auto [stop, error] =
        std::from_chars(spelled.data(), spelled.data() + spelled.size(), value);
    if (error != std::errc{} || stop != spelled.data() + spelled.size()) {
      return fail(begin, fmt::format("'{}' is not a number that can be held", spelled));
    }
    push_literal(begin, value);
    return true;
  }

  // One or several units glued: 2y, 1h30min.
  bool take_duration(std::size_t begin) {
    at_ = begin;
    Duration total;
    for (std::size_t units = 0; is_digit(peek()); ++units) {
      const std::size_t number_begin = at_;
      take_digits();
      const auto number = parse_decimal(text_.substr(number_begin, at_ - number_begin));
      const std::size_t unit_begin = at_;
      while (is_letter(peek())) ++at_;
      const auto name = text_.substr(unit_begin, at_ - unit_begin);
      const auto* const unit =
          std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
      if (unit == kUnits.end()) {
        while (is_letter(peek()) || is_digit(peek()) || (peek() == '.' && peek(1) != '.')) ++at_;
        return fail(begin, fmt::format("'{}' is no number and no duration; a duration is whole "
                                       "numbers with y mo w d h min s ms",
                                       text_.substr(begin, at_ - begin)));
      }
      constexpr std::int64_t kLargest = 100'000'000;  // of any unit; keeps all sums in range
      if (!number || number->coefficient > kLargest || units == kUnits.size()) {
        return fail(begin, "this duration is too long");
      }
      total.months += unit->one.months * number->coefficient;
      total.days += unit->one.days * number->coefficient;
      total.micros += unit->one.micros * number->coefficient;
    }
    push_literal(begin, total);
    return true;
  }

  const ExpressionSource& source_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

ExpressionSource::ExpressionSource(const Node& node, std::size_t offset, Diagnostics& findings)
    : text_{std::string_view{node.text}.substr(offset)},
      where_{node.where},
      findings_{findings},
      marks_{&node.marks},
      offset_{offset} {
  if (where_.column > 0) where_.column += static_cast<int>(offset) + (node.quoted ? 1 : 0);
}

SourceSpot ExpressionSource::spot(std::size_t at) const {
  SourceSpot spot = where_;
  if (marks_ != nullptr && !marks_->empty()) {
    const auto after = std::upper_bound(
        marks_->begin(), marks_->end(), offset_ + at,
        [](std::size_t offset, const TextMark& mark) { return offset < mark.offset; });
    const auto& mark = after == marks_->begin() ? *after : *(after - 1);
    // The text before a part is not at hand; a mark stands before every line, so this is exact.
    const auto begin = mark.offset > offset_ ? mark.offset - offset_ : 0;
    spot.line = mark.line;
    spot.column =
        mark.column + static_cast<int>(count_code_points(text_.substr(begin, at - begin)));
    if (mark.offset < offset_) spot.column += static_cast<int>(offset_ - mark.offset);
    return spot;
  }
  const auto before = text_.substr(0, at);
  if (spot.column > 0 && before.find('\n') == std::string_view::npos) {
    spot.column += static_cast<int>(count_code_points(before));
  }
  return spot;
}

void ExpressionSource::report(std::size_t at, std::string message) const {
  findings_.push_back({ErrorCode::invalid_input, std::move(message), spot(at)});
}

std::optional<std::vector<Token>> tokens_of(const ExpressionSource& source) {
  if (source.text().size() > kMaximumExpressionBytes) {
    source.report(0, fmt::format("an expression holds at most {} bytes", kMaximumExpressionBytes));
    return std::nullopt;
  }
  return Lexer{source}.run();
}

}  // namespace seedbed::detail
