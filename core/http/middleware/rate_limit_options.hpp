#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [rate_limit] of plugins.toml: token buckets, one for each address (IPv6: each /64) and one for
/// each caller. Full at the start of a generation.
struct RateLimitOptions {
    std::int32_t address_per_second = 500;
    std::int32_t address_burst = 1'000;
    std::int32_t caller_per_second = 200;
    std::int32_t caller_burst = 400;
    std::int32_t buckets = 65'536;

    static auto fields() {
        return shape(
            field("address_per_second", &RateLimitOptions::address_per_second,
                  between(0, 10'000'000)),
            field("address_burst", &RateLimitOptions::address_burst, between(1, 10'000'000)),
            field("caller_per_second", &RateLimitOptions::caller_per_second,
                  between(0, 10'000'000)),
            field("caller_burst", &RateLimitOptions::caller_burst, between(1, 10'000'000)),
            field("buckets", &RateLimitOptions::buckets, between(1'024, 16'777'216)));
    }
};

}  // namespace bulkhead::http
