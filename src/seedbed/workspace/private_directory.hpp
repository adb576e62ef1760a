#pragma once

#include <filesystem>

namespace seedbed {

/// `seedbed-<user number>` in the system's directory for temporary files (TMPDIR), which only this
/// user may enter; made when it is missing. Throws unavailable (it cannot be made), refused
/// (somebody else made it).
[[nodiscard]] std::filesystem::path private_directory();

}  // namespace seedbed
