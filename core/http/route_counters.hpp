#pragma once

#include "http/application.hpp"

#include <atomic>

namespace bulkhead::http {

/// Requests and latency by route number (see Progress). Counting takes no lock.
class RouteCounters {
public:
    explicit RouteCounters(const std::deque<Route>& routes);

    void count(std::size_t number, int status, std::chrono::steady_clock::duration took);
    std::vector<RouteStatistics> read() const;

private:
    using Counter = std::atomic<std::uint64_t>;
    struct alignas(64) Row {  // A cache line of its own: routes do not slow one another.
        std::array<Counter, 6> by_status_class{};
        std::array<Counter, 13> latency_buckets{};
        Counter nanoseconds{};
        Counter faults{};
    };

    static RouteStatistics read(const Route* route, const Row& row);

    const std::deque<Route>& routes_;
    std::vector<Row> rows_;
};

}  // namespace bulkhead::http
