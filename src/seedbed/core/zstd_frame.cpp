#include "seedbed/core/zstd_frame.hpp"

#include <memory>

#include <fmt/format.h>
#include <zstd.h>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

namespace {

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

[[noreturn]] void throw_internal(std::size_t code) {
  throw Error{ErrorCode::internal, fmt::format("zstd: {}", ZSTD_getErrorName(code))};
}

void set(ZSTD_CCtx* context, ZSTD_cParameter parameter, int value) {
  const std::size_t result = ZSTD_CCtx_setParameter(context, parameter, value);
  if (ZSTD_isError(result) != 0) throw_internal(result);
}

[[noreturn]] void throw_damaged(std::string_view what) {
  throw Error{ErrorCode::corrupt, fmt::format("a compressed chunk {}", what)};
}

}  // namespace

std::string compress(std::string_view raw) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context{ZSTD_createCCtx()};
  if (!context) throw Error{ErrorCode::internal, "zstd is out of memory"};
  set(context.get(), ZSTD_c_compressionLevel, kZstdLevel);
  set(context.get(), ZSTD_c_contentSizeFlag, 1);
  set(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) throw_internal(size);
  frame.resize(size);
  return frame;
}

std::string decompress(std::string_view frame, std::uint64_t raw_size) {
  const std::size_t stored = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(stored) != 0 || stored != frame.size()) throw_damaged("is not one zstd frame");
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw_size) {
    throw_damaged("is not as large as it should be");
  }
  std::string raw(raw_size, '\0');
  const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0 || size != raw_size) throw_damaged("cannot be decompressed");
  return raw;
}

}  // namespace seedbed::detail
