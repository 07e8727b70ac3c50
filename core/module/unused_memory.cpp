#include "module/unused_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace bulkhead::module {

namespace {

constexpr std::size_t worth_bytes = 16'777'216;  // Less is not worth the work.

// The second number of statm, in pages (proc(5)).
std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t unused_bytes() {
    const auto of_allocator = ::mallinfo2();
    const auto resident = resident_bytes();
    return resident - std::min(resident, of_allocator.uordblks + of_allocator.hblkhd);
}

}  // namespace

UnusedMemory::UnusedMemory() : at_rest_bytes_(resident_bytes()) {}

void UnusedMemory::look() {
    if (resident_bytes() < at_rest_bytes_ + worth_bytes)
        return;
    const auto unused = unused_bytes();
    if (unused < kept_bytes_ + worth_bytes) {
        kept_bytes_ = std::min(kept_bytes_, unused);
        return;
    }
    ::malloc_trim(0);
    kept_bytes_ = unused_bytes();
}

}  // namespace bulkhead::module
