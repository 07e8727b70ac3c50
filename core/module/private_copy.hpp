#pragma once

#include "module/manifest_reader.hpp"

namespace bulkhead::module {

/// The path of the copy of `file` in `folder`, written where it is absent or damaged, readable by
/// this user only. `unavailable` with a sentence when it cannot be written.
Result<std::filesystem::path> keep_private_copy(const ModuleFile& file,
                                                const std::filesystem::path& folder);

/// Removes what no process has loaded from for `copy_kept`; what still runs keeps its pages.
void drop_old_copies(const std::filesystem::path& folder);

}  // namespace bulkhead::module
