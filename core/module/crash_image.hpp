#pragma once
// Which file an address belongs to, as far as a signal handler can tell.

#include "module/crash_handler.hpp"

#include <span>
#include <string_view>

namespace bulkhead::module {

/// One loaded file. Views and spans point into memory that is never released.
struct CrashImage {
    std::string_view path;  ///< empty: no file's code
    std::uintptr_t base = 0;
    std::span<const unsigned char> build_id;  ///< empty where the linker wrote none
    const ImageOwner* owner = nullptr;        ///< null: neither the core's nor a module's
};

/// Async-signal-safe: looks at what the loader and note_image() have prepared.
CrashImage image_of(std::uintptr_t address);

/// What the path of the program itself is, which the loader does not say.
void note_program(const std::string& path);

}  // namespace bulkhead::module
