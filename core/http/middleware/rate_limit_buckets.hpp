#pragma once

#include "http/middleware/allowance.hpp"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

namespace bulkhead::http {

/// Whom a bucket belongs to: 128 bits of the caller's choosing, compared in full.
struct BucketKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const BucketKey&) const = default;
};

/// How fast a bucket fills, and how much it holds; both at least 1.
struct Rate {
    std::int32_t per_second;
    std::int32_t burst;
};

/// Token buckets of one rate in a table of fixed size. Each starts full and is kept as the moment
/// at which it will be full again (the generic cell rate algorithm of ITU-T I.371). Never allocates
/// after its construction, and touches memory only as keys come. Any thread: one short lock of the
/// 64th part of the table that the key lies in.
///
/// A key has 16 places in the table, at a place that nobody outside can foresee. A full bucket is
/// worth no memory, so its place goes to whoever comes next. Where none is full, a newcomer takes
/// the fullest, with what is left in it: no request is granted because a bucket was forgotten,
/// those that are limited are displaced last, and a flood of keys only ever shares what its 16
/// places are worth.
class Buckets {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `capacity` is rounded up to a multiple of 16; 24 bytes each. Throws std::bad_alloc.
    Buckets(Rate rate, std::size_t capacity);

    /// Takes one token, if there is one. `now` may go back a little between calls, as it does
    /// between threads: that grants nothing. Rates are kept to 1 percent or better.
    Allowance take(const BucketKey& key, TimePoint now);

private:
    struct Slot {
        BucketKey key;
        std::int64_t full_at;  ///< ns of TimePoint; 0: never used
    };
    struct alignas(64) Lock {  // A cache line of its own: no thread waits for another's.
        std::mutex mutex;
    };
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };

    std::size_t window_of(const BucketKey& key) const;
    Slot& claim(std::size_t window, const BucketKey& key);

    const std::int64_t interval_ns_;
    const std::int64_t span_ns_;  ///< from empty to full
    const std::int32_t burst_;
    const std::uint64_t windows_;
    const std::uint64_t secret_multiplier_;
    const std::uint64_t secret_offset_;
    std::unique_ptr<Slot[], Free> slots_;
    std::vector<Lock> locks_;
};

}  // namespace bulkhead::http
