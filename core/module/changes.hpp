#pragma once
// What differs between two generations, one struct for each line of a plan.

#include "module/description.hpp"

namespace bulkhead::module {

/// One module before and after. Its versions and checksums are empty where it does not exist.
struct ModuleChange {
    /// `changes`: another version, or other content under the same; `fails`: enabled, and yet it
    /// will not run; `ignored`: its file lies in the directory, but plugins.toml has no table of
    /// it.
    enum class Fate : std::uint8_t { starts, changes, stops, stays, fails, ignored };
    friend constexpr std::array<std::string_view, 6> names(Fate) {
        return {"starts", "changes", "stops", "stays", "fails", "ignored"};
    }

    std::string name;
    Fate fate = Fate::stays;
    std::string version_before;
    std::string version;
    std::string sha256_before;
    std::string sha256;
    std::string file;    ///< that is loaded; empty where none is
    std::string reason;  ///< why it stops, fails or is ignored, with the remedy

    static auto fields() {
        return shape(field("name", &ModuleChange::name), field("fate", &ModuleChange::fate),
                     field("version_before", &ModuleChange::version_before),
                     field("version", &ModuleChange::version),
                     field("sha256_before", &ModuleChange::sha256_before),
                     field("sha256", &ModuleChange::sha256), field("file", &ModuleChange::file),
                     field("reason", &ModuleChange::reason));
    }
};

/// One method and pattern: appears (no `before`), goes (no `after`) or differs in its module, scope
/// or summary.
struct RouteChange {
    std::optional<RouteLine> before;
    std::optional<RouteLine> after;

    static auto fields() {
        return shape(field("before", &RouteChange::before), field("after", &RouteChange::after));
    }
};

/// One key whose value differs; without one of the two where the key is new or has gone.
struct SettingChange {
    /// When a change is felt: with the next generation, in the one that serves, or not before the
    /// supervisor itself is started again.
    enum class Effect : std::uint8_t { generation, at_once, restart };
    friend constexpr std::array<std::string_view, 3> names(Effect) {
        return {"generation", "at_once", "restart"};
    }

    std::string key;
    std::optional<std::string> before;
    std::optional<std::string> after;
    Effect effect = Effect::generation;

    static auto fields() {
        return shape(field("key", &SettingChange::key), field("before", &SettingChange::before),
                     field("after", &SettingChange::after),
                     field("effect", &SettingChange::effect));
    }
};

}  // namespace bulkhead::module
