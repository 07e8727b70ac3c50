#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::module {

enum class State : std::uint8_t {
    running,
    disabled,
    available,
    blocked,
    refused,
    failed,
    quarantined
};
constexpr std::array<std::string_view, 7> names(State) {
    return {"running", "disabled", "available", "blocked", "refused", "failed", "quarantined"};
}

/// One line of `bulkhead modules`. `available`: lies in the directory, but plugins.toml has no
/// [module.<name>]; `blocked`: something it needs does not run; `refused`: by the gate; `failed`:
/// its migration, its constructor, its settings, its routes or its health check; `quarantined`:
/// starting it ended workers before.
struct ModuleStatus {
    std::string name;
    std::string version;
    State state = State::running;
    std::string reason;  ///< one sentence with the remedy; empty when running
    std::string file;
    std::string sha256;  ///< of the file; empty without a readable one
    std::vector<std::string> needs;

    static auto fields() {
        return shape(field("name", &ModuleStatus::name), field("version", &ModuleStatus::version),
                     field("state", &ModuleStatus::state), field("reason", &ModuleStatus::reason),
                     field("file", &ModuleStatus::file), field("sha256", &ModuleStatus::sha256),
                     field("needs", &ModuleStatus::needs, items(0, 16)));
    }
};

}  // namespace bulkhead::module
