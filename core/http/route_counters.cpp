#include "http/route_counters.hpp"

#include "value/thread_number.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

using Seconds = std::chrono::duration<double>;

/// The bounds of the buckets, each of which is a whole number of them.
constexpr auto bounds = [] {
    constexpr auto& seconds = RouteStatistics::bucket_seconds;
    std::array<std::chrono::nanoseconds, seconds.size()> whole{};
    for (std::size_t index = 0; index < seconds.size(); ++index)
        whole[index] = std::chrono::round<std::chrono::nanoseconds>(Seconds(seconds[index]));
    return whole;
}();

template <class Counters>
void add_up(const Counters& counters, auto& into) {
    for (std::size_t index = 0; index < into.size(); ++index)
        into[index] += counters[index].load(std::memory_order_relaxed);
}

}  // namespace

/// Who writes alone needs no atomic addition, which would cost as much as all else here.
void RouteCounters::Lane::add(Counter& counter, std::uint64_t amount) const {
    if (is_shared)
        counter.fetch_add(amount, std::memory_order_relaxed);
    else
        counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

RouteCounters::RouteCounters(const std::deque<Route>& routes) : routes_(routes) {
    lanes_.back() = new Lane{true, std::vector<Row>(routes.size() + 1)};
}

RouteCounters::~RouteCounters() {
    for (auto& lane : lanes_)
        delete lane.load(std::memory_order_relaxed);
}

RouteCounters::Lane& RouteCounters::own_lane() {
    auto& place = lanes_[std::min(value::thread_number(), lanes_.size() - 1)];
    auto* lane = place.load(std::memory_order_relaxed);
    if (lane == nullptr) {
        lane = new Lane{false, std::vector<Row>(routes_.size() + 1)};
        place.store(lane, std::memory_order_release);
    }
    return *lane;
}

void RouteCounters::count(std::size_t number, int status,
                          std::chrono::steady_clock::duration took) {
    auto& lane = own_lane();
    auto& row = lane.rows[number];
    const auto bound = std::ranges::find_if(bounds, [&](auto most) { return took <= most; });
    lane.add(row.by_status_class[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))], 1);
    if (status == 500 || status == 504)
        lane.add(row.faults, 1);
    lane.add(row.latency_buckets[static_cast<std::size_t>(bound - bounds.begin())], 1);
    lane.add(row.nanoseconds, static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()));
}

std::vector<RouteStatistics> RouteCounters::read() const {
    std::vector<RouteStatistics> all{read(nullptr, 0)};
    for (std::size_t number = 1; number <= routes_.size(); ++number)
        all.push_back(read(&routes_[number - 1], number));
    return all;
}

RouteStatistics RouteCounters::read(const Route* route, std::size_t number) const {
    RouteStatistics statistics{route};
    std::chrono::nanoseconds total{};
    for (const auto& place : lanes_) {
        const auto* const lane = place.load(std::memory_order_acquire);
        if (lane == nullptr)
            continue;
        const auto& row = lane->rows[number];
        add_up(row.by_status_class, statistics.by_status_class);
        add_up(row.latency_buckets, statistics.latency_buckets);
        statistics.faults += row.faults.load(std::memory_order_relaxed);
        total += std::chrono::nanoseconds(row.nanoseconds.load(std::memory_order_relaxed));
    }
    statistics.seconds_total = Seconds(total).count();
    return statistics;
}

}  // namespace bulkhead::http
