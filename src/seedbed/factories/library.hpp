#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

struct Definitions;  // see definition.hpp
class LibraryPart;   // see builder.hpp

/// What a library holds besides the definitions of builders.
struct LibraryOptions {
  std::filesystem::path directory{};  ///< its files too; empty: none
  std::string locale{};               ///< of the project; empty: as the files say
};

/// The factories, records and scenarios of a project: immutable, checked in itself (names,
/// `extends`, traits, expressions), not yet against a schema. Movable; sessions and loads keep a
/// reference to it.
class FactoryLibrary {
 public:
  /// Without any factory. Tables are then filled from the schema alone.
  FactoryLibrary();
  ~FactoryLibrary();
  FactoryLibrary(FactoryLibrary&&) noexcept;
  FactoryLibrary& operator=(FactoryLibrary&&) noexcept;
  FactoryLibrary(const FactoryLibrary&) = delete;
  FactoryLibrary& operator=(const FactoryLibrary&) = delete;

  /// Reads every *.yaml, *.yml and *.json of `directory` and of the folders below, sorted by name,
  /// its schema file apart. A missing directory is not_found. Throws Error with every finding of
  /// all files.
  [[nodiscard]] static FactoryLibrary load(const std::filesystem::path& directory);
  /// One document; `file` names it in messages.
  [[nodiscard]] static FactoryLibrary parse(std::string_view text,
                                            const std::filesystem::path& file = "factories.yaml");

  /// The definitions of builders, and those of a directory's files. Throws Error with every finding
  /// of all of them, those of builders at their lines of C++.
  [[nodiscard]] static FactoryLibrary of(const std::vector<LibraryPart>& parts,
                                         const LibraryOptions& options = {});

  /// All definitions as one factory file, which reads as the same definitions. Throws unsupported
  /// for what no file can hold: hooks that are functions.
  [[nodiscard]] std::string to_yaml() const;

  /// What does not fit the schema: tables, columns, relations and parameters that do not exist,
  /// names with two meanings, columns that depend on each other in a circle. Empty when all is
  /// well.
  [[nodiscard]] Diagnostics check(const Schema& schema) const;

  /// Everything that is wrong with one document, of its YAML, of the language and against the
  /// schema, by place and in one go; what only follows from another mistake is left out.
  [[nodiscard]] static Diagnostics mistakes_in(
      std::string_view text, const Schema& schema,
      const std::filesystem::path& file = "factories.yaml");
  /// The same for all files that `load` reads. Throws not_found as it does.
  [[nodiscard]] static Diagnostics mistakes_in_files(const std::filesystem::path& directory,
                                                     const Schema& schema);

  /// Sorted.
  [[nodiscard]] std::vector<std::string> factory_names() const;
  [[nodiscard]] std::vector<std::string> scenario_names() const;
  [[nodiscard]] std::vector<std::string> record_names() const;
  /// The traits that can be asked of a factory, its parents' included, those of enum values left
  /// out; sorted. Throws not_found, with the nearest name.
  [[nodiscard]] std::vector<std::string> trait_names(std::string_view factory) const;
  /// The table that a factory fills. Throws not_found (factory or table), with the nearest name.
  [[nodiscard]] const Table& table_of(std::string_view factory, const Schema& schema) const;

  [[nodiscard]] const Definitions& definitions() const noexcept { return *definitions_; }

 private:
  static FactoryLibrary checked(std::unique_ptr<const Definitions> definitions,
                                Diagnostics findings);
  explicit FactoryLibrary(std::unique_ptr<const Definitions> definitions);

  std::unique_ptr<const Definitions> definitions_;
};

}  // namespace seedbed
