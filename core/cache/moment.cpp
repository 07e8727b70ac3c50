#include "cache/moment.hpp"

#include <atomic>

namespace bulkhead::cache {

namespace {

std::atomic<std::chrono::milliseconds> advanced{};

}  // namespace

std::chrono::steady_clock::time_point moment() {
    return std::chrono::steady_clock::now() + advanced.load(std::memory_order_relaxed);
}

void let_pass(std::chrono::milliseconds by) {
    auto before = advanced.load();
    while (!advanced.compare_exchange_weak(before, before + by)) {
    }
}

}  // namespace bulkhead::cache
