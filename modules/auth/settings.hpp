#pragma once

#include <bulkhead/core.hpp>

namespace auth {

using namespace bulkhead;  // The SDK's words stand unqualified in this module.

/// [module.auth.settings] of plugins.toml, which is the manual of these keys.
struct Settings {
    std::int32_t access_token_seconds = 900;
    std::int32_t refresh_token_seconds = 2'592'000;
    std::string issuer = "bulkhead";
    std::string audience = "bulkhead";
    std::string key_file = "auth-key.pem";
    std::vector<std::string> scopes{"users:read", "users:write", "orders:read", "orders:write"};
    std::int32_t remembered_tokens = 16'384;
    std::int32_t hash_memory_kib = 19'456;
    std::int32_t hash_iterations = 2;
    std::int32_t hash_threads = 2;
    std::int32_t hash_queue = 64;

    static auto fields() {
        return shape(
            field("access_token_seconds", &Settings::access_token_seconds, between(60, 86'400)),
            field("refresh_token_seconds", &Settings::refresh_token_seconds,
                  between(3'600, 31'536'000)),
            field("issuer", &Settings::issuer, length(1, 255)),
            field("audience", &Settings::audience, length(1, 255)),
            field("key_file", &Settings::key_file, length(1, 255)),
            field("scopes", &Settings::scopes, items(0, 64)),
            field("remembered_tokens", &Settings::remembered_tokens, between(32, 1'048'576)),
            field("hash_memory_kib", &Settings::hash_memory_kib, between(8'192, 1'048'576)),
            field("hash_iterations", &Settings::hash_iterations, between(1, 10)),
            field("hash_threads", &Settings::hash_threads, between(1, 64)),
            field("hash_queue", &Settings::hash_queue, between(1, 10'000)));
    }
};

}  // namespace auth
