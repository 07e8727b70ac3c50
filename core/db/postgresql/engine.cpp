#include "db/postgresql/engine.hpp"

#include "db/postgresql/tools.hpp"
#include "db/postgresql/wire.hpp"

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

}  // namespace bulkhead::db::postgresql
