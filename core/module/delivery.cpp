#include "module/delivery.hpp"

#include "config/file.hpp"
#include "module/manifest_reader.hpp"

#include <unistd.h>

#include <system_error>

namespace bulkhead::module {
namespace {

namespace fs = std::filesystem;

struct Built {
    fs::path file;
    fs::file_time_type written;
};

bool is_module_file(const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.path().extension() == ".so" && entry.is_regular_file(ignored);
}

// By name; the module directory, wherever it lies, is where they go and not where they come from.
std::map<std::string, Built> find_built(const fs::path& folder, const fs::path& directory) {
    std::map<std::string, Built> newest;
    std::error_code reason;
    for (fs::recursive_directory_iterator at(folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        std::error_code gone;
        if (at->is_directory(gone) && fs::equivalent(at->path(), directory, gone))
            at.disable_recursion_pending();
        if (!is_module_file(*at))
            continue;
        const Built found{at->path(), at->last_write_time(gone)};
        const auto [known, added] = newest.try_emplace(at->path().stem(), found);
        if (!added && known->second.written < found.written)
            known->second = found;
    }
    return newest;
}

bool have_same_bytes(const fs::path& one, const fs::path& other) {
    const auto bytes = config::read_regular_file(one, max_module_file_bytes);
    const auto others = config::read_regular_file(other, max_module_file_bytes);
    return bytes && others && *bytes == *others;
}

Result<> put(const fs::path& file, const fs::path& target) {
    // Not yet a .so: whoever lists the directory now must not see it.
    const auto fresh = target.parent_path() /
                       ("." + target.filename().string() + "." + std::to_string(::getpid()));
    std::error_code reason;
    fs::copy_file(file, fresh, fs::copy_options::overwrite_existing, reason);
    if (!reason)
        fs::rename(fresh, target, reason);
    if (!reason)
        return Done{};
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return Error::unavailable("watch.not_delivered",
                              target.string() + " cannot be written (" + reason.message() +
                                  "); name a folder of yours in modules.directory of plugins.toml");
}

}  // namespace

Result<> deliver_modules(const fs::path& folder, const Configuration& configuration) {
    const auto directory = configuration.module_directory();
    const auto built = find_built(folder, directory);
    for (const auto& [name, options] : configuration.module) {
        const auto found = built.find(name);
        const auto target = directory / (name + ".so");
        if (found == built.end() || have_same_bytes(found->second.file, target))
            continue;
        if (auto done = put(found->second.file, target); !done)
            return done;
    }
    return Done{};
}

DirectoryState state_of_modules(const Configuration& configuration) {
    DirectoryState state;
    std::error_code reason;
    for (fs::directory_iterator at(configuration.module_directory(), reason), end;
         !reason && at != end; at.increment(reason)) {
        std::error_code gone;
        if (const auto written = at->last_write_time(gone); is_module_file(*at) && !gone)
            state.emplace(at->path(), written);
    }
    return state;
}

}  // namespace bulkhead::module
