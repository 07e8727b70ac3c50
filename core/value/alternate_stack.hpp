#pragma once

#include <csignal>

namespace bulkhead::value {

/// While it lives, signal handlers of the calling thread run on a stack of their own, so that a
/// thread which has used up its stack can still report that. Made and destroyed on one thread;
/// without memory for it, the thread goes on without.
class AlternateStack {
public:
    AlternateStack();
    ~AlternateStack();  ///< gives the thread back what it had before
    AlternateStack(const AlternateStack&) = delete;
    AlternateStack& operator=(const AlternateStack&) = delete;

private:
    void* memory_;
    stack_t previous_{};
};

}  // namespace bulkhead::value
