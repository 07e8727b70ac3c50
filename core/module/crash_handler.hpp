#pragma once
// What a process says while it crashes: which code it was in, for crash_report.hpp to read later.

#include <cstdint>
#include <filesystem>
#include <string>

namespace bulkhead::module {

/// The folder of the reports: `data_folder`/crashes.
std::filesystem::path crash_folder(const std::filesystem::path& data_folder);

/// From now on SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT and std::terminate write a report into
/// crash_folder() and then do what they would have done: the process ends by the signal, and leaves
/// a core dump where those are wanted. The report holds no memory contents. Called once, on the
/// main thread; other threads that may use up their stack need a value::AlternateStack. A folder
/// that cannot be made costs the reports and is logged.
void install_crash_handler(const std::filesystem::path& data_folder);

/// Which generation this process is, once it knows: the reports name it. Any thread.
void note_generation(std::int64_t generation);

/// Whose code the image at `path` is, as reports shall say: known before its first instruction
/// runs, and never forgotten. Any thread.
struct ImageOwner {
    std::string path;
    std::string name;  ///< the module's, or crash_core
    std::string version;
    std::string sha256;  ///< of the file; empty: not known
};
void note_image(ImageOwner owner);

/// The name of the core itself, as `core` is no module's.
inline constexpr const char* crash_core = "core";

}  // namespace bulkhead::module
