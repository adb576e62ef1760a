#include "seedbed/factories/library.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/builder.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/definition_writer.hpp"
#include "seedbed/factories/document.hpp"
#include "seedbed/factories/document_writer.hpp"
#include "seedbed/factories/layers.hpp"
#include "seedbed/factories/model.hpp"
#include "seedbed/factories/names.hpp"
#include "seedbed/factories/recipe.hpp"
#include "seedbed/factories/record_graph.hpp"
#include "seedbed/factories/relations.hpp"
#include "seedbed/factories/schema_file.hpp"
#include "seedbed/factories/stale_labels.hpp"

namespace seedbed {

namespace {

void collect(const Error& error, Diagnostics& findings) {
  if (error.findings().empty()) {
    findings.push_back({error.code(), error.what(), {}});
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

std::vector<std::filesystem::path> factory_files(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::directory_iterator entries{directory, error};
  if (error) {
    throw Error{ErrorCode::not_found, fmt::format("cannot read the directory '{}' of factories: {}",
                                                  directory.string(), error.message())};
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : entries) {
    const auto extension = entry.path().extension();
    const bool factory = extension == ".yaml" || extension == ".yml" || extension == ".json";
    const bool schema = entry.path().filename() == kSchemaFile;
    if (factory && !schema && entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void read(std::string_view text, const std::filesystem::path& file, Definitions& definitions,
          Diagnostics& findings) {
  try {
    read_definitions(parse_document(text, file), definitions, findings);
  } catch (const Error& error) {
    collect(error, findings);
  }
}

void read_directory(const std::filesystem::path& directory, Definitions& definitions,
                    Diagnostics& findings) {
  for (const auto& file : factory_files(directory)) {
    read(read_file(file, kMaximumDocumentBytes), file, definitions, findings);
  }
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
      : definitions_{definitions}, book_{definitions, schema, 0} {}

  Diagnostics check() {
    for (const auto& [name, factory] : definitions_.factories) {
      check_recipe(name, {});
      for (const auto& trait : detail::trait_names(detail::chain_of(definitions_, factory))) {
        check_recipe(name, {.traits = {trait}});
      }
    }
    for (const auto& [name, record] : definitions_.records) {
      check_recipe(record.factory, record.arguments);
    }
    for (const auto& [name, scenario] : definitions_.scenarios) {
      for (const auto& entry : scenario.entries) {
        CallArguments arguments;
        for (const auto& trait : entry.traits) arguments.traits.push_back(trait.name);
        if (entry.record.empty()) check_recipe(entry.factory, arguments);
      }
    }
    return std::move(findings_);
  }

 private:
  void check_recipe(const std::string& factory, const CallArguments& arguments) {
    try {
      const auto recipe = book_.recipe({factory, arguments, {}},
                                       [this](const std::string& name) { return stand_in(name); });
      Diagnostics stale;
      detail::find_stale_labels(*recipe, stale);
      throw_if_any(std::move(stale));
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

}  // namespace

FactoryLibrary::FactoryLibrary() : definitions_{std::make_unique<const Definitions>()} {}
FactoryLibrary::FactoryLibrary(std::unique_ptr<const Definitions> definitions)
    : definitions_{std::move(definitions)} {}
FactoryLibrary::~FactoryLibrary() = default;
FactoryLibrary::FactoryLibrary(FactoryLibrary&&) noexcept = default;
FactoryLibrary& FactoryLibrary::operator=(FactoryLibrary&&) noexcept = default;

FactoryLibrary FactoryLibrary::checked(std::unique_ptr<const Definitions> definitions,
                                       Diagnostics findings) {
  throw_if_any(std::move(findings));
  throw_if_any(detail::check_definitions(*definitions));
  return FactoryLibrary{std::move(definitions)};
}

FactoryLibrary FactoryLibrary::load(const std::filesystem::path& directory) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  read_directory(directory, *definitions, findings);
  return checked(std::move(definitions), std::move(findings));
}

FactoryLibrary FactoryLibrary::parse(std::string_view text, const std::filesystem::path& file) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  read(text, file, *definitions, findings);
  return checked(std::move(definitions), std::move(findings));
}

FactoryLibrary FactoryLibrary::of(const std::vector<LibraryPart>& parts,
                                  const LibraryOptions& options) {
  auto definitions = std::make_unique<Definitions>();
  Diagnostics findings;
  if (!options.directory.empty()) read_directory(options.directory, *definitions, findings);
  if (!options.locale.empty())
    read_definitions(locale_document(options.locale), *definitions, findings);
  for (const auto& part : parts) part.read_into(*definitions, findings);
  return checked(std::move(definitions), std::move(findings));
}

std::string FactoryLibrary::to_yaml() const {
  return detail::write_document(detail::write_definitions(*definitions_));
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
