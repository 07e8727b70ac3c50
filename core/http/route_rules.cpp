#include "http/route_rules.hpp"

#include "http/query_route.hpp"

#include <algorithm>
#include <stdexcept>

namespace bulkhead::http {

namespace {

std::string line_of(const Route& route) {
    return std::string(to_text(route.method)) + " " + route.pattern;
}

[[noreturn]] void refuse(const Route& route, const std::string& why) {
    throw std::runtime_error("route " + line_of(route) + " of module \"" + route.module + "\" " +
                             why);
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{');
}

bool is_readable(std::string_view segment) {
    if (!is_parameter(segment))
        return segment.find_first_of("{}") == std::string_view::npos;
    return segment.size() > 2 && segment.find_first_of("{}", 1) == segment.size() - 1;
}

void check_pattern(const Route& route) {
    Segments segments;
    std::string decoded;
    const auto state = split_path(route.pattern, decoded, segments);
    const auto list = std::span(segments.text).first(segments.count);
    const bool escaped = route.pattern.find('%') != std::string::npos;
    if (escaped || state != PathState::usable || !std::ranges::all_of(list, is_readable))
        refuse(
            route,
            "has a pattern that no path can match: it is made of at most 32 segments, each after "
            "one slash, plain text (no % and no dots alone) or a whole {name}");
    auto names = parameters_of(segments);
    std::ranges::sort(names, {}, &PatternParameter::name);
    const auto twice = std::ranges::adjacent_find(names, {}, &PatternParameter::name);
    if (twice != names.end())
        refuse(route, "uses the name {" + std::string(twice->name) + "} twice: rename one");
}

}  // namespace

void check_route(const Route& route) {
    check_pattern(route);
    if (route.nonblocking && query_form(route) != nullptr)
        refuse(route, "is a query, which may block where no fast lane is: remove .nonblocking()");
    const bool scoped = route.access == Access::scoped && !route.scope.empty();
    if (!scoped && route.access != Access::open)
        refuse(route, "does not say who may call it: add .scope(\"...\") with a name, or .open()");
    if (!scoped && route.takes_caller)
        refuse(route, "is open, but its handler takes a Caller: give it a .scope(\"...\")");
}

void refuse_twins(const Route& first, const Route& second) {
    const auto which = first.pattern == second.pattern
                           ? line_of(first)
                           : line_of(first) + " and " + line_of(second) + " (one route)";
    throw std::runtime_error(
        first.module == second.module
            ? "module \"" + first.module + "\" claims " + which + " twice: remove one of them"
            : "modules \"" + first.module + "\" and \"" + second.module + "\" both claim " + which +
                  ": disable one of them or change its route");
}

std::vector<PatternParameter> parameters_of(const Segments& pattern) {
    std::vector<PatternParameter> parameters;
    for (std::size_t at = 0; at < pattern.count; ++at) {
        const auto segment = pattern.text[at];
        if (is_parameter(segment))
            parameters.push_back({segment.substr(1, segment.size() - 2), at});
    }
    return parameters;
}

}  // namespace bulkhead::http
