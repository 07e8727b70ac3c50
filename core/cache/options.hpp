#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::cache {

/// [cache] of plugins.toml: the most that a module's cache is given.
struct Options {
    bool enabled = true;
    std::int32_t entries = 100'000;
    std::int32_t bytes = 67'108'864;
    std::int32_t seconds = 3'600;
    std::int32_t wait_ms = 5'000;

    static auto fields() {
        return shape(field("enabled", &Options::enabled),
                     field("entries", &Options::entries, between(1, 10'000'000)),
                     field("bytes", &Options::bytes, between(1'024, 1'073'741'824)),
                     field("seconds", &Options::seconds, between(1, 86'400)),
                     field("wait_ms", &Options::wait_ms, between(1, 60'000)));
    }
};

}  // namespace bulkhead::cache
