#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/factories/built_value.hpp"
#include "seedbed/factories/code_place.hpp"
#include "seedbed/factories/draft.hpp"

namespace seedbed {

/// What builders have in common: they are values, and each call returns a changed copy.
template <typename Builder>
class DraftBuilder {
 protected:
  using Place = CodePlace;
  explicit DraftBuilder(detail::Draft draft) : draft_{std::move(draft)} {}

  template <typename Change>
  [[nodiscard]] Builder changed(const Change& change) const {
    Builder copy{static_cast<const Builder&>(*this)};
    change(static_cast<DraftBuilder&>(copy).draft_);
    return copy;
  }
  [[nodiscard]] Builder with(std::string_view field, const auto& value, Place here) const {
    return changed([&](detail::Draft& draft) { draft.put(field, value, here); });
  }
  [[nodiscard]] Builder with_names(std::string_view field, const std::vector<std::string>& names,
                                   Place here) const {
    return changed([&](detail::Draft& draft) { draft.put_names(field, names, here); });
  }
  [[nodiscard]] Builder with_entry(std::string_view field, std::string name, const auto& value,
                                   Place here) const {
    return changed(
        [&](detail::Draft& draft) { draft.put_in(field, std::move(name), value, here); });
  }

 public:
  [[nodiscard]] const detail::Draft& draft() const noexcept { return draft_; }

 private:
  detail::Draft draft_;
};

}  // namespace seedbed
