#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace bulkhead::http {

/// Connections of one server and what they hold, counted across its I/O threads.
class Tally {
public:
    /// Counts one more, unless `limit` are open: then it is to be closed at once.
    bool enter(std::int64_t limit);
    void leave();

    /// So many bytes more, or fewer, are held for clients; returns how many there are now.
    std::int64_t hold(std::int64_t more_bytes) { return held_ += more_bytes; }

    /// True once none is open; false when some are left after `limit`.
    bool wait_until_none(std::chrono::milliseconds limit);

    std::int64_t open() const { return open_.load(std::memory_order_relaxed); }
    std::uint64_t accepted() const { return accepted_.load(std::memory_order_relaxed); }
    std::int64_t held_bytes() const { return held_.load(std::memory_order_relaxed); }
    std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> open_{0};
    std::atomic<std::int64_t> held_{0};
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::mutex mutex_;
    std::condition_variable none_left_;
};

}  // namespace bulkhead::http
