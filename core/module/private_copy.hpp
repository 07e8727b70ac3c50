#pragma once

#include "module/manifest_reader.hpp"
#include "module/terms.hpp"

#include <span>

namespace bulkhead::module {

/// Where a server keeps the contents of its modules, each under its checksum.
std::filesystem::path folder_of_copies(const std::filesystem::path& data_folder);
std::filesystem::path copy_in(const std::filesystem::path& folder, const std::string& sha256);

/// The path of the copy of `file` in `folder`, written where it is absent or damaged, readable by
/// this user only. Where it is intact nothing needs to be writable. `unavailable` with a sentence
/// when it cannot be written.
Result<std::filesystem::path> keep_private_copy(const ModuleFile& file,
                                                const std::filesystem::path& folder);

/// Removes what no process has loaded from for `copy_kept`, other than `kept`; what still runs
/// keeps its pages.
void drop_old_copies(const std::filesystem::path& folder, std::span<const Pin> kept);

}  // namespace bulkhead::module
