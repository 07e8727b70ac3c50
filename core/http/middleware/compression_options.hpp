#pragma once

#include "http/wrong_key.hpp"

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [compression] of plugins.toml: which replies go out compressed, and how hard it is tried.
struct CompressionOptions {
    std::vector<std::string> encodings{"br", "gzip"};
    std::int32_t min_bytes = 1'024;
    std::int32_t gzip_level = 6;
    std::int32_t br_level = 4;
    std::vector<std::string> types{
        "application/json", "application/javascript", "image/svg+xml", "text/css",
        "text/html",        "text/javascript",        "text/plain"};
    std::vector<std::string> except{};

    static auto fields() {
        return shape(field("encodings", &CompressionOptions::encodings, items(0, 2)),
                     field("min_bytes", &CompressionOptions::min_bytes, between(1, 1'073'741'824)),
                     field("gzip_level", &CompressionOptions::gzip_level, between(1, 9)),
                     field("br_level", &CompressionOptions::br_level, between(0, 11)),
                     field("types", &CompressionOptions::types, items(0, 64)),
                     field("except", &CompressionOptions::except, items(0, 256)));
    }
};

std::optional<WrongKey> wrong_key(const CompressionOptions& options);

}  // namespace bulkhead::http
