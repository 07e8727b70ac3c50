#include "http/middleware/redirect.hpp"

#include "http/application.hpp"
#include "http/problem.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::int32_t usual_port = 443;
constexpr std::array<std::string_view, 3> answered_plainly{"/health", "/ready", "/metrics"};

/// "example.org" of "example.org:8080", "[::1]" of "[::1]:8080".
std::string_view without_port(std::string_view host) {
    const auto name_end = host.starts_with('[') ? host.find(']') : 0;
    return host.substr(0, host.find(':', name_end));
}

std::string_view host_of(const Exchange& exchange) {
    if (!exchange.client_host.empty())
        return exchange.client_host;
    return exchange.request.header("Host").value_or(std::string_view{});
}

std::string location_for(const Exchange& exchange, std::string_view host, std::string_view port) {
    const auto& request = exchange.request;
    std::string location = "https://";
    location.append(without_port(host)).append(port);
    const bool decoded = request.path.data() == exchange.decoded_path.data();
    location += decoded ? exchange.raw_path : request.path;
    if (!request.query.empty())
        location.append("?").append(request.query);
    return location;
}

}  // namespace

Redirect::Redirect(const Blueprint& blueprint) {
    const auto port = blueprint.features.tls.redirect_port;
    if (port != usual_port)
        port_ = ":" + std::to_string(port);
}

bool Redirect::has_work(const Blueprint& blueprint) {
    return blueprint.features.tls.redirect;
}

Step Redirect::enter(Exchange& exchange) {
    const auto& request = exchange.request;
    if (exchange.secure || exchange.progress.refused ||
        std::ranges::find(answered_plainly, request.path) != answered_plainly.end())
        return Step::proceed;
    const auto host = host_of(exchange);
    if (host.empty() || !request.path.starts_with('/')) {
        exchange.reply = error_reply(
            Error::malformed("http.https_required", "This is answered by HTTPS only."), request.id);
        return Step::answered;
    }
    exchange.reply =
        error_reply(Error::malformed("http.https_required",
                                     "This is answered by HTTPS only, at the address in Location."),
                    request.id);
    exchange.reply.status = 308;
    exchange.reply.headers.emplace_back("Location", location_for(exchange, host, port_));
    return Step::answered;
}

}  // namespace bulkhead::http
