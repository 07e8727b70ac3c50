#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace bulkhead::test {

/// A module's own tables: the text of its up migrations, in their order.
inline std::string schema_of(const std::string& module) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(BULKHEAD_SOURCE_DIR) / "modules" / module / "migrations"))
        if (entry.path().string().ends_with(".up.sql"))
            files.push_back(entry.path());
    std::ranges::sort(files);

    std::string schema;
    for (const auto& path : files) {
        std::ifstream file(path);
        schema.append(std::istreambuf_iterator<char>(file), {});
    }
    return schema;
}

}  // namespace bulkhead::test
