#pragma once
// What commands that look at modules begin with.

#include "module/generation.hpp"

namespace bulkhead::app {

using Loaded = std::unique_ptr<module::Generation>;

/// The configuration with its modules gated, loaded and constructed, the database untouched.
Result<Loaded> load(const std::filesystem::path& config);

/// The same for commands that write: refused while migrations are pending.
Result<Loaded> load_migrated(const std::filesystem::path& config);

/// The state of one module, or null when neither the configuration nor the directory knows it.
const module::ModuleStatus* status_of(const module::Generation& generation, std::string_view name);

/// The modules and their states, for people.
std::string states_in_columns(const std::vector<module::ModuleStatus>& modules);

}  // namespace bulkhead::app
