#include "http/middleware/forwarded.hpp"

#include "http/application.hpp"
#include "http/middleware/forwarded_hops.hpp"
#include "http/target.hpp"
#include "http/token.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr int most_hops = 32;  ///< proxies followed; what stands before is not read
constexpr std::string_view unix_peer = "unix";
constexpr std::string_view standard_header = "forwarded";
constexpr std::string_view usual_header = "x-forwarded";

/// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"; nothing for
/// "unknown" and for names that hide one (RFC 7239, 6).
std::optional<IpAddress> address_in(std::string_view node) {
    if (node.starts_with('[')) {
        const auto end = node.find(']');
        const auto port = node.substr(std::min(end, node.size() - 1) + 1);
        const bool closed = end != std::string_view::npos && (port.empty() || port.front() == ':');
        return closed ? address_from(node.substr(1, end - 1)) : std::nullopt;
    }
    const auto colon = node.find(':');
    const bool has_port = colon != std::string_view::npos && colon == node.rfind(':');
    return address_from(has_port ? node.substr(0, colon) : node);
}

void take_scheme(Exchange& exchange, std::string_view scheme) {
    if (same_ignoring_case(scheme, "https"))
        exchange.secure = true;
    else if (same_ignoring_case(scheme, "http"))
        exchange.secure = false;
}

}  // namespace

std::optional<WrongKey> wrong_key(const ForwardedOptions& options) {
    for (const auto& peer : options.trusted)
        if (peer != unix_peer && !network_from(peer))
            return wrong_value("forwarded.trusted",
                               "must list addresses, networks such as \"10.0.0.0/8\" (no bits set "
                               "behind the prefix) and \"unix\"",
                               peer);
    if (options.header != usual_header && options.header != standard_header)
        return wrong_value("forwarded.header", "must be x-forwarded or forwarded", options.header);
    return std::nullopt;
}

bool Forwarded::has_work(const Blueprint& blueprint) {
    return !blueprint.features.forwarded.trusted.empty();
}

Forwarded::Forwarded(const Blueprint& blueprint)
    : standard_(blueprint.features.forwarded.header == standard_header) {
    for (const auto& peer : blueprint.features.forwarded.trusted)
        if (const auto network = network_from(peer))
            networks_.push_back(*network);
        else
            trusts_unix_ = true;
}

bool Forwarded::trusts(const IpAddress& address) const {
    return std::ranges::any_of(networks_,
                               [&](const auto& network) { return network.has(address); });
}

bool Forwarded::trusts(std::string_view peer) const {
    if (peer == unix_peer)
        return trusts_unix_;
    const auto address = address_from(peer);
    return address && trusts(*address);
}

void Forwarded::follow(Exchange& exchange, auto hops) const {
    Hop client;
    std::optional<IpAddress> address;
    for (int followed = 0; followed < most_hops; ++followed) {
        const auto hop = hops.next();
        if (!hop)
            break;
        client = *hop;
        const auto named = address_in(hop->node);
        if (!named)
            break;
        address = named;
        if (!trusts(*address))
            break;
    }
    take_scheme(exchange, client.scheme);
    if (is_host(client.host))
        exchange.client_host = client.host;
    if (address) {
        exchange.client_address = to_text(*address);
        exchange.request.remote_address = exchange.client_address;
    }
}

Step Forwarded::enter(Exchange& exchange) {
    const auto& request = exchange.request;
    if (trusts(request.remote_address)) {
        if (standard_)
            follow(exchange, ForwardedHops(request.headers));
        else
            follow(exchange, XForwardedHops(request.headers));
    }
    return Step::proceed;
}

}  // namespace bulkhead::http
