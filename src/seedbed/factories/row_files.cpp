#include "seedbed/factories/row_files.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/factories/load/disk_room.hpp"
#include "seedbed/factories/load/load_estimate.hpp"
#include "seedbed/factories/load/row_file.hpp"
#include "seedbed/factories/load/row_folder.hpp"
#include "seedbed/factories/load/row_text.hpp"
#include "seedbed/factories/load/written_rows.hpp"

namespace seedbed {

namespace {

const std::array<std::string, 4> kFormats{"csv", "jsonl", "sql", "copy"};

/// The name of a file that nothing but letters, digits and a few signs stand in.
std::string file_name(const TableName& table) {
  std::string name;
  for (const char c : table.to_string()) {
    const bool odd = c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' ';
    if (odd) {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      name += c;
    }
  }
  return name.starts_with('.') ? "%2E" + name.substr(1) : name;
}

/// The outputs of all tables: each opened with the first row for it.
class Outputs {
  struct Part {
    std::unique_ptr<detail::RowText> text;
    std::unique_ptr<detail::RowFile> file;  // none in a stream
  };
  using Key = std::pair<TableName, std::vector<std::string>>;  // a table and its columns

 public:
  Outputs(const Engine& engine, const RowOutput& output) : engine_{engine}, output_{output} {
    if (!output.stream) folder_.emplace(output.directory);
  }

  /// Throws invalid_input when the rows do not fit in one stream.
  void require_room(const detail::LoadPlan& plan, const LoadPart& part) const {
    if (!output_.stream || output_.format == RowFormat::sql) return;
    std::optional<Key> first;
    for (const auto& entry : plan.entries) {
      for (const auto& group : entry.groups) {
        if (!detail::has_table(part, *group.table)) continue;
        const Key key{group.table->name, detail::loaded_names(group)};
        if (first.value_or(key) != key) refuse_stream(*first, key.first);
        first = key;
      }
    }
  }

  void write(const BulkTarget& target, const BatchSource& next) {
    auto& part = part_of(target);
    ColumnBatch batch;
    while (batch.reset(target.columns.size()), next(batch)) {
      text_.clear();
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        part.text->append(text_, batch, row);
      }
      put(part);
    }
    // Statements of a stream with several tables end where the next table's may begin.
    if (output_.stream) end(part);
  }

  void finish() {
    for (auto& [key, part] : parts_) {
      if (!output_.stream) end(part);
      if (part.file) part.file->close();
    }
    if (folder_) folder_->publish();
  }

 private:
  [[noreturn]] void refuse_stream(const Key& first, const TableName& other) const {
    const auto& format = kFormats.at(static_cast<std::size_t>(output_.format));
    const auto name = first.first.to_string();
    throw Error{ErrorCode::invalid_input,
                first.first == other
                    ? fmt::format("the rows of table '{}' do not all carry the same columns, which "
                                  "{} in one stream cannot say; write to a directory",
                                  name, format)
                    : fmt::format("there are rows of '{}' and '{}', and {} in one stream has room "
                                  "for one table; write to a directory, or name it by --tables",
                                  name, other.to_string(), format)};
  }

  Part& part_of(const BulkTarget& target) {
    const Key key{target.table.name, target.columns};
    const auto known = parts_.find(key);
    if (known != parts_.end()) return known->second;
    Part part;
    if (!output_.stream) {
      part.file = std::make_unique<detail::RowFile>(folder_->place_for(name_of(target.table.name)),
                                                    output_.zstd);
    }
    part.text = detail::row_text(output_.format, engine_, target);
    auto& kept = parts_.emplace(key, std::move(part)).first->second;
    text_.clear();
    kept.text->begin(text_);
    put(kept);
    return kept;
  }

  [[nodiscard]] std::string name_of(const TableName& table) {
    const auto number = ++files_[table];
    return fmt::format("{}{}.{}{}", file_name(table), number == 1 ? "" : fmt::format(".{}", number),
                       kFormats.at(static_cast<std::size_t>(output_.format)),
                       output_.zstd ? ".zst" : "");
  }

