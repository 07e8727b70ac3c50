#pragma once
// Where a thread was when a signal interrupted it.

#include <array>
#include <cstdint>
#include <span>

namespace bulkhead::module {

/// The addresses of the code that was running, innermost first: the interrupted instruction, then
/// within each call that led to it. Async-signal-safe once warm_up() has run.
class CrashStack {
public:
    /// `context`: the third argument of the signal's handler, which is who calls.
    explicit CrashStack(const void* context);
    std::span<const std::uintptr_t> frames() const { return {found_.data(), count_}; }

    /// Lets the unwinder do what it does once, which takes locks and memory.
    static void warm_up();

private:
    void unwind(std::uintptr_t interrupted);
    void follow_frames(std::uintptr_t return_address, std::uintptr_t frame);
    void add(std::uintptr_t address);

    std::array<std::uintptr_t, 64> found_;
    std::size_t count_ = 0;
};

}  // namespace bulkhead::module
