#include "http/router.hpp"

#include "http/route_rules.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::size_t method_count = 5;
constexpr std::string_view every_method = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// The place of a method among the endpoints of a path; method_count for one that no route has.
std::size_t index_of(std::string_view method) {
    if (method == "HEAD")
        return static_cast<std::size_t>(Method::get);
    std::size_t index = 0;
    while (index < method_count && to_text(static_cast<Method>(index)) != method)
        ++index;
    return index;
}

struct Endpoint {
    const Route* route = nullptr;
    std::size_t number = 0;
    std::vector<PatternParameter> parameters{};
};

}  // namespace

struct Router::Node {
    std::unordered_map<std::string_view, std::unique_ptr<Node>>
        children;  ///< keys: in the patterns
    std::unique_ptr<Node> parameter;
    std::array<Endpoint, method_count> endpoints;
    std::string allow;  ///< empty where no path ends

    Node& child(std::string_view segment) {
        auto& node = segment.starts_with('{') ? parameter : children[segment];
        if (!node)
            node = std::make_unique<Node>();
        return *node;
    }

    void list_methods() {
        std::vector<std::string_view> methods{"OPTIONS"};
        for (const auto& endpoint : endpoints)
            if (endpoint.route != nullptr)
                methods.push_back(to_text(endpoint.route->method));
        if (endpoints[static_cast<std::size_t>(Method::get)].route != nullptr)
            methods.emplace_back("HEAD");
        std::ranges::sort(methods);
        allow.clear();
        for (const auto method : methods)
            allow.append(allow.empty() ? "" : ", ").append(method);
    }
};

Router::Router(const std::deque<Route>& routes) : root_(std::make_unique<Node>()) {
    std::size_t number = 0;
    for (const auto& route : routes)
        add(route, ++number);
}

Router::~Router() = default;

void Router::add(const Route& route, std::size_t number) {
    check_route(route);
    Node* node = root_.get();
    Segments segments;
    std::string unused;
    split_path(route.pattern, unused, segments);
    for (std::size_t at = 0; at < segments.count; ++at)
        node = &node->child(segments.text[at]);
    auto& endpoint = node->endpoints[static_cast<std::size_t>(route.method)];
    if (endpoint.route != nullptr)
        refuse_twins(*endpoint.route, route);
    endpoint = {&route, number, parameters_of(segments)};
    node->list_methods();
    if (route.pattern.find_first_of("{%") == std::string::npos)
        whole_.emplace(route.pattern, node);
}

const Router::Node* Router::descend(const Node& node, std::span<const std::string_view> segments) {
    if (segments.empty())
        return node.allow.empty() ? nullptr : &node;
    const auto below = segments.subspan(1);
    if (const auto child = node.children.find(segments.front()); child != node.children.end())
        if (const Node* found = descend(*child->second, below))
            return found;
    return node.parameter ? descend(*node.parameter, below) : nullptr;
}

void Router::choose(const Node& node, std::span<const std::string_view> segments,
                    Exchange& exchange) {
    exchange.progress.allow = node.allow;
    const auto index = index_of(exchange.request.method);
    if (index == method_count || node.endpoints[index].route == nullptr) {
        const bool asks = exchange.request.method == "OPTIONS";
        exchange.progress.found = asks ? Found::options : Found::other_method;
        return;
    }
    const auto& endpoint = node.endpoints[index];
    exchange.route = endpoint.route;
    exchange.progress.found = Found::route;
    exchange.progress.route_number = endpoint.number;
    for (const auto& [name, position] : endpoint.parameters)
        exchange.path_parameters.push_back({name, segments[position]});
    exchange.request.path_parameters = exchange.path_parameters;
}

void Router::find(Exchange& exchange) const {
    auto& request = exchange.request;
    exchange.route = nullptr;
    exchange.path_parameters.clear();
    request.path_parameters = {};
    exchange.progress = {};
    if (const auto known = whole_.find(request.path); known != whole_.end())
        return choose(*known->second, {}, exchange);
    if (request.method == "OPTIONS" && request.path == "*") {
        exchange.progress.found = Found::options;
        exchange.progress.allow = every_method;
        return;
    }
    Segments segments;
    const auto state = split_path(request.path, exchange.decoded_path, segments);
    if (state == PathState::bad) {
        exchange.progress.found = Found::bad_path;
        return;
    }
    if (request.path.find('%') != std::string_view::npos) {
        exchange.raw_path = request.path;
        request.path = exchange.decoded_path;
    }
    if (state == PathState::absent)
        return;
    const auto used = std::span(segments.text).first(segments.count);
    if (const Node* node = descend(*root_, used))
        choose(*node, used, exchange);
}

}  // namespace bulkhead::http
