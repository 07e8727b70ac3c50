#include "http/route_counters.hpp"

#include <catch2/catch.hpp>

#include <latch>
#include <thread>

using namespace bulkhead;
using namespace std::chrono_literals;

TEST_CASE("replies are counted by status and latency, each bound within its own bucket") {
    const std::deque<Route> routes(2);
    http::RouteCounters counters(routes);

    counters.count(2, 200, 0ns);
    counters.count(2, 204, 500us);
    counters.count(2, 404, 500us + 1ns);
    counters.count(2, 500, 2500ms);
    counters.count(2, 504, 2500ms + 1ns);
    counters.count(0, 404, 1ms);

    const auto all = counters.read();
    REQUIRE(all.size() == 3);
    CHECK(all[2].route == &routes[1]);
    CHECK(all[2].by_status_class == std::array<std::uint64_t, 6>{0, 0, 2, 0, 1, 2});
    CHECK(all[2].latency_buckets[0] == 2);
    CHECK(all[2].latency_buckets[1] == 1);
    CHECK(all[2].latency_buckets[11] == 1);
    CHECK(all[2].latency_buckets[12] == 1);
    CHECK(all[2].faults == 2);
    CHECK(all[2].seconds_total == Approx(5.001));
    CHECK(all[0].route == nullptr);
    CHECK(all[0].by_status_class[4] == 1);
}

TEST_CASE("no reply is lost, however many threads count at once") {
    constexpr std::size_t threads = 100, each = 500;  // More than have memory of their own.
    const std::deque<Route> routes(1);
    http::RouteCounters counters(routes);
    std::latch begin(threads);
    std::vector<std::thread> running;

    for (std::size_t started = 0; started < threads; ++started)
        running.emplace_back([&] {
            begin.arrive_and_wait();
            for (std::size_t done = 0; done < each; ++done)
                counters.count(1, 200, 1us);
        });
    for (auto& thread : running)
        thread.join();

    CHECK(counters.read()[1].by_status_class[2] == threads * each);
}
