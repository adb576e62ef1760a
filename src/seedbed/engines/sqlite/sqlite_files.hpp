#pragma once

#include <string>

#include "seedbed/engines/url.hpp"

namespace seedbed::detail {

/// Whether the URL names a database in memory, which has no file.
[[nodiscard]] bool is_in_memory(const DatabaseUrl& url) noexcept;
/// Whether there is a file (of any kind) at the URL's path; always for one in memory.
[[nodiscard]] bool sqlite_file_exists(const DatabaseUrl& url);
/// Creates an empty file, which is an empty database, and its directories. Throws conflict,
/// unavailable.
void create_sqlite_file(const DatabaseUrl& url);
/// Removes the file and what SQLite keeps beside it. Throws not_found, corrupt (not a SQLite
/// database, so not ours to remove), unavailable.
void remove_sqlite_file(const DatabaseUrl& url);

/// Makes `target` a copy of the file at `source`, which nobody writes to: sharing its blocks where
/// the file system can, else by copying them in the kernel. Throws conflict when `target` exists,
/// unavailable; leaves nothing behind then. No connection of this process may be open on `source`,
/// since closing the file would end its locks.
void clone_file(const std::string& source, const std::string& target);

/// Whether a process, this one too, has the file open; true where the file system does not tell.
/// Ends the locks that connections of this process hold on it.
[[nodiscard]] bool is_open_anywhere(const std::string& file);

}  // namespace seedbed::detail
