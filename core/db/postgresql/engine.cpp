#include "db/postgresql/engine.hpp"

#include "db/postgresql/fast_lane.hpp"
#include "db/postgresql/tools.hpp"

#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

std::string or_else(const Settings& settings, const std::string& keyword, std::string otherwise) {
    const auto found = settings.find(keyword);
    return found == settings.end() ? std::move(otherwise) : found->second;
}

}  // namespace

Engine::Engine(const Options& options) : options_(options) {
    auto settings = settings_in(options.url);
    place_ = or_else(settings, "host", "localhost") + ":" + or_else(settings, "port", "5432") +
             "/" + or_else(settings, "dbname", "");
    // libpq counts whole seconds, two at least; what is asked for here is only the default.
    settings.emplace("connect_timeout",
                     std::to_string(std::max(2, (options.connect_timeout_ms + 999) / 1'000)));
    settings.emplace("application_name", "bulkhead");
    settings.emplace("client_encoding", "UTF8");
    conninfo_ = conninfo_of(settings);
}

std::unique_ptr<db::Wire> Engine::connect(Role) {
    return std::make_unique<Wire>(conninfo_, place_, options_, round_trips_);
}

std::unique_ptr<value::FastLane> Engine::fast_lane(Counters& counters, BackOff& back_off,
                                                   value::Reactor& reactor,
                                                   value::Receiver& receiver) {
    if (options_.lane_connections == 0)
        return nullptr;
    Yard yard{options_, counters, back_off,
              [this] { return std::make_unique<Wire>(conninfo_, place_, options_, round_trips_); }};
    return std::make_unique<FastLane>(
        std::move(yard), static_cast<std::size_t>(options_.lane_connections), reactor, receiver);
}

}  // namespace bulkhead::db::postgresql
