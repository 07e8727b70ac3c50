#include "value/alternate_stack.hpp"

#include <sys/mman.h>

namespace bulkhead::value {

namespace {

constexpr std::size_t guard_bytes = 4'096;   // Untouchable: an overflow here ends the process.
constexpr std::size_t stack_bytes = 65'536;  // A signal frame with all registers is some 11 KiB.

}  // namespace

AlternateStack::AlternateStack()
    : memory_(::mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {
    if (memory_ == MAP_FAILED)
        return;
    ::mprotect(memory_, guard_bytes, PROT_NONE);
    stack_t mine{};
    mine.ss_sp = static_cast<char*>(memory_) + guard_bytes;
    mine.ss_size = stack_bytes;
    ::sigaltstack(&mine, &previous_);
}

AlternateStack::~AlternateStack() {
    if (memory_ == MAP_FAILED)
        return;
    ::sigaltstack(&previous_, nullptr);
    ::munmap(memory_, guard_bytes + stack_bytes);
}

}  // namespace bulkhead::value
