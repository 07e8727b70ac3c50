#include "http/middleware/rate_limit_buckets.hpp"

#include <algorithm>
#include <new>
#include <random>
#include <span>

namespace bulkhead::http {

namespace {

constexpr std::size_t window_slots = 16;
constexpr std::size_t lock_count = 64;
constexpr std::int64_t second_ns = 1'000'000'000;

std::uint64_t secret() {
    std::random_device source;
    return (std::uint64_t{source()} << 32) | source();
}

// The finalizer of MurmurHash3: every bit of the result depends on every bit of `value`.
std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
    return value ^ (value >> 33);
}

}  // namespace

// calloc and not new: pages that no key has come to cost nothing.
Buckets::Buckets(Rate rate, std::size_t capacity)
    : interval_ns_(second_ns / rate.per_second),
      span_ns_(interval_ns_ * rate.burst),
      burst_(rate.burst),
      windows_((capacity + window_slots - 1) / window_slots),
      secret_multiplier_(secret() | 1),
      secret_offset_(secret()),
      slots_(static_cast<Slot*>(std::calloc(windows_ * window_slots, sizeof(Slot)))),
      locks_(lock_count) {
    if (!slots_)
        throw std::bad_alloc();
}

// An odd multiplier loses nothing of `high`; not knowing it, nobody finds keys that collide.
std::size_t Buckets::window_of(const BucketKey& key) const {
    const auto hash = mixed((key.high ^ secret_offset_) * secret_multiplier_ + key.low);
    return static_cast<std::size_t>(((hash >> 32) * windows_) >> 32);
}

Buckets::Slot& Buckets::claim(std::size_t window, const BucketKey& key) {
    const std::span slots(slots_.get() + window * window_slots, window_slots);
    Slot* fullest = slots.data();
    for (auto& slot : slots) {
        if (slot.full_at != 0 && slot.key == key)
            return slot;
        if (slot.full_at < fullest->full_at)
            fullest = &slot;
        if (slot.full_at == 0)
            break;
    }
    fullest->key = key;
    return *fullest;
}

Allowance Buckets::take(const BucketKey& key, TimePoint now) {
    const std::int64_t now_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    const auto window = window_of(key);
    const std::scoped_lock lock(locks_[window % lock_count].mutex);
    auto& slot = claim(window, key);
    const auto missing_ns = std::max<std::int64_t>(slot.full_at - now_ns, 0);
    const auto left_ns = span_ns_ - missing_ns - interval_ns_;
    if (left_ns < 0)
        return {false, burst_, 0, std::chrono::nanoseconds(missing_ns),
                std::chrono::nanoseconds(-left_ns)};
    slot.full_at = now_ns + missing_ns + interval_ns_;
    return {true, burst_, static_cast<std::int32_t>(left_ns / interval_ns_),
            std::chrono::nanoseconds(missing_ns + interval_ns_), std::chrono::nanoseconds(0)};
}

}  // namespace bulkhead::http
