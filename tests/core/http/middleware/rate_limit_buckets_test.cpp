#include "http/middleware/rate_limit_buckets.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace bulkhead::http;
using namespace std::chrono_literals;

namespace {

constexpr Rate ten_per_second{10, 5};  // A token each 100 ms, 5 at once.
constexpr BucketKey ada{1, 1};

/// A clock that only a test moves.
Buckets::TimePoint at(std::chrono::nanoseconds time) {
    return Buckets::TimePoint(1h + time);
}

std::int32_t granted_of(Buckets& buckets, const BucketKey& key, int requests,
                        std::chrono::nanoseconds time) {
    std::int32_t granted = 0;
    for (int request = 0; request < requests; ++request)
        granted += buckets.take(key, at(time)).granted ? 1 : 0;
    return granted;
}

/// `count` keys that were never seen before, one request each.
void flood(Buckets& buckets, std::uint64_t count, std::chrono::nanoseconds time) {
    static std::uint64_t next = 1'000;
    for (std::uint64_t key = 0; key < count; ++key)
        buckets.take({++next, 7}, at(time));
}

}  // namespace

TEST_CASE("a bucket grants its burst, then what has come since") {
    Buckets buckets(ten_per_second, 1'024);

    CHECK(granted_of(buckets, ada, 8, 0s) == 5);
    CHECK(granted_of(buckets, ada, 8, 99ms) == 0);
    CHECK(granted_of(buckets, ada, 8, 100ms) == 1);
    CHECK(granted_of(buckets, ada, 8, 350ms) == 2);
    CHECK(granted_of(buckets, ada, 8, 1h) == 5);
}

TEST_CASE("a bucket says how much is left, and when there is more") {
    Buckets buckets(ten_per_second, 1'024);

    const auto first = buckets.take(ada, at(0s));
    granted_of(buckets, ada, 4, 30ms);
    const auto refused = buckets.take(ada, at(30ms));

    CHECK(first.granted);
    CHECK(first.limit == 5);
    CHECK(first.remaining == 4);
    CHECK(first.full_in == 100ms);
    CHECK(first.retry_in == 0ns);
    CHECK_FALSE(refused.granted);
    CHECK(refused.remaining == 0);
    CHECK(refused.full_in == 470ms);
    CHECK(refused.retry_in == 70ms);
}

TEST_CASE("a refused request takes nothing: waiting as told is enough") {
    Buckets buckets(ten_per_second, 1'024);
    granted_of(buckets, ada, 5, 0s);

    granted_of(buckets, ada, 1'000, 50ms);

    CHECK(granted_of(buckets, ada, 8, 100ms) == 1);
}

TEST_CASE("each key has a bucket of its own, both of its halves counted") {
    Buckets buckets(ten_per_second, 1'024);
    granted_of(buckets, ada, 5, 0s);
    const auto other = GENERATE(BucketKey{1, 2}, BucketKey{2, 1}, BucketKey{0, 1}, BucketKey{0, 0});

    CHECK(granted_of(buckets, other, 8, 0s) == 5);
    CHECK(granted_of(buckets, ada, 8, 0s) == 0);
}

TEST_CASE("rates and bursts hold from the least to the most that plugins.toml takes") {
    const auto [rate, granted] =
        GENERATE(table<Rate, std::int32_t>({{{1, 1}, 2},
                                            {{1, 10'000'000}, 20'000},
                                            {{3, 1}, 2},
                                            {{10'000'000, 1}, 2},
                                            {{10'000'000, 1'000}, 2'000}}));
    Buckets buckets(rate, 1'024);

    const auto first = granted_of(buckets, ada, 10'000, 0s);
    const auto second = granted_of(buckets, ada, 10'000, 1s);

    CHECK(first + second == granted);
}

TEST_CASE("a clock that goes back grants nothing more") {
    Buckets buckets(ten_per_second, 1'024);
    granted_of(buckets, ada, 5, 1s);

    CHECK(granted_of(buckets, ada, 8, 0s) == 0);
    CHECK(granted_of(buckets, ada, 8, 1100ms) == 1);
}

TEST_CASE("a flood of keys frees nobody who is limited") {
    Buckets buckets(ten_per_second, 1'024);
    granted_of(buckets, ada, 5, 0s);

    flood(buckets, 100 * 1'024, 0s);

    CHECK(granted_of(buckets, ada, 8, 0s) == 0);
}

TEST_CASE("a flood of keys is granted no more than the table is worth") {
    Buckets buckets(ten_per_second, 1'024);
    std::int32_t granted = 0;

    for (std::uint64_t key = 1; key <= 100 * 1'024; ++key)
        granted += buckets.take({key, key}, at(0s)).granted ? 1 : 0;

    CHECK(granted <= 1'024 * 5);
}

TEST_CASE("a newcomer after a flood has its burst once the flood's buckets are full") {
    Buckets buckets(ten_per_second, 1'024);
    flood(buckets, 100 * 1'024, 0s);

    CHECK(granted_of(buckets, ada, 8, 600ms) == 5);
}

TEST_CASE("many threads together are granted the burst, and no token twice") {
    Buckets buckets({1, 1'000}, 1'024);
    std::atomic<std::int32_t> granted{0};
    std::vector<std::thread> threads;

    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&] { granted += granted_of(buckets, ada, 1'000, 0s); });
    for (auto& thread : threads)
        thread.join();

    CHECK(granted == 1'000);
}
