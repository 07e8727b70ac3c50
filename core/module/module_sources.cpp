#include "module/module_sources.hpp"

#include "config/file.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_source_bytes = 16ULL * 1024 * 1024;
constexpr std::string_view up_ending = ".up.sql";

// A file that cannot be read is judged as an empty one would be: nothing in it is known.
std::string read(const fs::path& file) {
    auto text = config::read_regular_file(file, max_source_bytes);
    return text ? *std::move(text) : std::string();
}

bool is_left_out(const fs::path& folder) {
    const auto name = folder.filename().string();
    return name.starts_with('.') || name == "build" || name.starts_with("build-") ||
           name == "tests" || name == "node_modules";
}

bool is_source(const fs::path& file) {
    constexpr std::array<std::string_view, 10> endings{".cpp", ".hpp", ".cc",  ".hh",  ".cxx",
                                                       ".hxx", ".h",   ".ipp", ".inl", ".inc"};
    return std::ranges::find(endings, file.extension().string()) != endings.end();
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator at(folder), end; at != end; ++at) {
        if (at->is_directory() && is_left_out(at->path()))
            at.disable_recursion_pending();
        else if (at->is_regular_file())
            files.push_back(at->path());
    }
    std::ranges::sort(files);
    return files;
}

// The arguments of BULKHEAD_MODULE( ... ), which end with its line of code.
std::string manifest_in(const SourceFile& file) {
    const auto from = file.code.find("BULKHEAD_MODULE(");
    if (from == std::string::npos)
        return {};
    const auto to = std::min(file.code.find("\n\n", from), file.code.size());
    return file.uncommented.substr(from, to - from);
}

void read_manifest(const SourceFile& file, Subject& subject) {
    static const std::regex name(R"re(\.name\s*=\s*"([a-z0-9_]+)")re");
    static const std::regex needs(R"(\.needs\s*=\s*\{([^}]*)\})");
    static const std::regex need("\"([a-z0-9_]+)\"");
    const auto manifest = manifest_in(file);
    std::smatch match;
    if (std::regex_search(manifest, match, name))
        subject.name = match[1];
    if (!std::regex_search(manifest, match, needs))
        return;
    const std::string list = match[1];
    for (std::sregex_iterator at(list.begin(), list.end(), need), end; at != end; ++at)
        subject.needs.push_back((*at)[1]);
}

void add_migration(const fs::path& file, Subject& subject) {
    const auto path = file.string();
    const auto stem = path.substr(0, path.size() - up_ending.size());
    subject.migrations.push_back({fs::path(stem).filename(), read(file), read(stem + ".down.sql")});
}

ModuleSources read_module(const fs::path& folder) {
    ModuleSources module;
    module.folder = folder;
    module.subject.name = fs::weakly_canonical(folder).filename();
    for (const auto& path : files_below(folder)) {
        if (path.string().ends_with(up_ending))
            add_migration(path, module.subject);
        if (!is_source(path))
            continue;
        auto file = take_apart(path.lexically_relative(folder).generic_string(), read(path));
        if (file.path == "module.cpp")
            read_manifest(file, module.subject);
        for (const auto& text : file.texts)
            module.subject.texts.push_back(text);
        module.files.push_back(std::move(file));
    }
    return module;
}

bool is_module(const fs::path& folder) {
    return fs::is_regular_file(folder / "module.cpp");
}

}  // namespace

Result<std::vector<ModuleSources>> read_module_sources(const fs::path& folder) {
    std::vector<ModuleSources> modules;
    std::error_code unreadable;
    if (is_module(folder))
        modules.push_back(read_module(folder));
    else
        for (fs::directory_iterator at(folder, unreadable), end; !unreadable && at != end; ++at)
            if (is_module(at->path()))
                modules.push_back(read_module(at->path()));
    if (modules.empty())
        return Error::invalid("module.no_sources",
                              folder.string() + " holds no module" +
                                  (unreadable ? " (" + unreadable.message() + ")" : std::string()) +
                                  "; name the folder of a module.cpp, or a folder of such folders");
    std::ranges::sort(modules, {}, [](const ModuleSources& module) { return module.subject.name; });
    return modules;
}

}  // namespace bulkhead::module
