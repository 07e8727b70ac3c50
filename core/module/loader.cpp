#include "module/loader.hpp"

#include "module/private_copy.hpp"

#include <dlfcn.h>

#include <map>
#include <mutex>

namespace bulkhead::module {

namespace {

constexpr const char* entry_symbol = "bulkhead_module_entry";

// Code is never unmapped, so what is loaded stays true for the life of the process.
struct Loaded {
    std::mutex guard;
    std::map<std::string, const ModuleEntry*> by_sha256;
};

Loaded& loaded() {
    static Loaded all;
    return all;
}

Error not_loaded(const ModuleFile& file) {
    const char* reason = ::dlerror();
    return Error::invalid("module.refused", file.path.filename().string() + ": cannot be linked (" +
                                                (reason != nullptr ? reason : "no reason given") +
                                                "); build it against this core.");
}

Result<const ModuleEntry*> link(const ModuleFile& file, const std::filesystem::path& copy) {
    void* const library = ::dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return not_loaded(file);
    void* const symbol = ::dlsym(library, entry_symbol);
    if (symbol == nullptr)
        return not_loaded(file);
    return reinterpret_cast<const ModuleEntry* (*)()>(symbol)();
}

}  // namespace

Result<const ModuleEntry*> load_module(const ModuleFile& file,
                                       const std::filesystem::path& data_folder) {
    const std::scoped_lock lock(loaded().guard);
    if (const auto found = loaded().by_sha256.find(file.sha256); found != loaded().by_sha256.end())
        return found->second;
    const auto folder = data_folder / "modules";
    const auto copy = keep_private_copy(file, folder);
    if (!copy)
        return copy.error();
    drop_old_copies(folder);
    auto entry = link(file, *copy);
    if (entry)
        loaded().by_sha256.emplace(file.sha256, *entry);
    return entry;
}

}  // namespace bulkhead::module
