#pragma once
// A configuration and the contents of its modules: all that is needed to start the same generation
// again, whatever lies in the module directory by then.

#include "module/module_status.hpp"
#include "module/terms.hpp"

#include <bulkhead/result.hpp>

#include <filesystem>
#include <optional>
#include <span>

namespace bulkhead::module {

struct ModuleSet {
    std::string text;       ///< of plugins.toml
    std::vector<Pin> pins;  ///< of the modules that ran, sorted by name

    static auto fields() {
        return shape(field("text", &ModuleSet::text, length(0, 16'777'216)),
                     field("pins", &ModuleSet::pins, items(0, max_modules)));
    }
    /// The set's name: SHA-256 of the text and the pins, 64 hex digits.
    std::string digest() const;
};

/// The modules among these that run.
std::vector<Pin> pins_of(std::span<const ModuleStatus> modules);

/// Keeps a set as the one to return to (server.data/last-good.json), replacing the one before in
/// one step: a crash leaves the old or the new. Refused with a sentence (disk full, read-only).
Result<> keep_last_good(const std::filesystem::path& data_folder, const ModuleSet& set);
/// Empty if none was ever kept, or if it is damaged.
std::optional<ModuleSet> last_good(const std::filesystem::path& data_folder);

}  // namespace bulkhead::module
