#include <cmath>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/factories/expression/arithmetic.hpp"
#include "seedbed/factories/expression/operation.hpp"

namespace seedbed::detail {

namespace {

std::int64_t finest_step(std::int64_t first, std::int64_t last) {
  for (const std::int64_t step : {kMicrosPerSecond, std::int64_t{1000}}) {
    if (first % step == 0 && last % step == 0) return step;
  }
  return 1;
}

// A duration without months.
std::int64_t micros_of(const Duration& duration) {
  const auto micros = WideInteger{duration.days} * kMicrosPerDay + duration.micros;
  if (micros > std::numeric_limits<std::int64_t>::max() ||
      micros < std::numeric_limits<std::int64_t>::min()) {
    throw Error{ErrorCode::invalid_input, "a duration of the range is too long"};
  }
  return static_cast<std::int64_t>(micros);
}

}  // namespace

class RangeDomain : public Domain {
 public:
  explicit RangeDomain(Range range) : range_{range} {}

  [[nodiscard]] std::uint64_t size() const noexcept override {
    const auto span =
        static_cast<std::uint64_t>(range_.last_) - static_cast<std::uint64_t>(range_.first_);
    return span == std::numeric_limits<std::uint64_t>::max() ? span : span + 1;
  }
  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& /*arena*/) const override {
    return range_.value(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(range_.first_) + index));
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto step = step_of(value);
    if (!step || *step < range_.first_ || *step > range_.last_) return std::nullopt;
    const auto index =
        static_cast<std::uint64_t>(*step) - static_cast<std::uint64_t>(range_.first_);
    const ScalarView candidate = range_.value(*step);
    const bool equal = std::holds_alternative<TextView>(value)
                           ? to_text(candidate) == std::get<TextView>(value).text
                           : compare(candidate, value) == 0;
    return equal ? std::optional{index} : std::nullopt;
  }

 private:
  // The step nearest to the value; whether it is the value is for the caller to see.
  [[nodiscard]] std::optional<std::int64_t> step_of(const ScalarView& value) const {
    using Kind = Range::Kind;
    if (const auto* text = std::get_if<TextView>(&value)) return step_of_text(text->text);
    if (range_.kind_ == Kind::integer || range_.kind_ == Kind::decimal) {
      const auto decimal = to_decimal(value, range_.scale_);
      return decimal ? std::optional{decimal->coefficient} : std::nullopt;
    }
    if (const auto* date = std::get_if<Date>(&value)) {
      return range_.kind_ == Kind::date ? date->days : date->days * kMicrosPerDay / range_.step_;
    }
    if (const auto* instant = std::get_if<Instant>(&value)) {
      return instant->micros / (range_.kind_ == Kind::date ? kMicrosPerDay : range_.step_);
    }
    if (const auto* duration = std::get_if<Duration>(&value)) {
      if (range_.kind_ == Kind::months) return duration->months;
      return range_.kind_ == Kind::days ? duration->days : duration->micros / range_.step_;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::int64_t> step_of_text(std::string_view text) const {
    if (const auto decimal = parse_decimal(text)) return step_of(ScalarView{*decimal});
    if (const auto days = parse_date(text)) return step_of(ScalarView{Date{*days}});
    if (const auto micros = parse_timestamp(text)) return step_of(ScalarView{Instant{*micros}});
    return std::nullopt;
  }

  Range range_;
};

Range::Range(const ScalarView& first, const ScalarView& last) {
  if (!set_numbers(first, last) && !set_moments(first, last) && !set_durations(first, last)) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("'..' does not fit {} and {}", to_string(type_of(first)),
                            to_string(type_of(last)))};
  }
  if (first_ > last_ || real_first_ > real_last_) {
    throw Error{ErrorCode::invalid_input, "the range is empty: it begins after its end"};
  }
}

bool Range::set_numbers(const ScalarView& first, const ScalarView& last) {
  if (!is_number(type_of(first)) || !is_number(type_of(last))) return false;
  if (std::holds_alternative<double>(first) || std::holds_alternative<double>(last)) {
    kind_ = Kind::real;
    real_first_ = to_real(first).value_or(0);
    real_last_ = to_real(last).value_or(0);
    if (!std::isfinite(real_last_ - real_first_)) {
      throw Error{ErrorCode::invalid_input, "the range is too wide for a real"};
    }
    return true;
  }
  const auto scale_of = [](const ScalarView& number) {
    const auto* decimal = std::get_if<Decimal>(&number);
    return decimal != nullptr ? decimal->scale : 0;
  };
  const bool integers =
      std::holds_alternative<std::int64_t>(first) && std::holds_alternative<std::int64_t>(last);
  kind_ = integers ? Kind::integer : Kind::decimal;
  scale_ = std::max(scale_of(first), scale_of(last));
  const auto begin = to_decimal(first, scale_);
  const auto end = to_decimal(last, scale_);
  if (!begin || !end) throw Error{ErrorCode::invalid_input, "the range has too many digits"};
  first_ = begin->coefficient;
  last_ = end->coefficient;
  return true;
}

