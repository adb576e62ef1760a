#pragma once

#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/code_place.hpp"
#include "seedbed/factories/layer_builder.hpp"

namespace seedbed {

/// Builders define factories, records and scenarios in C++ as files do, with the same words:
///
///   const auto user = factory("user").set("name", expr("full_name()")).set("role", "customer");
///   const auto vip = user.set("role", "vip");      // `user` stays as it is
///   const auto library = FactoryLibrary::of({user, order, scenario("small").rows("user", 20)});
///
/// They are values: each call returns a changed copy, and what is said twice counts as said last.
/// What is wrong is found when a library is made of them, all at once, each at its line of C++.
class FactoryBuilder : public LayerBuilder<FactoryBuilder> {
 public:
  FactoryBuilder(std::string name, Place here);

  [[nodiscard]] FactoryBuilder table(const std::string& name, Place here = Place::current()) const;
  [[nodiscard]] FactoryBuilder extends(const std::string& factory,
                                       Place here = Place::current()) const;
  [[nodiscard]] FactoryBuilder key(const std::string& name, Place here = Place::current()) const;
  [[nodiscard]] FactoryBuilder locale(const std::string& name, Place here = Place::current()) const;
  /// Defines a trait; a factory defines traits or applies some, as in a file.
  [[nodiscard]] FactoryBuilder trait(const std::string& name, const TraitBuilder& trait,
                                     Place here = Place::current()) const;
};

class RecordBuilder : public DraftBuilder<RecordBuilder> {
 public:
  RecordBuilder(std::string name, const std::string& factory, Place here);

  [[nodiscard]] RecordBuilder traits(const std::vector<std::string>& names,
                                     Place here = Place::current()) const;
  [[nodiscard]] RecordBuilder set(std::string path, const BuiltLiteral& value,
                                  Place here = Place::current()) const;
};

/// Rows of a factory for each row of another.
class PerBuilder : public DraftBuilder<PerBuilder> {
 public:
  PerBuilder(const std::string& factory, const BuiltCount& count, Place here);

  [[nodiscard]] PerBuilder total(const BuiltCount& rows, Place here = Place::current()) const;
  [[nodiscard]] PerBuilder via(const std::string& column, Place here = Place::current()) const;
};

class ScenarioBuilder : public DraftBuilder<ScenarioBuilder> {
 public:
  ScenarioBuilder(std::string name, Place here);

  [[nodiscard]] ScenarioBuilder rows(const std::string& factory, const BuiltCount& count,
                                     const std::vector<std::string>& traits = {},
                                     Place here = Place::current()) const;
  [[nodiscard]] ScenarioBuilder rows(const std::string& factory, const PerBuilder& per,
                                     const std::vector<std::string>& traits = {},
                                     Place here = Place::current()) const;
  [[nodiscard]] ScenarioBuilder record(const std::string& name,
                                       Place here = Place::current()) const;
};

/// A definition, for `FactoryLibrary::of`.
class LibraryPart {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a list of parts is written as what they are.
  LibraryPart(const FactoryBuilder& builder) : section_{"factories"}, draft_{builder.draft()} {}
  LibraryPart(const RecordBuilder& builder) : section_{"records"}, draft_{builder.draft()} {}
  LibraryPart(const ScenarioBuilder& builder) : section_{"scenarios"}, draft_{builder.draft()} {}
  // NOLINTEND(google-explicit-constructor)

  /// Adds the definition; appends what is wrong with it to `findings`.
  void read_into(Definitions& definitions, Diagnostics& findings) const {
    draft_.read_into(definitions, section_, findings);
  }

 private:
  std::string section_;
  detail::Draft draft_;
};

[[nodiscard]] inline FactoryBuilder factory(std::string name,
                                            CodePlace here = CodePlace::current()) {
  return {std::move(name), here};
}
[[nodiscard]] inline TraitBuilder trait(CodePlace here = CodePlace::current()) {
  return TraitBuilder{here};
}
/// The row above of a `ref`, by its factory; that of the table when none is named.
[[nodiscard]] inline ParentBuilder parent(const std::string& factory = {},
                                          CodePlace here = CodePlace::current()) {
  return {factory, here};
}
/// The rows below of a `has`, by their factory; that of the relation's name when none is named.
[[nodiscard]] inline ChildrenBuilder children(const std::string& factory = {},
                                              CodePlace here = CodePlace::current()) {
  return {factory, here};
}
[[nodiscard]] inline RecordBuilder record(std::string name, const std::string& factory,
                                          CodePlace here = CodePlace::current()) {
  return {std::move(name), factory, here};
}
[[nodiscard]] inline ScenarioBuilder scenario(std::string name,
                                              CodePlace here = CodePlace::current()) {
  return {std::move(name), here};
}
/// For a scenario's rows: `.rows("order", per("user", "0..20"))`.
[[nodiscard]] inline PerBuilder per(const std::string& factory, const BuiltCount& count,
                                    CodePlace here = CodePlace::current()) {
  return {factory, count, here};
}

}  // namespace seedbed
