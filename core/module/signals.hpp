#pragma once

#include <initializer_list>
#include <optional>

namespace bulkhead::module {

/// Signals as something to wait for instead of something that interrupts. Made on the main thread
/// before any other starts; held back for the rest of the process, so that a second one sent during
/// the shutdown does not end it half-way.
class HeldSignals {
public:
    /// Throws std::system_error when the process has no descriptor left.
    explicit HeldSignals(std::initializer_list<int> numbers);
    ~HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    int descriptor() const { return descriptor_; }  ///< readable while one is waiting
    std::optional<int> next() const;                ///< never blocks
    int wait() const;                               ///< blocks until there is one

private:
    int descriptor_;
};

/// In a process that has just been forked: no signal is held back or passed over any more, as its
/// parent may do. Async-signal-safe.
void let_signals_through();

}  // namespace bulkhead::module
