#include "seedbed/cleanup/cleaned_schema.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

Names kept_tables(const Schema& schema, std::span<const std::string> keep) {
  Names kept;
  Diagnostics findings;
  for (const auto& name : keep) {
    if (const Table* const table = schema.find(std::string_view{name})) {
      kept.insert(table->name);
      continue;
    }
    findings.push_back({ErrorCode::not_found,
                        fmt::format("there is no table '{}' to keep{}", name,
                                    did_you_mean(name, schema.table_names())),
                        {}});
  }
  throw_if_any(std::move(findings));
  return kept;
}

void refuse_kept_children(const Schema& schema, const Names& kept) {
  Diagnostics findings;
  for (const auto& name : kept) {
    for (const auto& key : schema.at(name).foreign_keys) {
      if (kept.contains(key.parent) || schema.find(key.parent) == nullptr) continue;
      findings.push_back(
          {ErrorCode::conflict,
           fmt::format("table '{}' is kept, but refers to '{}' by ({}), which would be emptied: "
                       "keep both or "
                       "neither",
                       name.to_string(), key.parent.to_string(), join(key.columns, ", ")),
           {}});
    }
  }
  throw_if_any(std::move(findings));
}

}  // namespace

Schema restricted(const Schema& schema, const Names& names) {
  std::vector<Table> tables;
  std::vector<Sequence> sequences;
  for (const auto& table : schema.tables()) {
    if (names.contains(table.name)) tables.push_back(table);
  }
  for (const auto& sequence : schema.sequences()) {
    if (sequence.owner && names.contains(*sequence.owner)) sequences.push_back(sequence);
  }
  return Schema{std::move(tables), {}, std::move(sequences)};
}

Schema cleaned_schema(const Schema& schema, std::span<const std::string> keep) {
  const Names kept = kept_tables(schema, keep);
  refuse_kept_children(schema, kept);
  Names names;
  for (const auto& table : schema.tables()) {
    if (!kept.contains(table.name)) names.insert(table.name);
  }
  return restricted(schema, names);
}

}  // namespace seedbed::detail
