#pragma once

#include <bulkhead/core.hpp>

namespace sample {

using namespace bulkhead;  // The SDK's words stand unqualified in this module.

/// [module.sample.settings] of plugins.toml.
struct Settings {
    std::int32_t items_per_owner = 1'000;

    static auto fields() {
        return shape(field("items_per_owner", &Settings::items_per_owner, between(1, 1'000'000)));
    }
};

}  // namespace sample
