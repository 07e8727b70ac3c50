#pragma once
// Standard output as a place for lines that must never hold up whoever writes them for long.

#include <sys/uio.h>

#include <array>
#include <cstddef>

namespace bulkhead::log {

constexpr int blocked_ms = 1'000;  ///< a full pipe is waited for, once until it is read again

inline bool nobody_reads = false;  ///< since put_out() has waited in vain; told to its callers

/// Writes the lines, oldest first, and returns how many of their bytes are done with: fewer than
/// there are when nobody reads, all when nobody can. Into a pipe by whole lines of up to PIPE_BUF
/// bytes together, which no other process can tear apart (write(2), pipe(7)). One caller at a time.
std::size_t put_out(int to, std::array<iovec, 2> lines) noexcept;

}  // namespace bulkhead::log
