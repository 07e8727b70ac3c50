#pragma once
// What crash_handler.hpp has written, read by another process.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bulkhead::module {

/// One call on the stack of the thread that crashed.
struct CrashFrame {
    std::uint64_t offset =
        0;                 ///< of the instruction, in its file; where there is none, its address
    std::string build_id;  ///< of the file, in hexadecimal; empty: it has none
    std::string owner;     ///< the module's name, or crash_core; empty: somebody else's code
    std::string version;   ///< the owner's
    std::string sha256;    ///< of a module's file
    std::string path;      ///< empty: no code is there
    std::string function;  ///< "orders::Service::place"; empty until named, or not known
    std::string source;    ///< "service.cpp:42"; empty until named, or not known
};

struct CrashReport {
    int signal = 0;  ///< 0: the report is not whole
    std::uint64_t address = 0;
    std::int64_t generation = 0;
    std::int64_t pid = 0;
    std::int64_t thread = 0;
    std::int64_t time = 0;           ///< seconds since 1970
    std::string exception;           ///< type of the exception that nobody caught
    std::string what;                ///< its text
    std::string request;             ///< id of the request that was being handled
    std::vector<CrashFrame> frames;  ///< innermost first

    /// The innermost call into the core or a module, which the crash is put down to; null if none.
    const CrashFrame* blamed() const;
    /// The innermost call into a module, whether or not the core was called from there; null if
    /// none.
    const CrashFrame* module() const;
};

/// Reads what is there of a report; whatever makes no sense is left out.
CrashReport parse_crash_report(const std::string& text);

/// One sentence for people: "worker 123 of generation 4 crashed in module orders 1.1.0, in
/// orders::Service::place (service.cpp:42): signal 11 (Segmentation fault)".
std::string sentence_of(const CrashReport& report);

}  // namespace bulkhead::module
