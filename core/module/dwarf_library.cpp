#include "module/dwarf_library.hpp"

#include <dlfcn.h>

#include <optional>

namespace bulkhead::module {
namespace {

constexpr const char* file_name = "libdw.so.1";

class Symbols {
public:
    explicit Symbols(void* library) : library_(library) {}

    template <class Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(::dlsym(library_, name));
        complete_ = complete_ && function != nullptr;
    }
    bool complete() const { return complete_; }

private:
    void* library_;
    bool complete_ = true;
};

std::optional<DwarfLibrary> load() {
    void* const opened = ::dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
    if (opened == nullptr)
        return std::nullopt;
    DwarfLibrary library{};
    Symbols symbols(opened);
    symbols.find(library.begin, "dwfl_begin");
    symbols.find(library.end, "dwfl_end");
    symbols.find(library.report_begin, "dwfl_report_begin");
    symbols.find(library.report_elf, "dwfl_report_elf");
    symbols.find(library.report_end, "dwfl_report_end");
    symbols.find(library.module_getelf, "dwfl_module_getelf");
    symbols.find(library.module_build_id, "dwfl_module_build_id");
    symbols.find(library.module_addrinfo, "dwfl_module_addrinfo");
    symbols.find(library.module_getsrc, "dwfl_module_getsrc");
    symbols.find(library.lineinfo, "dwfl_lineinfo");
    symbols.find(library.callbacks.find_elf, "dwfl_build_id_find_elf");
    symbols.find(library.callbacks.find_debuginfo, "dwfl_build_id_find_debuginfo");
    symbols.find(library.callbacks.section_address, "dwfl_offline_section_address");
    return symbols.complete() ? std::optional(library) : std::nullopt;
}

}  // namespace

const DwarfLibrary* dwarf_library() {
    static const auto library = load();
    return library ? &*library : nullptr;
}

}  // namespace bulkhead::module
