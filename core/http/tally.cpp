#include "http/tally.hpp"

namespace bulkhead::http {

bool Tally::enter(std::int64_t limit) {
    accepted_.fetch_add(1, std::memory_order_relaxed);
    if (open_.fetch_add(1) < limit)
        return true;
    refused_.fetch_add(1, std::memory_order_relaxed);
    leave();
    return false;
}

void Tally::leave() {
    if (open_.fetch_sub(1) != 1)
        return;
    const std::lock_guard lock(
        mutex_);  // Else it could fall between a waiter's look and its sleep.
    none_left_.notify_all();
}

bool Tally::wait_until_none(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return none_left_.wait_for(lock, limit, [this] { return open_.load() == 0; });
}

}  // namespace bulkhead::http
