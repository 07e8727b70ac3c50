#pragma once
// What is the core's alone: the libraries behind its walls, and its folders. Read by `bulkhead
// verify` for modules and by tests/architecture for this tree.

#include <algorithm>
#include <array>
#include <string_view>

namespace bulkhead::module {

/// One library with the one folder that may include it.
struct Wall {
    std::string_view header;  ///< how its includes begin
    std::string_view file;    ///< how its .so begins; empty: it is headers only
    std::string_view home;
};

/// The first that fits counts.
inline constexpr std::array walls{Wall{"boost/asio", "", "core/http"},
                                  Wall{"boost/beast", "", "core/http"},
                                  Wall{"boost/", "libboost_", "core"},
                                  Wall{"soci", "libsoci_", "core/db"},
                                  Wall{"sqlite3", "libsqlite3.", "core/db"},
                                  Wall{"libpq", "libpq.", "core/db"},
                                  Wall{"toml++", "libtomlplusplus.", "core/config"},
                                  Wall{"spdlog", "libspdlog.", "core/log"},
                                  Wall{"fmt/", "libfmt.", "core/log"},
                                  Wall{"CLI/", "", "app"},
                                  Wall{"prometheus", "libprometheus-cpp-", "core/module"}};

/// Folder = namespace = include path: what lies in these no module sees ...
inline constexpr std::array<std::string_view, 8> core_folders{"cache", "config", "db",     "events",
                                                              "http",  "log",    "module", "value"};

/// ... but for the names that the SDK declares in a namespace of theirs.
struct SdkName {
    std::string_view folder;
    std::string_view name;
};
inline constexpr std::array sdk_names{
    SdkName{"db", "Argument"},    SdkName{"db", "Conflict"},    SdkName{"db", "Database"},
    SdkName{"db", "Failure"},     SdkName{"db", "FailureKind"}, SdkName{"db", "Session"},
    SdkName{"db", "detail"},      SdkName{"db", "on_conflict"}, SdkName{"db", "Dialect"},
    SdkName{"db", "Existing"},    SdkName{"db", "Isolation"},   SdkName{"db", "Variants"},
    SdkName{"db", "search_words"}};

inline const Wall* wall_of_header(std::string_view target) {
    const auto* found = std::ranges::find_if(
        walls, [&](const Wall& wall) { return target.starts_with(wall.header); });
    return found == walls.end() ? nullptr : found;
}

inline const Wall* wall_of_file(std::string_view library) {
    const auto* found = std::ranges::find_if(walls, [&](const Wall& wall) {
        return !wall.file.empty() && library.starts_with(wall.file);
    });
    return found == walls.end() ? nullptr : found;
}

inline bool is_core_folder(std::string_view name) {
    return std::ranges::find(core_folders, name) != core_folders.end();
}

inline bool is_of_sdk(std::string_view folder, std::string_view name) {
    return std::ranges::any_of(sdk_names, [&](const SdkName& known) {
        return known.folder == folder && known.name == name;
    });
}

}  // namespace bulkhead::module
