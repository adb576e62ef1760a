#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/code_place.hpp"
#include "seedbed/factories/draft_builder.hpp"

namespace seedbed {

/// Which row above a reference leads to.
class ParentBuilder : public DraftBuilder<ParentBuilder> {
 public:
  ParentBuilder(const std::string& factory, Place here);

  [[nodiscard]] ParentBuilder traits(const std::vector<std::string>& names,
                                     Place here = Place::current()) const;
  [[nodiscard]] ParentBuilder share(Share share, Place here = Place::current()) const;
  [[nodiscard]] ParentBuilder shape(Shape shape, Place here = Place::current()) const;
  [[nodiscard]] ParentBuilder fanout(const BuiltCount& rows, Place here = Place::current()) const;
  /// A number of rows, or a percentage: "5%".
  [[nodiscard]] ParentBuilder roots(const BuiltCount& rows, Place here = Place::current()) const;
  [[nodiscard]] ParentBuilder via(const std::string& column, Place here = Place::current()) const;
};

/// Which rows below, and how many.
class ChildrenBuilder : public DraftBuilder<ChildrenBuilder> {
 public:
  ChildrenBuilder(const std::string& factory, Place here);

  [[nodiscard]] ChildrenBuilder count(const BuiltCount& rows, Place here = Place::current()) const;
  [[nodiscard]] ChildrenBuilder traits(const std::vector<std::string>& names,
                                       Place here = Place::current()) const;
  [[nodiscard]] ChildrenBuilder via(const std::string& column, Place here = Place::current()) const;
};

/// What factories and traits have in common.
template <typename Builder>
class LayerBuilder : public DraftBuilder<Builder> {
 public:
  using typename DraftBuilder<Builder>::Place;

  /// Traits that it applies itself.
  [[nodiscard]] Builder traits(const std::vector<std::string>& names,
                               Place here = Place::current()) const {
    return this->with_names("traits", names, here);
  }
  [[nodiscard]] Builder param(std::string name, const BuiltValue& value,
                              Place here = Place::current()) const {
    return this->with_entry("params", std::move(name), value, here);
  }
  [[nodiscard]] Builder set(std::string column, const BuiltValue& value,
                            Place here = Place::current()) const {
    return this->with_entry("set", std::move(column), value, here);
  }
  [[nodiscard]] Builder ref(std::string relation, const ParentBuilder& parent,
                            Place here = Place::current()) const {
    return this->with_entry("refs", std::move(relation), parent.draft(), here);
  }
  [[nodiscard]] Builder has(std::string relation, const ChildrenBuilder& children,
                            Place here = Place::current()) const {
    return this->with_entry("has", std::move(relation), children.draft(), here);
  }
  /// Changes only how many.
  [[nodiscard]] Builder has(std::string relation, const BuiltCount& count,
                            Place here = Place::current()) const {
    return this->with_entry("has", std::move(relation), count, here);
  }
  /// `.when(expr("vip"), {{"role", "staff"}, {"balance", expr("1000 .. 9000")}})`; each call adds
  /// one.
  [[nodiscard]] Builder when(const Expr& condition, const std::vector<BuiltSetting>& set,
                             Place here = Place::current()) const {
    return this->changed([&](detail::Draft& draft) {
      detail::Draft clause{{}, here};
      clause.put("if", BuiltCount{condition}, here);
      for (const auto& entry : set) clause.put_in("set", entry.name, entry.value, entry.place);
      draft.append_in("when", clause, here);
    });
  }
  /// A statement that runs once for each row when its graph is written; `{path}` are bound
  /// parameters. Each call adds one.
  [[nodiscard]] Builder after_create(const std::string& sql, HookBulk bulk = HookBulk::refused,
                                     Place here = Place::current()) const {
    return this->changed(
        [&](detail::Draft& draft) { draft.add_hook({.sql = sql, .bulk = bulk}, here); });
  }
  /// The same as a function. No file can hold it.
  [[nodiscard]] Builder after_create(const std::function<void(Connection&, const Record&)>& call,
                                     HookBulk bulk = HookBulk::refused,
                                     Place here = Place::current()) const {
    return this->changed(
        [&](detail::Draft& draft) { draft.add_hook({.call = call, .bulk = bulk}, here); });
  }

 protected:
  using DraftBuilder<Builder>::DraftBuilder;
};

class TraitBuilder : public LayerBuilder<TraitBuilder> {
 public:
  explicit TraitBuilder(Place here);
};

}  // namespace seedbed
