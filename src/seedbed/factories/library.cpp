#include "seedbed/factories/library.hpp"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/builder.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/definition_writer.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/files/document_writer.hpp"
#include "seedbed/factories/files/schema_file.hpp"
#include "seedbed/factories/insight/stale_labels.hpp"
#include "seedbed/factories/names.hpp"
#include "seedbed/factories/recipes/layers.hpp"
#include "seedbed/factories/recipes/model.hpp"
#include "seedbed/factories/recipes/recipe.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/record_graph.hpp"

namespace seedbed {

namespace {

void collect(const Error& error, Diagnostics& findings) {
  if (error.findings().empty()) {
    const auto& where = error.details().where;
    std::string message = error.what();
    // The place is the finding's own; the error repeats it in front.
    if (const auto place = where.to_string() + ": "; where.known() && message.starts_with(place)) {
      message.erase(0, place.size());
    }
    findings.push_back({error.code(), std::move(message), where});
    return;
  }
  for (const auto& finding : error.findings()) {
    const auto same = [&](const Diagnostic& other) {
      return other.message == finding.message && other.where == finding.where;
    };
    // The traits of a factory repeat what is wrong in the factory itself.
    if (std::none_of(findings.begin(), findings.end(), same)) findings.push_back(finding);
  }
}

bool is_factory_file(const std::filesystem::path& path) {
  const auto extension = path.extension();
  const bool named = extension == ".yaml" || extension == ".yml" || extension == ".json";
  return named && !path.filename().string().starts_with('.') && path.filename() != kSchemaFile;
}

/// Of all folders below too; a link that leads nowhere is among them, so that it is missed.
std::vector<std::filesystem::path> factory_files(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::recursive_directory_iterator entry{directory, error};
  for (; !error && entry != std::filesystem::end(entry); entry.increment(error)) {
    std::error_code unknown;
    const bool folder = entry->is_directory(unknown);
    if (folder && entry->path().filename().string().starts_with('.')) {
      entry.disable_recursion_pending();
    }
    if (!folder && is_factory_file(entry->path())) files.push_back(entry->path());
  }
  if (error) {
    throw Error{ErrorCode::not_found, fmt::format("cannot read the directory '{}' of factories: {}",
                                                  directory.string(), error.message())};
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Adds what does not stand on a line that is broken already.
void add_unless_broken(Diagnostics more, const Diagnostics& broken, Diagnostics& findings) {
  for (auto& finding : more) {
    const bool follows = std::any_of(broken.begin(), broken.end(), [&](const auto& other) {
      return other.where.line == finding.where.line && other.where.file == finding.where.file;
    });
    if (!follows) findings.push_back(std::move(finding));
  }
}

// What follows from a line that is wrong is left out. False where a part of the file was not read.
bool read(std::string_view text, const std::filesystem::path& file, Definitions& definitions,
          Diagnostics& findings) {
  try {
    const auto document = detail::read_document(text, file);
    Diagnostics more;
    if (document.whole) read_definitions(document.root, definitions, more);
    findings.insert(findings.end(), document.findings.begin(), document.findings.end());
    add_unless_broken(std::move(more), document.findings, findings);
    return document.whole;
  } catch (const Error& error) {
    collect(error, findings);
    return false;
  }
}

/// By place, each place once: what is said first of it stays.
Diagnostics sorted(Diagnostics findings) {
  Diagnostics kept;
  for (auto& finding : findings) {
    const auto same = [&](const Diagnostic& other) {
      return other.where == finding.where &&
             (finding.where.line > 0 || other.message == finding.message);
    };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(finding));
  }
  std::stable_sort(kept.begin(), kept.end(), [](const auto& left, const auto& right) {
    return std::tie(left.where.file, left.where.line, left.where.column) <
           std::tie(right.where.file, right.where.line, right.where.column);
  });
  return kept;
}

/// False where a part of a file was not read.
bool read_directory(const std::filesystem::path& directory, Definitions& definitions,
                    Diagnostics& findings) {
  bool whole = true;
  for (const auto& file : factory_files(directory)) {
    const auto text = read_file(file, kMaximumDocumentBytes);
    whole = read(text, file, definitions, findings) && whole;
  }
  return whole;
}

Node locale_document(const std::string& locale) {
  Node value;
  value.kind = NodeKind::scalar;
  value.text = locale;
  Node document;
  document.kind = NodeKind::mapping;
  document.entries.emplace_back(value, value);
  document.entries.back().first.text = "locale";
  return document;
}

/// Binds everything of a library to a schema and keeps what goes wrong.
class LibraryChecker {
 public:
  LibraryChecker(const Definitions& definitions, const Schema& schema)
      : definitions_{definitions}, book_{definitions, schema, 0} {
    book_.collect_into(findings_);
  }

  Diagnostics check() {
    for (const auto& [name, factory] : definitions_.factories) {
      check_recipe(name, {}, factory.where);
      check_rows_around(factory, factory.own);
      for (const auto& trait : detail::trait_names(detail::chain_of(definitions_, factory))) {
        check_recipe(name, {.traits = {trait}}, factory.where);
      }
      for (const auto& [trait, defined] : factory.traits) check_rows_around(factory, defined.layer);
    }
    for (const auto& [name, record] : definitions_.records) {
      check_recipe(record.factory, record.arguments, record.where);
    }
    for (const auto& [name, scenario] : definitions_.scenarios) {
      for (const auto& entry : scenario.entries) check_entry(entry);
    }
    return sorted(std::move(findings_));
  }

 private:
  void check_recipe(const std::string& factory, const CallArguments& arguments,
                    const SourceSpot& where) {
    if (!definitions_.factories.contains(factory)) return;
    const auto before = findings_.size();
    try {
      const auto recipe = book_.recipe({factory, arguments, {}},
                                       [this](const std::string& name) { return stand_in(name); });
      detail::find_stale_labels(*recipe, findings_);
      detail::find_misfits(*recipe, findings_);
      check_counts(*recipe);
    } catch (const Error& error) {
      collect(error, findings_);
    }
    for (auto i = before; i < findings_.size(); ++i) {
      if (!findings_[i].where.known()) findings_[i].where = where;
    }
  }

  void check_counts(const detail::Recipe& recipe) {
    for (const auto& children : recipe.children) {
      if (children.count && children.count_node != nullptr) {
        check_count(*children.count, children.count_node->where);
      }
    }
  }

  /// The traits that a layer asks of rows above and below.
  void check_rows_around(const FactoryDefinition& factory, const Layer& layer) {
    try {
      const auto& model = book_.models().at(factory.name);
      for (const auto& ref : layer.refs) {
        const auto* relation = model.relation(ref.name);
        if (relation != nullptr && ref.traits)
          check_traits(relation->factory, *ref.traits, ref.where);
      }
      for (const auto& has : layer.has) {
        const auto* children = model.find_children(has.name);
        if (children != nullptr && has.traits)
          check_traits(children->factory, *has.traits, has.where);
      }
    } catch (const Error& error) {
      collect(error, findings_);
    }
  }

  void check_traits(const std::string& factory, const std::vector<std::string>& traits,
                    const SourceSpot& where) {
    for (const auto& trait : traits) check_recipe(factory, {.traits = {trait}}, where);
  }

  void check_count(const Expression& count, const SourceSpot& where) {
    const auto type = count.type();
    const bool fits = type == ExpressionType::integer || type == ExpressionType::decimal ||
                      type == ExpressionType::real || type == ExpressionType::any;
    if (fits) return;
    findings_.push_back({ErrorCode::invalid_input,
                         fmt::format("a count is a number of rows, not {}", to_string(type)),
                         where});
  }

  void check_entry(const ScenarioEntry& entry) {
    if (!entry.record.empty()) return;
    for (const auto& use : entry.traits)
      check_recipe(entry.factory, {.traits = {use.name}}, use.where);
    if (!entry.per_count || !definitions_.factories.contains(entry.per)) return;
    try {
      const auto& model = book_.models().at(entry.per);
      const auto count = book_.compile_count(*entry.per_count, model, findings_);
      if (count) check_count(*count, entry.per_count->where);
    } catch (const Error& error) {
      collect(error, findings_);
    }
  }

  /// A record without values: enough to see whether it may stand where it is named.
  Record stand_in(const std::string& name) {
    const auto found = definitions_.records.find(name);
    if (found == definitions_.records.end()) {
      throw Error{ErrorCode::not_found,
                  fmt::format("there is no record '{}'{}", name,
                              did_you_mean(name, detail::keys_of(definitions_.records)))};
    }
    auto graph = std::make_shared<RecordGraph>();
    auto& node = graph->nodes.emplace_back();
    node.factory = found->second.factory;
    node.table = std::make_shared<const Table>(*book_.models().at(node.factory).table);
    node.values.resize(node.table->columns.size());
    return {std::move(graph), 0};
  }

  const Definitions& definitions_;
  detail::RecipeBook book_;
  Diagnostics findings_;
};

/// What only follows from the findings so far is left out.
void add_mistakes(const Definitions& definitions, const Schema& schema, Diagnostics& findings) {
  const auto broken = findings;
  add_unless_broken(detail::check_definitions(definitions), broken, findings);
  add_unless_broken(LibraryChecker{definitions, schema}.check(), broken, findings);
}

}  // namespace

FactoryLibrary::FactoryLibrary() : definitions_{std::make_unique<const Definitions>()} {}
FactoryLibrary::FactoryLibrary(std::unique_ptr<const Definitions> definitions)
    : definitions_{std::move(definitions)} {}
FactoryLibrary::~FactoryLibrary() = default;
FactoryLibrary::FactoryLibrary(FactoryLibrary&&) noexcept = default;
FactoryLibrary& FactoryLibrary::operator=(FactoryLibrary&&) noexcept = default;

FactoryLibrary FactoryLibrary::checked(std::unique_ptr<const Definitions> definitions,
                                       Diagnostics findings) {
  throw_if_any(sorted(std::move(findings)));
  throw_if_any(sorted(detail::check_definitions(*definitions)));
  return FactoryLibrary{std::move(definitions)};
}

FactoryLibrary FactoryLibrary::load(const std::filesystem::path& directory) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  static_cast<void>(read_directory(directory, *definitions, findings));
  return checked(std::move(definitions), std::move(findings));
}

FactoryLibrary FactoryLibrary::parse(std::string_view text, const std::filesystem::path& file) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  static_cast<void>(read(text, file, *definitions, findings));
  return checked(std::move(definitions), std::move(findings));
}

