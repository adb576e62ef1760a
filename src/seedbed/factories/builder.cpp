#include "seedbed/factories/builder.hpp"

#include <string>
#include <utility>

#include "seedbed/factories/files/definition_writer.hpp"

namespace seedbed {

namespace {

using detail::Draft;
using Place = CodePlace;

Draft with_factory(const std::string& factory, Place here) {
  Draft draft{{}, here};
  if (!factory.empty()) draft.put("factory", factory, here);
  return draft;
}

Draft entry_of(const std::string& factory, const auto& count,
               const std::vector<std::string>& traits, Place here) {
  Draft entry{{}, here};
  entry.put(factory, count, here);
  if (!traits.empty()) entry.put_names("traits", traits, here);
  return entry;
}

}  // namespace

ParentBuilder::ParentBuilder(const std::string& factory, Place here)
    : DraftBuilder{with_factory(factory, here)} {}

ParentBuilder ParentBuilder::traits(const std::vector<std::string>& names, Place here) const {
  return with_names("traits", names, here);
}
ParentBuilder ParentBuilder::share(Share share, Place here) const {
  if (share == Share::automatic) return *this;
  return with("share", std::string{detail::to_word(share)}, here);
}
ParentBuilder ParentBuilder::shape(Shape shape, Place here) const {
  return with("shape", std::string{detail::to_word(shape)}, here);
}
ParentBuilder ParentBuilder::fanout(const BuiltCount& rows, Place here) const {
  return with("fanout", rows, here);
}
ParentBuilder ParentBuilder::roots(const BuiltCount& rows, Place here) const {
  return with("roots", rows, here);
}
ParentBuilder ParentBuilder::via(const std::string& column, Place here) const {
  return with("via", column, here);
}

ChildrenBuilder::ChildrenBuilder(const std::string& factory, Place here)
    : DraftBuilder{with_factory(factory, here)} {}

ChildrenBuilder ChildrenBuilder::count(const BuiltCount& rows, Place here) const {
  return with("count", rows, here);
}
ChildrenBuilder ChildrenBuilder::traits(const std::vector<std::string>& names, Place here) const {
  return with_names("traits", names, here);
}
ChildrenBuilder ChildrenBuilder::via(const std::string& column, Place here) const {
  return with("via", column, here);
}

TraitBuilder::TraitBuilder(Place here) : LayerBuilder{Draft{{}, here}} {}

FactoryBuilder::FactoryBuilder(std::string name, Place here)
    : LayerBuilder{Draft{std::move(name), here}} {}

FactoryBuilder FactoryBuilder::table(const std::string& name, Place here) const {
  return with("table", name, here);
}
FactoryBuilder FactoryBuilder::extends(const std::string& factory, Place here) const {
  return with("extends", factory, here);
}
FactoryBuilder FactoryBuilder::key(const std::string& name, Place here) const {
  return with("key", name, here);
}
FactoryBuilder FactoryBuilder::locale(const std::string& name, Place here) const {
  return with("locale", name, here);
}
FactoryBuilder FactoryBuilder::trait(const std::string& name, const TraitBuilder& trait,
                                     Place here) const {
  return changed([&](Draft& draft) { draft.define_trait(name, trait.draft(), here); });
}

RecordBuilder::RecordBuilder(std::string name, const std::string& factory, Place here)
    : DraftBuilder{Draft{std::move(name), here}.with("factory", factory, here)} {}

RecordBuilder RecordBuilder::traits(const std::vector<std::string>& names, Place here) const {
  return with_names("traits", names, here);
}
RecordBuilder RecordBuilder::set(std::string path, const BuiltLiteral& value, Place here) const {
  return with_entry("set", std::move(path), value, here);
}

PerBuilder::PerBuilder(const std::string& factory, const BuiltCount& count, Place here)
    : DraftBuilder{Draft{{}, here}.with("per", factory, here).with("count", count, here)} {}

PerBuilder PerBuilder::total(const BuiltCount& rows, Place here) const {
  return with("total", rows, here);
}
PerBuilder PerBuilder::via(const std::string& column, Place here) const {
  return with("via", column, here);
}

ScenarioBuilder::ScenarioBuilder(std::string name, Place here)
    : DraftBuilder{Draft{std::move(name), here, NodeKind::sequence}} {}

ScenarioBuilder ScenarioBuilder::rows(const std::string& factory, const BuiltCount& count,
                                      const std::vector<std::string>& traits, Place here) const {
  return changed([&](Draft& draft) { draft.append(entry_of(factory, count, traits, here)); });
}
ScenarioBuilder ScenarioBuilder::rows(const std::string& factory, const PerBuilder& per,
                                      const std::vector<std::string>& traits, Place here) const {
  return changed([&](Draft& draft) { draft.append(entry_of(factory, per.draft(), traits, here)); });
}
ScenarioBuilder ScenarioBuilder::record(const std::string& name, Place here) const {
  return changed([&](Draft& draft) { draft.append(name, here); });
}

}  // namespace seedbed
