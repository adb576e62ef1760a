#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace seedbed::detail {

/// A file that grows, in pieces that may be compressed.
class RowFile {
 public:
  /// Throws unavailable with the system's reason.
  RowFile(std::filesystem::path path, bool zstd);

  /// Throws unavailable (disk full, ...).
  void write(std::string_view bytes);
  /// All bytes are on the disk after it.
  void close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  [[noreturn]] void fail() const;
  void flush();

  std::filesystem::path path_;
  bool zstd_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::string pending_{};
};

}  // namespace seedbed::detail
