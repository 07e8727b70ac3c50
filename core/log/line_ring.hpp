#pragma once

#include <sys/uio.h>

#include <array>
#include <atomic>
#include <memory>
#include <string_view>

namespace bulkhead::log {

/// Whole lines that wait to be written, oldest first, in memory that never moves. One thread adds
/// while one other takes out; neither waits.
class LineRing {
public:
    static constexpr std::size_t capacity = 131'072;

    /// Adds the line and its line break; false when there is no room.
    bool add(std::string_view line);

    std::size_t waiting_bytes() const {
        return end_.load(std::memory_order_acquire) - begin_.load(std::memory_order_acquire);
    }

    /// What waits, in one piece or two. Stays until it is dropped.
    std::array<iovec, 2> waiting() const;
    void drop(std::size_t bytes) { begin_.fetch_add(bytes, std::memory_order_release); }

private:
    char* at(std::size_t place) const { return bytes_.get() + place % capacity; }
    void put(std::size_t place, std::string_view text);

    const std::unique_ptr<char[]> bytes_ = std::make_unique_for_overwrite<char[]>(capacity);
    std::atomic<std::size_t> begin_{0};  ///< both count bytes since the first one
    std::atomic<std::size_t> end_{0};
};

}  // namespace bulkhead::log
