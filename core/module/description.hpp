#pragma once
// A generation as data: what `plan` compares, what a worker tells its supervisor once it serves.

#include "module/generation.hpp"

namespace bulkhead::module {

struct RouteLine {
    std::string method;
    std::string pattern;
    std::string module;
    std::optional<std::string> scope;  ///< empty: open to everyone
    std::string summary;

    static auto fields() {
        return shape(field("method", &RouteLine::method), field("pattern", &RouteLine::pattern),
                     field("module", &RouteLine::module), field("scope", &RouteLine::scope),
                     field("summary", &RouteLine::summary));
    }
};

/// One key of plugins.toml with its value as text; never a secret.
struct Setting {
    std::string key;  ///< "module.orders.queue"
    std::string value;

    static auto fields() {
        return shape(field("key", &Setting::key), field("value", &Setting::value));
    }
};

struct Description {
    std::vector<ModuleStatus> modules;
    std::vector<RouteLine> routes;
    std::vector<Setting> settings;  ///< of the core and of each module's table, sorted by key

    static auto fields() {
        return shape(field("modules", &Description::modules, items(0, 4'096)),
                     field("routes", &Description::routes, items(0, 100'000)),
                     field("settings", &Description::settings, items(0, 100'000)));
    }
};

RouteLine line_of(const Route& route);

/// Of a generation that serves, or could.
Description describe(Generation& generation);

}  // namespace bulkhead::module
