#pragma once

#include "http/wrong_key.hpp"

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [cors] of plugins.toml: which pages of other origins a browser lets use this API (Fetch
/// Standard, 3.2).
struct CorsOptions {
    std::vector<std::string> origins;
    bool credentials = false;
    std::vector<std::string> request_headers{"Authorization", "Content-Type",  "Idempotency-Key",
                                             "If-Match",      "If-None-Match", "X-Request-Id"};
    std::vector<std::string> exposed_headers{"ETag", "Link", "Location", "Retry-After",
                                             "X-Request-Id"};
    std::int32_t max_age_seconds = 600;

    static auto fields() {
        return shape(field("origins", &CorsOptions::origins, items(0, 256)),
                     field("credentials", &CorsOptions::credentials),
                     field("request_headers", &CorsOptions::request_headers, items(0, 64)),
                     field("exposed_headers", &CorsOptions::exposed_headers, items(0, 64)),
                     field("max_age_seconds", &CorsOptions::max_age_seconds, between(0, 86'400)));
    }
};

std::optional<WrongKey> wrong_key(const CorsOptions& options);

}  // namespace bulkhead::http
