#pragma once

#include "http/exchange.hpp"
#include "http/path.hpp"

#include <unordered_map>

namespace bulkhead::http {

/// Pattern to route. A static segment wins over a parameter; only where the path below it leads
/// nowhere, the parameter is tried. Immutable once made: any thread. The cost of a lookup does not
/// depend on the number of routes, and a path without '%' is looked up without any allocation.
///
/// A path is split first and decoded once, segment by segment:
///   - "%2F" becomes a slash within its segment and never splits a path;
///   - an incomplete escape, "%00", invalid or overlong UTF-8, a dot segment (also as "%2e%2e") and
///     a path without leading slash are refused, 400: a proxy before us may have read them
///     differently;
///   - an empty segment ("//", a trailing slash) is in no path of ours: 404.
/// HEAD is served by the route of GET; OPTIONS is answered for each path that has a route.
class Router {
public:
    /// Throws std::runtime_error with a sentence: two routes are the same (method and pattern,
    /// names of parameters aside), a pattern is none, a route states neither scope nor open().
    explicit Router(const std::deque<Route>& routes);
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Reads request.method and the raw request.path; sets all of `exchange` that routing decides:
    /// request.path and path_parameters, decoded; route; progress.found, route_number and allow.
    void find(Exchange& exchange) const;

private:
    struct Node;

    void add(const Route& route, std::size_t number);
    static const Node* descend(const Node& node, std::span<const std::string_view> segments);
    static void choose(const Node& node, std::span<const std::string_view> segments,
                       Exchange& exchange);

    std::unique_ptr<Node> root_;
    std::unordered_map<std::string_view, const Node*>
        whole_;  ///< by path, of those without parameters
};

}  // namespace bulkhead::http
