#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [static.<name>] of plugins.toml: a folder whose files are served as they are.
struct StaticOptions {
    std::string path;  ///< "/docs": every path below it that no route has
    std::string folder;
    std::string index = "index.html";
    std::int32_t cache_seconds = 3'600;

    static auto fields() {
        return shape(field("path", &StaticOptions::path, length(1, 255)),
                     field("folder", &StaticOptions::folder, length(1, 4'096)),
                     field("index", &StaticOptions::index, length(0, 255)),
                     field("cache_seconds", &StaticOptions::cache_seconds, between(0, 31'536'000)));
    }
};

}  // namespace bulkhead::http
