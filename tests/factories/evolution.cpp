#include "tests/factories/evolution.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/library.hpp"
#include "tests/factories/shop_project.hpp"

namespace seedbed::testing {

namespace {

Column made_column(const std::string& name, std::uint64_t kind, bool nullable) {
  Column column;
  column.name = name;
  column.nullable = nullable;
  constexpr std::array kClasses{TypeClass::text, TypeClass::integer, TypeClass::decimal,
                                TypeClass::timestamp, TypeClass::boolean};
  column.type.type_class = kClasses.at(kind % kClasses.size());
  column.type.declared = to_string(column.type.type_class);
  if (column.type.type_class == TypeClass::text) column.type.length = 60;
  return column;
}

Node text_node(const std::string& text) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = text;
  node.quoted = true;
  return node;
}

}  // namespace

Evolution::Evolution(std::uint64_t number)
    : dice_{cell_key(7, "evolution"), number},
      document_{parse_document(shop_factories(), "shop.yaml")},
      tables_{shop_schema().tables().begin(), shop_schema().tables().end()} {}

std::string Evolution::factories() const {
  return json_text(document_);
}

void Evolution::edit() {
  using Edit = void (Evolution::*)();
  constexpr std::array<Edit, 14> kEdits{
      &Evolution::add_column,        &Evolution::reorder_columns,  &Evolution::add_table,
      &Evolution::add_key,           &Evolution::reorder_tables,   &Evolution::add_factory,
      &Evolution::reorder_factories, &Evolution::reorder_settings, &Evolution::add_trait,
      &Evolution::add_param,         &Evolution::add_has,          &Evolution::add_scenario,
      &Evolution::add_record,        &Evolution::state_new_column};
  (this->*kEdits.at(below(kEdits.size())))();
}

template <typename Items>
void Evolution::shuffle(Items& items) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
}

std::string Evolution::fresh(const std::string& prefix) {
  // Names before and after all that is there, so that no order of names hides a change.
  return fmt::format("{}{}_{}", below(2) == 0 ? "a" : "z", ++names_, prefix);
}

Node& Evolution::section(const std::string& name) {
  for (auto& [key, value] : document_.entries) {
    if (key.text == name) return value;
  }
  throw Error{ErrorCode::internal, name};
}

std::pair<Node, Node>& Evolution::some_factory() {
  auto& factories = section("factories").entries;
  return factories[below(factories.size())];
}

Table& Evolution::some_table() {
  return tables_[below(tables_.size())];
}

void Evolution::insert(Node& mapping, const std::string& key, const std::string& yaml) {
  auto value = parse_document(yaml, "edit");
  const auto at = static_cast<std::ptrdiff_t>(below(mapping.entries.size() + 1));
  mapping.entries.insert(mapping.entries.begin() + at, {text_node(key), std::move(value)});
}

Node& Evolution::part(Node& mapping, const std::string& key) {
  for (auto& [name, value] : mapping.entries) {
    if (name.text == key) return value;
  }
  Node empty;
  empty.kind = NodeKind::mapping;
  mapping.entries.emplace_back(text_node(key), std::move(empty));
  return mapping.entries.back().second;
}

void Evolution::add_column() {
  auto& table = some_table();
  const auto name = fresh("extra");
  auto column = made_column(name, below(5), below(2) == 0);
  const auto at = static_cast<std::ptrdiff_t>(below(table.columns.size() + 1));
  table.columns.insert(table.columns.begin() + at, std::move(column));
  new_columns_.emplace_back(table.name.name, name);
  tell("column " + table.name.name + "." + name);
}

void Evolution::reorder_columns() {
  auto& table = some_table();
  shuffle(table.columns);
  shuffle(table.foreign_keys);
  shuffle(table.unique_keys);
  shuffle(table.checks);
  tell("reorder columns of " + table.name.name);
}

void Evolution::add_table() {
  Table table;
  table.name.name = fresh("things");
  table.columns = {made_column("id", 1, false), made_column("name", 0, false)};
  table.columns[0].identity = Identity::by_default;
  table.primary_key = {"id"};
  const auto& parent = some_table();
  if (parent.find_column("id") != nullptr) {
    table.columns.push_back(made_column("parent_thing_id", 1, below(2) == 0));
    table.foreign_keys.push_back({"", {"parent_thing_id"}, parent.name, {"id"}});
  }
  tell("table " + table.name.name);
  tables_.push_back(std::move(table));
}

