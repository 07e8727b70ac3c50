#include "module/verify_routes.hpp"

#include <map>

namespace bulkhead::module {

namespace {

std::string line_of(const Route& route) {
    return std::string(to_text(route.method)) + " " + route.pattern;
}

// "GET /things/{id}" and "GET /things/{name}" are one route: "GET /things/{}".
std::string without_names(const std::string& line) {
    std::string kept;
    bool within = false;
    for (const char c : line) {
        within = within && c != '}';
        if (!within)
            kept += c;
        within = within || c == '{';
    }
    return kept;
}

bool says_who_may_call(const Route& route) {
    return route.access == Access::open || (route.access == Access::scoped && !route.scope.empty());
}

}  // namespace

std::vector<Breach> route_breaches(const std::deque<Route>& routes) {
    std::vector<Breach> breaches;
    std::map<std::string, const Route*> claimed;
    for (const auto& route : routes) {
        if (!says_who_may_call(route))
            breaches.push_back(
                {route.module, Boundary::routes, line_of(route) + " does not say who may call it",
                 "a scope or open() on each route", "add .scope(\"...\") with a name, or .open()"});
        const auto [first, fresh] = claimed.emplace(without_names(line_of(route)), &route);
        if (!fresh)
            breaches.push_back({route.module, Boundary::routes,
                                "claims " + line_of(route) + ", which '" + first->second->module +
                                    "' claims as " + line_of(*first->second),
                                "each route claimed once", "change its method or its pattern"});
    }
    return breaches;
}

}  // namespace bulkhead::module
