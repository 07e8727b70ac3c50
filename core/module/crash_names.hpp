#pragma once

#include "module/crash_report.hpp"

namespace bulkhead::module {

/// Finds function and source of each frame of the core and the modules, from the symbols and the
/// debug information of their files; a file that is gone, or is another by now, names nothing.
/// Reads files that may be broken, with a library that may not survive it: see crash_news.hpp.
void name_frames(CrashReport& report);

/// "orders::Service::place" for "bulkhead::Result<...> orders::Service::place(Caller const&)".
std::string plain_name(const std::string& demangled);

}  // namespace bulkhead::module
