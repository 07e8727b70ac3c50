#pragma once

#include <array>
#include <csignal>

namespace bulkhead::value {

/// The signals by which code ends its own process: each is for the thread that caused it, so that
/// nobody holds them back.
inline constexpr std::array crash_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

}  // namespace bulkhead::value
