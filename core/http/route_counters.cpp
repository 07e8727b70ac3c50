#include "http/route_counters.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

using Seconds = std::chrono::duration<double>;

void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
    counter.fetch_add(amount, std::memory_order_relaxed);
}

void copy(const auto& counters, auto& into) {
    std::ranges::transform(counters, into.begin(), [](const auto& counter) {
        return counter.load(std::memory_order_relaxed);
    });
}

}  // namespace

RouteCounters::RouteCounters(const std::deque<Route>& routes)
    : routes_(routes), rows_(routes.size() + 1) {}

void RouteCounters::count(std::size_t number, int status,
                          std::chrono::steady_clock::duration took) {
    auto& row = rows_[number];
    constexpr auto& bounds = RouteStatistics::bucket_seconds;
    const auto bound = std::ranges::lower_bound(bounds, Seconds(took).count());
    add(row.by_status_class[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))], 1);
    if (status == 500 || status == 504)
        add(row.faults, 1);
    add(row.latency_buckets[static_cast<std::size_t>(bound - bounds.begin())], 1);
    add(row.nanoseconds, static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()));
}

std::vector<RouteStatistics> RouteCounters::read() const {
    std::vector<RouteStatistics> all{read(nullptr, rows_.front())};
    for (std::size_t number = 1; number < rows_.size(); ++number)
        all.push_back(read(&routes_[number - 1], rows_[number]));
    return all;
}

RouteStatistics RouteCounters::read(const Route* route, const Row& row) {
    RouteStatistics statistics{route};
    copy(row.by_status_class, statistics.by_status_class);
    statistics.faults = row.faults.load(std::memory_order_relaxed);
    copy(row.latency_buckets, statistics.latency_buckets);
    const auto total = std::chrono::nanoseconds(row.nanoseconds.load(std::memory_order_relaxed));
    statistics.seconds_total = Seconds(total).count();
    return statistics;
}

}  // namespace bulkhead::http
