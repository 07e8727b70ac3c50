#pragma once

#include "module/generation.hpp"
#include "module/manifest_reader.hpp"

namespace bulkhead::module {

/// The module directory beside plugins.toml: what is there, what is wanted, what passed the gate.
struct Inventory {
    /// One line for each file and each table; a module that may start is `running` already.
    std::map<std::string, ModuleStatus> statuses;
    /// The files behind these, by the module's name.
    std::map<std::string, ModuleFile> admitted;
};

/// Reads every *.so of the directory; executes nothing of them.
Inventory take_inventory(const Configuration& configuration);

}  // namespace bulkhead::module
