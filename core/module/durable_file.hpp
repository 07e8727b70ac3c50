#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

namespace bulkhead::module {

/// Replaces `file` in one step: temporary file, fsync, rename, fsync of the folder. Whoever reads
/// it, even after a power cut, finds the old content or the new one, whole. Readable by this user
/// only. On an error the old one stands and nothing is left behind. Two processes may do it at
/// once, two threads of one may not.
std::error_code replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace bulkhead::module