FactoryLibrary FactoryLibrary::of(const std::vector<LibraryPart>& parts,
                                  const LibraryOptions& options) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  if (!options.directory.empty()) {
    static_cast<void>(read_directory(options.directory, *definitions, findings));
  }
  if (!options.locale.empty())
    read_definitions(locale_document(options.locale), *definitions, findings);
  for (const auto& part : parts) part.read_into(*definitions, findings);
  return checked(std::move(definitions), std::move(findings));
}

std::string FactoryLibrary::to_yaml() const {
  return detail::write_document(detail::write_definitions(*definitions_));
}

Diagnostics FactoryLibrary::mistakes_in(std::string_view text, const Schema& schema,
                                        const std::filesystem::path& file) {
  Definitions definitions;
  Diagnostics findings;
  const bool whole = read(text, file, definitions, findings);
  if (whole) add_mistakes(definitions, schema, findings);
  return sorted(std::move(findings));
}

Diagnostics FactoryLibrary::mistakes_in_files(const std::filesystem::path& directory,
                                              const Schema& schema) {
  Definitions definitions;
  Diagnostics findings;
  const bool whole = read_directory(directory, definitions, findings);
  if (whole) add_mistakes(definitions, schema, findings);
  return sorted(std::move(findings));
}

Diagnostics FactoryLibrary::check(const Schema& schema) const {
  return LibraryChecker{*definitions_, schema}.check();
}

std::vector<std::string> FactoryLibrary::factory_names() const {
  return detail::keys_of(definitions_->factories);
}
std::vector<std::string> FactoryLibrary::scenario_names() const {
  return detail::keys_of(definitions_->scenarios);
}
std::vector<std::string> FactoryLibrary::record_names() const {
  return detail::keys_of(definitions_->records);
}

std::vector<std::string> FactoryLibrary::trait_names(std::string_view factory) const {
  const auto found = definitions_->factories.find(factory);
  if (found == definitions_->factories.end()) {
    throw Error{ErrorCode::not_found, fmt::format("there is no factory '{}'{}", factory,
                                                  did_you_mean(factory, factory_names()))};
  }
  return detail::trait_names(detail::chain_of(*definitions_, found->second));
}

const Table& FactoryLibrary::table_of(std::string_view factory, const Schema& schema) const {
  return *detail::ModelBook{*definitions_, schema}.at(factory).table;
}

}  // namespace seedbed
