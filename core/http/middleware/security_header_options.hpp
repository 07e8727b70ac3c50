#pragma once

#include "http/wrong_key.hpp"

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [security_headers] of plugins.toml (OWASP Secure Headers Project). An empty text leaves a header
/// out.
struct SecurityHeaderOptions {
    std::int32_t hsts_seconds = 31'536'000;
    bool hsts_subdomains = false;
    std::string frame = "DENY";
    std::string referrer = "no-referrer";
    std::string content_policy = "default-src 'none'; frame-ancestors 'none'";
    std::string page_policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'";

    static auto fields() {
        return shape(
            field("hsts_seconds", &SecurityHeaderOptions::hsts_seconds, between(0, 63'072'000)),
            field("hsts_subdomains", &SecurityHeaderOptions::hsts_subdomains),
            field("frame", &SecurityHeaderOptions::frame, length(0, 64)),
            field("referrer", &SecurityHeaderOptions::referrer, length(0, 64)),
            field("content_policy", &SecurityHeaderOptions::content_policy, length(0, 4'096)),
            field("page_policy", &SecurityHeaderOptions::page_policy, length(0, 4'096)));
    }
};

std::optional<WrongKey> wrong_key(const SecurityHeaderOptions& options);

}  // namespace bulkhead::http
