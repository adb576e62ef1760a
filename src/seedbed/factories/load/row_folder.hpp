#pragma once

#include <filesystem>
#include <string>

namespace seedbed::detail {

/// The files of one run, in a hidden folder of the directory that they are for, ".seedbed-part-*",
/// until all of them are whole. As long as there is such a folder, what else the directory holds
/// may be part of a set: when the run was killed, the next one puts that right.
class RowFolder {
 public:
  /// Removes what dead runs left in the directory, and nothing of living ones. Throws unavailable.
  explicit RowFolder(std::filesystem::path directory);
  /// Removes everything, unless it was published.
  ~RowFolder();
  RowFolder(const RowFolder&) = delete;
  RowFolder& operator=(const RowFolder&) = delete;

  /// Where to write the file of that name. Throws conflict when the directory has one.
  [[nodiscard]] std::filesystem::path place_for(const std::string& name) const;
  /// Lets all files appear in the directory. Throws conflict, leaving none, when one is there by
  /// now, and unavailable.
  void publish();

 private:
  std::filesystem::path directory_;
  std::filesystem::path folder_{};
  int lock_ = -1;  // of the folder: tells the living
};

}  // namespace seedbed::detail
