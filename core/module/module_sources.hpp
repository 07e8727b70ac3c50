#pragma once

#include "module/source_text.hpp"
#include "module/subject.hpp"

#include <bulkhead/result.hpp>

#include <filesystem>

namespace bulkhead::module {

/// The sources of one module, its tests aside.
struct ModuleSources {
    Subject subject;  ///< name and needs as BULKHEAD_MODULE(...) in module.cpp declares them
    std::filesystem::path folder;
    std::vector<SourceFile> files;  ///< paths from `folder`: "api/directory.hpp"
};

/// `folder` is a module's own, with module.cpp in it, or one of modules; ordered by name. Folders
/// called tests, build or build-..., and hidden ones, are left out. Refused when there is no
/// module.
Result<std::vector<ModuleSources>> read_module_sources(const std::filesystem::path& folder);

}  // namespace bulkhead::module