bool Range::set_moments(const ScalarView& first, const ScalarView& last) {
  if (!is_moment(type_of(first)) || !is_moment(type_of(last))) return false;
  const auto* begin = std::get_if<Date>(&first);
  const auto* end = std::get_if<Date>(&last);
  if (begin != nullptr && end != nullptr) {
    kind_ = Kind::date;
    first_ = begin->days;
    last_ = end->days;
    return true;
  }
  kind_ = Kind::instant;
  first_ = begin != nullptr ? begin->days * kMicrosPerDay : std::get<Instant>(first).micros;
  last_ = end != nullptr ? end->days * kMicrosPerDay : std::get<Instant>(last).micros;
  step_ = finest_step(first_, last_);
  first_ /= step_;
  last_ /= step_;
  return true;
}

bool Range::set_durations(const ScalarView& first, const ScalarView& last) {
  const auto* begin = std::get_if<Duration>(&first);
  const auto* end = std::get_if<Duration>(&last);
  if (begin == nullptr || end == nullptr) return false;
  const auto only = [&](auto part, auto... others) {
    return ((begin->*others == 0 && end->*others == 0) && ...) &&
           (begin->*part != 0 || end->*part != 0);
  };
  if (only(&Duration::months, &Duration::days, &Duration::micros)) {
    kind_ = Kind::months;
    first_ = begin->months;
    last_ = end->months;
  } else if (begin->months != 0 || end->months != 0) {
    throw Error{ErrorCode::invalid_input,
                "months have no fixed length, so a range cannot mix them with days or hours"};
  } else if (only(&Duration::days, &Duration::micros)) {
    kind_ = Kind::days;
    first_ = begin->days;
    last_ = end->days;
  } else {
    kind_ = Kind::time;
    first_ = micros_of(*begin);
    last_ = micros_of(*end);
    step_ = finest_step(first_, last_);
    first_ /= step_;
    last_ /= step_;
  }
  return true;
}

ScalarView Range::value(std::int64_t step) const {
  switch (kind_) {
    case Kind::integer: return step;
    case Kind::decimal: return Decimal{step, scale_};
    case Kind::date: return Date{step};
    case Kind::instant: return Instant{step * step_};
    case Kind::months: return Duration{step, 0, 0};
    case Kind::days: return Duration{0, step, 0};
    case Kind::time: return Duration{0, 0, step * step_};
    case Kind::real: break;
  }
  return real_first_;
}

ScalarView Range::draw(CellRandom& random) const {
  if (kind_ != Kind::real) return value(random.between(first_, last_));
  const double value = real_first_ + random.unit() * (real_last_ - real_first_);
  return std::min(value, real_last_);
}

void Range::draw_all(const RowDraws& draws, std::span<ScalarView> values) const {
  const auto steps = static_cast<std::uint64_t>(last_) - static_cast<std::uint64_t>(first_) + 1;
  const auto fill = [&](auto&& value_of) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto step = static_cast<std::uint64_t>(first_) + draws.below(i, steps);
      std::construct_at(&values[i], value_of(static_cast<std::int64_t>(step)));
    }
  };
  const bool all_numbers = steps == 0;  // of 64 bits
  if (kind_ == Kind::integer && !all_numbers) {
    fill([](std::int64_t step) { return step; });
  } else if (kind_ == Kind::decimal && !all_numbers) {
    fill([scale = scale_](std::int64_t step) { return Decimal{step, scale}; });
  } else if (kind_ == Kind::date && !all_numbers) {
    fill([](std::int64_t step) { return Date{step}; });
  } else if (kind_ == Kind::instant && !all_numbers) {
    fill([unit = step_](std::int64_t step) { return Instant{step * unit}; });
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto random = draws.of(i);
      values[i] = draw(random);
    }
  }
}

std::shared_ptr<const Domain> Range::domain() const {
  if (kind_ == Kind::real) return nullptr;
  return std::make_shared<RangeDomain>(*this);
}

}  // namespace seedbed::detail
