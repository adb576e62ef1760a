#include "seedbed/factories/load/row_file.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/zstd_frame.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;  // of one write, and of a frame

}  // namespace

RowFile::RowFile(std::filesystem::path path, bool zstd)
    : path_{std::move(path)}, zstd_{zstd}, file_{std::fopen(path_.c_str(), "wbxe")} {
  if (!file_) fail();
}

void RowFile::fail() const {
  throw Error{ErrorCode::unavailable, fmt::format("cannot write {}: {}", path_.string(),
                                                  std::generic_category().message(errno))};
}

void RowFile::write(std::string_view bytes) {
  pending_ += bytes;
  if (pending_.size() >= kPieceBytes) flush();
}

void RowFile::flush() {
  if (pending_.empty()) return;
  if (zstd_) pending_ = compress(pending_);
  if (std::fwrite(pending_.data(), 1, pending_.size(), file_.get()) != pending_.size()) fail();
  pending_.clear();
}

void RowFile::close() {
  flush();
  const bool stored = std::fflush(file_.get()) == 0 && fsync(fileno(file_.get())) == 0;
  if (!stored) fail();
  file_.reset();
}

}  // namespace seedbed::detail
