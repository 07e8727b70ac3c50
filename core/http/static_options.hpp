#pragma once

#include "http/wrong_key.hpp"

#include <bulkhead/shape.hpp>

#include <map>
#include <optional>

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

/// The first key that cannot be served: a path that no request could have, two mounts at one path,
/// an index that is no file's name. Whether the folders exist is for whoever may touch the disk.
std::optional<WrongKey> wrong_key(const std::map<std::string, StaticOptions>& mounts);

}  // namespace bulkhead::http
