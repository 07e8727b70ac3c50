#pragma once
// May this file be loaded? Judged from bytes alone, before any of its code can run.

#include "module/configuration.hpp"
#include "module/manifest_reader.hpp"

namespace bulkhead::module {

/// Why this build of the core does not load this file, one sentence per field with what was found,
/// what was expected and the remedy; empty when it does. `needs` is judged by order.hpp.
std::vector<std::string> refusals(const ModuleFile& file);

/// The same against the file's table in plugins.toml: its checksum, where one is given.
std::vector<std::string> refusals(const ModuleFile& file, const ModuleOptions& options);

/// Why a file cannot carry its name beside the other `files` of its directory: another one has the
/// same name, or the file itself is called differently. Empty when it can.
std::string name_refusal(const ModuleFile& file, std::span<const ModuleFile> files);

}  // namespace bulkhead::module
