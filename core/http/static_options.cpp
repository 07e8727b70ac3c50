#include "http/static_options.hpp"

#include "http/path.hpp"

namespace bulkhead::http {

namespace {

/// As a request's path is after decoding: what is escaped in a URL stands here as itself.
bool is_path(std::string_view path) {
    std::string unused;
    Segments segments;
    return path.find_first_of("%?#") == std::string_view::npos &&
           (path == "/" || !path.ends_with('/')) &&
           split_path(path, unused, segments) == PathState::usable;
}

bool is_file_name(std::string_view name) {
    return name.empty() || (!name.starts_with('.') && name.find('/') == std::string_view::npos);
}

std::optional<WrongKey> wrong_key(const std::string& table, const StaticOptions& options) {
    if (!is_path(options.path))
        return wrong_value(
            table + ".path",
            "must be a path such as \"/docs\", with a slash before each of its names "
            "and none behind the last",
            options.path);
    if (options.folder.empty())  // Else it would be that of plugins.toml itself.
        return wrong_value(table + ".folder", "must be a folder that exists, relative to this file",
                           options.folder);
    if (!is_file_name(options.index))
        return wrong_value(table + ".index",
                           "must be the name of a file, not beginning with a dot, or empty",
                           options.index);
    return std::nullopt;
}

}  // namespace

std::optional<WrongKey> wrong_key(const std::map<std::string, StaticOptions>& mounts) {
    std::map<std::string_view, std::string_view> names;
    for (const auto& [name, options] : mounts) {
        const auto table = "static." + name;
        if (auto wrong = wrong_key(table, options))
            return wrong;
        const auto [other, first] = names.emplace(options.path, name);
        if (!first)
            return wrong_value(
                table + ".path",
                "must be another one than that of 'static." + std::string(other->second) + "'",
                options.path);
    }
    return std::nullopt;
}

}  // namespace bulkhead::http