void Evolution::add_key() {
  auto& table = some_table();
  const auto parent = some_table().name;
  const bool nullable = below(2) == 0;
  // A NOT NULL key round in a circle is an error, not a change.
  const bool top = parent.name == "users" && table.name.name != "users";
  if (!nullable && !top) return;
  const auto name = fresh("owner") + "_id";
  table.columns.push_back(made_column(name, 1, nullable));
  table.foreign_keys.push_back({"", {name}, parent, {"id"}});
  adds_rows_ = adds_rows_ || !nullable;
  tell("key " + table.name.name + "." + name);
}

void Evolution::reorder_tables() {
  shuffle(tables_);
  tell("reorder tables");
}

void Evolution::add_factory() {
  auto& factories = section("factories");
  if (below(2) == 0) {
    const auto table = some_table().name.name;
    insert(factories, fresh("factory"), fmt::format("{{ table: {} }}", table));
    tell("factory of " + table);
  } else {
    const auto base = some_factory().first.text;
    insert(factories, fresh("factory"), fmt::format("{{ extends: {} }}", base));
    tell("factory extends " + base);
  }
}

void Evolution::reorder_factories() {
  shuffle(section("factories").entries);
  shuffle(document_.entries);
  tell("reorder factories");
}

void Evolution::reorder_settings() {
  auto& [name, factory] = some_factory();
  for (auto& [key, value] : factory.entries) {
    // The order of rows below is the order in which they are numbered.
    if (value.kind == NodeKind::mapping && key.text != "has") shuffle(value.entries);
  }
  shuffle(factory.entries);
  tell("reorder settings of " + name.text);
}

void Evolution::add_trait() {
  auto& [name, factory] = some_factory();
  const auto* traits = factory.find("traits");
  if (traits != nullptr && traits->kind != NodeKind::mapping) return;
  insert(part(factory, "traits"), fresh("trait"), "{ params: {} }");
  tell("trait of " + name.text);
}

void Evolution::add_param() {
  auto& [name, factory] = some_factory();
  insert(part(factory, "params"), fresh("param"), below(2) == 0 ? "false" : "\"=1 .. 9\"");
  tell("param of " + name.text);
}

void Evolution::add_has() {
  constexpr std::array<std::pair<const char*, const char*>, 4> kChildren{
      {{"user", "audit_entry"}, {"user", "cart"}, {"category", "product"}, {"order", "payment"}}};
  const auto& [parent, child] = kChildren.at(below(kChildren.size()));
  for (auto& [name, factory] : section("factories").entries) {
    if (name.text != parent) continue;
    insert(part(factory, "has"), fresh("rows"), fmt::format("{{ factory: {}, count: 1 }}", child));
  }
  adds_rows_ = true;
  tell(fmt::format("{} has {}", parent, child));
}

void Evolution::add_scenario() {
  const auto factory = some_factory().first.text;
  insert(section("scenarios"), fresh("scenario"), fmt::format("[ {{ {}: 5 }} ]", factory));
  tell("scenario");
}

void Evolution::add_record() {
  insert(section("records"), fresh("record"), "{ factory: user, set: { name: New } }");
  tell("record");
}

void Evolution::state_new_column() {
  if (new_columns_.empty()) return add_column();
  const auto& [table, column] = new_columns_[below(new_columns_.size())];
  for (auto& [name, factory] : section("factories").entries) {
    const auto library = FactoryLibrary::parse(factories());
    if (library.table_of(name.text, schema()).name.name != table) continue;
    auto& set = part(factory, "set");
    if (set.find(column) == nullptr) insert(set, column, "\"=now - 1d\"");
  }
  const auto type = schema().at(table).column(column).type.type_class;
  if (type != TypeClass::timestamp) {
    for (auto& changed : tables_) {
      if (changed.name.name != table) continue;
      changed.columns[changed.column_index(column)] = made_column(column, 3, false);
    }
  }
  tell("set " + table + "." + column);
}

}  // namespace seedbed::testing
