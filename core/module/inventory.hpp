#pragma once

#include "module/generation.hpp"
#include "module/manifest_reader.hpp"

namespace bulkhead::module {

/// The module directory beside plugins.toml, or the contents that the terms pin: what is there,
/// what is wanted, what passed the gate.
struct Inventory {
    /// One line for each file and each table; a module that may start is `running` already.
    std::map<std::string, ModuleStatus> statuses;
    /// The files behind these, by the module's name.
    std::map<std::string, ModuleFile> admitted;
};

/// Reads every *.so of the directory, or the pinned copies, or, in safe mode, nothing; executes
/// nothing of them. Tells of each file before it is opened.
Inventory take_inventory(const Configuration& configuration, const Start& start = {});

}  // namespace bulkhead::module
