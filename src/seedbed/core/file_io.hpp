#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace seedbed {

/// Reads a whole file. Throws not_found, invalid_input (larger than `limit` bytes, or a directory),
/// unavailable (no permission, read error).
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uint64_t limit = std::uint64_t{1} << 32U);

/// Replaces or creates `path` so that a reader, or a crash, sees the old or the new bytes and
/// nothing between: temporary file beside it, fsync, rename, fsync of the directory. Creates
/// missing parent directories. Throws unavailable naming the path and the system's reason; leaves
/// no temporary file.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Adds the bytes at the end, in one write, so that what other processes add is not torn; creates
/// the file where it is missing. Throws unavailable with the system's reason.
void append_to_file(const std::filesystem::path& path, std::string_view bytes);

/// Creates the directory and its parents; throws unavailable with the system's reason.
void make_directories(const std::filesystem::path& path);

/// The program of that name on the PATH, or in /usr/sbin, where Debian keeps servers; empty when
/// there is none.
[[nodiscard]] std::filesystem::path find_program(std::string_view name);

}  // namespace seedbed
