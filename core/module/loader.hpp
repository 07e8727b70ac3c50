#pragma once

#include "module/manifest_reader.hpp"

#include <bulkhead/manifest.hpp>

#include <chrono>

namespace bulkhead::module {

/// How long a private copy is kept after the last process that loaded from it.
constexpr std::chrono::hours copy_kept{24};

/// Loads a file that has passed the gate, from a private copy `data_folder`/modules/<sha256>.so, so
/// that overwriting the file never changes running code. Equal content is loaded once in a process
/// and stays: nothing ever unmaps it. Any thread.
///
/// Refused as `invalid`, to be blamed on the module: it cannot be linked, it has no entry, or one
/// that throws or gives nothing. Refused as `unavailable`: the copy cannot be made or executed
/// (disk full, folder not writable, noexec). Static initialisation that throws ends the process.
Result<const ModuleEntry*> load_module(const ModuleFile& file,
                                       const std::filesystem::path& data_folder);

}  // namespace bulkhead::module