  void put(Part& part) {
    if (part.file) {
      part.file->write(text_);
    } else {
      output_.stream(text_);
    }
  }

  void end(Part& part) {
    text_.clear();
    part.text->end(text_);
    put(part);
  }

  const Engine& engine_;
  const RowOutput& output_;
  std::optional<detail::RowFolder> folder_;  // of files
  std::map<Key, Part> parts_;
  std::map<TableName, int> files_;
  std::string text_;
};

// Measured: a frame of a megabyte is that much smaller than those of a few rows.
constexpr double kLongerFrames = 0.85;

/// What sampled rows take in a file.
detail::RowBytes file_bytes(const FileTarget& target, const RowOutput& output,
                            const detail::SampledRows& sample) {
  std::vector<std::string> names;
  for (const auto column : sample.columns) names.push_back(sample.table.columns[column].name);
  const auto writer =
      detail::row_text(output.format, target.engine, {sample.table, std::move(names)});
  std::string text;
  for (std::size_t row = 0; row < sample.rows.row_count(); ++row) {
    writer->append(text, sample.rows, row);
  }
  auto bytes = static_cast<double>(text.size());
  if (output.zstd) bytes = static_cast<double>(detail::compress(text).size()) * kLongerFrames;
  return {bytes / static_cast<double>(sample.rows.row_count()), 0};
}

LoadPreview judge(const FileTarget& target, const LoadRequest& request,
                  const detail::LoadPlan& plan, const RowOutput& output) {
  const auto sizer = [&](const detail::SampledRows& sample) {
    return file_bytes(target, output, sample);
  };
  auto preview = detail::estimate(
      {plan, request.part, target.options.now_micros, detail::OrderingKeys::none, sizer});
  preview.method = kFormats.at(static_cast<std::size_t>(output.format));
  if (!output.stream) preview.room = detail::room_in(output.directory);
  return preview;
}

}  // namespace

RowFormat parse_row_format(std::string_view name) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats.at(i) == name) return static_cast<RowFormat>(i);
  }
  throw Error{ErrorCode::invalid_input,
              fmt::format("'{}' is not one of {}{}", name, join(kFormats, ", "),
                          did_you_mean(name, kFormats))};
}

LoadPreview plan_rows(const FileTarget& target, const LoadRequest& request,
                      const RowOutput& output) {
  detail::RecipeBook book{target.library.definitions(), target.schema, target.options.seed};
  detail::LoadPlanner planner{target.library, request};
  detail::PartNumbers numbers{request.part.base.value_or(0)};
  const auto plan = plan_part(book, planner, numbers, request.part, target.options.now_micros);
  return judge(target, request, plan, output);
}

std::vector<LoadedTable> write_rows(const FileTarget& target, const LoadRequest& request,
                                    const RowOutput& output, Progress& progress) {
  detail::RecipeBook book{target.library.definitions(), target.schema, target.options.seed};
  detail::LoadPlanner planner{target.library, request};
  detail::PartNumbers numbers{request.part.base.value_or(0)};
  const auto plan = plan_part(book, planner, numbers, request.part, target.options.now_micros);
  if (is_worth_judging(plan, request.part)) require_room(judge(target, request, plan, output));
  if (!output.stream) make_directories(output.directory);
  Outputs outputs{target.engine, output};
  const detail::CertifiedLoad certified{request, plan};
  detail::BulkWriter writer{
      {[&](const BulkTarget& table, const BatchSource& rows) { outputs.write(table, rows); },
       nullptr, request.part, certified.columns(), target.options.now_micros},
      progress};
  writer.require_hooks(plan);
  outputs.require_room(plan, request.part);
  for (const auto& entry : plan.entries) writer.write(entry);
  progress.check();
  outputs.finish();
  return certified.tables(writer);
}

}  // namespace seedbed
