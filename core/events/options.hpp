#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::events {

/// [events] of plugins.toml.
struct Options {
    std::int32_t threads = 2;
    std::int32_t attempts = 16;
    std::int32_t first_retry_ms = 1'000;
    std::int32_t longest_retry_seconds = 3'600;
    std::int32_t lease_seconds = 30;
    std::int32_t poll_ms = 500;
    std::int32_t batch = 100;
    std::int32_t payload_bytes = 65'536;

    static auto fields() {
        return shape(
            field("threads", &Options::threads, between(1, 64)),
            field("attempts", &Options::attempts, between(1, 100)),
            field("first_retry_ms", &Options::first_retry_ms, between(1, 3'600'000)),
            field("longest_retry_seconds", &Options::longest_retry_seconds, between(1, 86'400)),
            field("lease_seconds", &Options::lease_seconds, between(1, 3'600)),
            field("poll_ms", &Options::poll_ms, between(1, 60'000)),
            field("batch", &Options::batch, between(1, 10'000)),
            field("payload_bytes", &Options::payload_bytes, between(64, 1'048'576)));
    }
};

}  // namespace bulkhead::events
