#pragma once

#include <algorithm>
#include <chrono>

namespace bulkhead::module {

/// How long to wait before a worker that died is replaced: not at all the first time, then 50 ms,
/// doubling up to a second; forgotten once one has served for ten seconds.
class Backoff {
public:
    /// `served`: for how long the dead one was ready; zero if it never was.
    std::chrono::milliseconds pause_after(std::chrono::steady_clock::duration served) {
        using namespace std::chrono_literals;
        if (served >= 10s)
            next_ = 0ms;
        const auto pause = next_;
        next_ = std::clamp(next_ * 2, 50ms, 1'000ms);
        return pause;
    }

private:
    std::chrono::milliseconds next_{0};
};

}  // namespace bulkhead::module
