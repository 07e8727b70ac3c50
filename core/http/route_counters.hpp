#pragma once

#include "http/application.hpp"

#include <atomic>

namespace bulkhead::http {

/// Requests and latency by route number (see Progress). Counting takes no lock, and each of the
/// first threads has memory of its own for it.
class RouteCounters {
public:
    explicit RouteCounters(const std::deque<Route>& routes);
    ~RouteCounters();
    RouteCounters(const RouteCounters&) = delete;
    RouteCounters& operator=(const RouteCounters&) = delete;

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
    struct Lane {
        bool is_shared;
        std::vector<Row> rows;

        void add(Counter& counter, std::uint64_t amount) const;
    };

    Lane& own_lane();
    RouteStatistics read(const Route* route, std::size_t number) const;

    const std::deque<Route>& routes_;
    std::array<std::atomic<Lane*>, 65> lanes_{};  ///< by thread_number(); all others share the last
};

}  // namespace bulkhead::http
