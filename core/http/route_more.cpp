#include "http/route_more.hpp"

#include <cstddef>
#include <mutex>

namespace bulkhead::http {

namespace {

// `more` lies where SDK 1.0 had padding, which the value-initialisation of a Route sets to zero: a
// module that was built then has routes that say nothing more.
static_assert(offsetof(Route, nonblocking) == 169);
static_assert(offsetof(Route, more) == 172);
static_assert(offsetof(Route, body_limit_bytes) == 176);
static_assert(sizeof(Route) == 288);

struct Records {
    std::mutex mutex;
    std::deque<RouteMore> list;  ///< number 1 comes first; a deque, because they are referred to
};

Records& records() {
    static Records records;
    return records;
}

}  // namespace

const RouteMore& more_of(const Route& route) {
    static const RouteMore nothing;
    auto& [mutex, list] = records();
    const std::scoped_lock lock(mutex);
    return route.more == 0 || route.more > list.size() ? nothing : list[route.more - 1];
}

RouteMore& more_for(Route& route) {
    auto& [mutex, list] = records();
    const std::scoped_lock lock(mutex);
    if (route.more == 0 || route.more > list.size()) {
        list.emplace_back();
        route.more = static_cast<std::uint32_t>(list.size());
    }
    return list[route.more - 1];
}

}  // namespace bulkhead::http
