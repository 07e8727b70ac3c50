#include "module/loader.hpp"

#include "module/crash_handler.hpp"
#include "module/private_copy.hpp"

#include <dlfcn.h>
#include <sys/statvfs.h>

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

std::string name_of(const ModuleFile& file) {
    return file.path.filename().string();
}

Error refused(const ModuleFile& file, const std::string& why) {
    return Error::invalid("module.refused", name_of(file) + ": " + why);
}

bool may_not_execute(const std::filesystem::path& copy) {
    struct statvfs status{};
    return ::statvfs(copy.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) != 0;
}

Error not_linked(const ModuleFile& file, const std::filesystem::path& copy) {
    const char* said = ::dlerror();
    const std::string reason = said != nullptr ? said : "no reason given";
    if (may_not_execute(copy))
        return Error::unavailable("module.no_copy",
                                  name_of(file) + ": cannot be linked (" + reason +
                                      "): " + copy.parent_path().string() +
                                      " is mounted noexec, expected a folder whose files may be "
                                      "executed; mount it with exec, or name another folder in "
                                      "server.data");
    return refused(file, "cannot be linked (" + reason + "); build it against this core.");
}

// What static initialisation throws must not leave the dynamic linker, which would keep its lock:
// whoever needs it next would wait for ever. The process ends here, while its supervisor knows what
// it was loading. Called by its declaration, dlopen() throws nothing and nothing would be stopped.
void* open(const std::filesystem::path& copy) noexcept {
    void* (*const volatile linker)(const char*, int) = ::dlopen;
    return linker(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
}

Result<const ModuleEntry*> ask_entry(const ModuleFile& file, void* symbol) {
    static const std::string expected =
        ", expected a start function; write the entry with BULKHEAD_MODULE(...).";
    try {
        const auto* entry = reinterpret_cast<const ModuleEntry* (*)()>(symbol)();
        if (entry != nullptr && entry->start != nullptr)
            return entry;
        return refused(file, "its entry gave nothing" + expected);
    } catch (const std::exception& thrown) {
        return refused(file, "its entry threw '" + std::string(thrown.what()) + "'" + expected);
    } catch (...) {
        return refused(file, "its entry threw something that is no std::exception" + expected);
    }
}

Result<const ModuleEntry*> link(const ModuleFile& file, const std::filesystem::path& copy) {
    void* const library = open(copy);
    if (library == nullptr)
        return not_linked(file, copy);
    void* const symbol = ::dlsym(library, entry_symbol);
    if (symbol == nullptr)
        return not_linked(file, copy);
    return ask_entry(file, symbol);
}

}  // namespace

Result<const ModuleEntry*> load_module(const ModuleFile& file,
                                       const std::filesystem::path& data_folder) {
    const std::scoped_lock lock(loaded().guard);
    if (const auto found = loaded().by_sha256.find(file.sha256); found != loaded().by_sha256.end())
        return found->second;
    const auto copy =
        keep_private_copy(file, folder_of_copies(std::filesystem::absolute(data_folder)));
    if (!copy)
        return copy.error();
    note_image({*copy, file.manifest.name, file.manifest.version, file.sha256});
    auto entry = link(file, *copy);
    if (entry)
        loaded().by_sha256.emplace(file.sha256, *entry);
    return entry;
}

}  // namespace bulkhead::module
