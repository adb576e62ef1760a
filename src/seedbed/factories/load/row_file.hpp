#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace seedbed::detail {

/// A file that is there whole or not at all: its bytes stand beside it until `finish`.
class RowFile {
 public:
  /// Throws conflict when `path` exists, unavailable with the system's reason.
  RowFile(std::filesystem::path path, bool zstd);
  /// Removes what was not finished.
  ~RowFile();
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  /// Throws unavailable (disk full, ...).
  void write(std::string_view bytes);
  /// All bytes are on the disk after it, under the temporary name.
  void close();
  void finish();

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  [[noreturn]] void fail() const;
  void flush();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  bool zstd_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::string pending_{};
};

}  // namespace seedbed::detail
