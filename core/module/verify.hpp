#pragma once
// Whether modules keep to their boundaries: `bulkhead verify`.

#include "module/breach.hpp"
#include "module/configuration.hpp"

namespace bulkhead::module {

/// What was looked at, and every breach that was found, by module and boundary, each once.
struct Verification {
    std::vector<std::string> modules;
    std::vector<Breach> breaches;

    static auto fields() {
        return shape(field("modules", &Verification::modules),
                     field("breaches", &Verification::breaches));
    }
};

/// The built modules of the directory. All of them are read; those that plugins.toml enables are
/// constructed as well, the database untouched, for their routes and the contracts that they use.
/// Refused where nothing could be constructed: wrong settings, no room for the private copies.
Result<Verification> verify(const Configuration& configuration);

/// Sources: the folder of one module, or a folder of modules. Nothing is built or executed.
Result<Verification> verify_sources(const std::filesystem::path& folder);

}  // namespace bulkhead::module
