#pragma once
// From where modules are built to where they are served from.

#include "module/configuration.hpp"

namespace bulkhead::module {

/// Copies what was built below `folder` into the module directory, each file by one rename, so that
/// nobody reads half of one: of every module that plugins.toml names the file that was written
/// last, unless the directory has the same already. Refused with a sentence when a file cannot be
/// written.
Result<> deliver_modules(const std::filesystem::path& folder, const Configuration& configuration);

/// When which file of the module directory was written; equal as long as there is nothing to apply.
using DirectoryState = std::map<std::filesystem::path, std::filesystem::file_time_type>;
DirectoryState state_of_modules(const Configuration& configuration);

}  // namespace bulkhead::module
