#pragma once

#include <bulkhead/session.hpp>

#include <chrono>
#include <mutex>

namespace bulkhead::db {

/// Keeps a database that cannot be reached from being asked by every request: after a failed
/// attempt to connect, further ones fail at once for a while that doubles up to half a second. Any
/// thread.
class BackOff {
public:
    /// Throws the last Failure while nobody is to try.
    void refuse_while_waiting();
    bool waiting();
    void failed(const Failure& failure);
    void succeeded();

private:
    using Clock = std::chrono::steady_clock;

    std::mutex mutex_;
    std::optional<Failure> last_;
    std::chrono::milliseconds pause_{};
    Clock::time_point until_{};
};

}  // namespace bulkhead::db
