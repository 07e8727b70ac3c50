#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>

/// What a running process holds, as the kernel counts it. Of memory always 0 under a sanitizer,
/// which holds several times what the program does.
struct ProcessUsage {
    std::size_t sockets = 0;
    std::size_t resident_bytes = 0;
    std::size_t most_resident_bytes = 0;  ///< ever
};

/// Throws std::runtime_error when there is no such process.
ProcessUsage usage_of(pid_t process);

/// Looks until it is so, at most as long as every wait of a test; false if it never is.
bool becomes_true(const std::function<bool()>& condition);
