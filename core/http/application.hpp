#pragma once
// Routes, middleware and executors: a request's whole way from its headers to its reply, without a
// socket. The connection stands on one side, tests on the other.

#include "http/features.hpp"
#include "http/options.hpp"
#include "value/fast_lane.hpp"

#include <bulkhead/authenticator.hpp>
#include <bulkhead/routes.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace bulkhead::http {

/// How much of the server one module may take: its bulkhead.
struct Compartment {
    std::string module;
    std::int32_t in_flight = 4;  ///< handlers running at once
    std::int32_t queue = 64;     ///< requests waiting for one of these; beyond: 503
};

/// What an application is made of; fixed for the life of its generation.
struct Blueprint {
    Options options;
    Features features{};
    std::int32_t workers = 8;
    std::deque<Route> routes;  ///< those of the core itself have module "core"
    /// One for each module with routes, "core" included; one that is missing is a Compartment{}.
    std::vector<Compartment> compartments;
    std::map<std::string, std::string> module_versions{};  ///< by name, for module_version
    std::vector<std::string> middleware;                   ///< names in run order, outermost first
    std::vector<std::string> unlimited{};    ///< patterns that no rate limit counts: probes
    bool access_log = true;                  ///< log.access: whether access_log writes
    Authenticator* authenticator = nullptr;  ///< null: scoped routes answer 503 auth.unavailable
    std::function<void()> handler_entered;   ///< on the worker, around each handler that may block
    std::function<std::int64_t()> handler_left;  ///< how many queries it ran
    value::MakeLane fast_lane;  ///< of each I/O thread, for routes that are one query
};

/// Counters of one route since start; read without stopping anyone.
struct RouteStatistics {
    static constexpr std::array<double, 12> bucket_seconds{
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    const Route* route;                               ///< null: requests that found no route
    std::array<std::uint64_t, 6> by_status_class{};   ///< [2] counts 2xx
    std::uint64_t faults = 0;                         ///< 500 and 504: the server's own fault
    std::array<std::uint64_t, 13> latency_buckets{};  ///< not cumulative; the last one is +Inf
    double seconds_total = 0;
};

struct CompartmentStatistics {
    std::string_view module;
    std::int64_t running = 0;
    std::int64_t queued = 0;
    std::uint64_t refused = 0;  ///< answered 503 because the queue was full
};

struct MiddlewareStatistics {
    std::string_view name;
    std::uint64_t answered = 0;  ///< requests that went no further in: refusals, for the most part
};

class Exchange;
class Inquiries;

/// One application per generation. Any thread.
class Application {
public:
    /// Throws std::runtime_error with a sentence: two modules claim one route, a route states
    /// neither scope nor open(), a middleware name is unknown, nothing would check the scopes.
    explicit Application(Blueprint blueprint);
    ~Application();  ///< waits for the handlers that still run

    /// Once the headers are there: decodes request.path (raw until now), finds the route and its
    /// path parameters. Returns the limit for the body, in bytes.
    std::size_t route(Exchange& exchange) const;

    /// Takes a routed exchange whose body is complete and calls exchange.answered() exactly once:
    /// from within for whatever needs no worker, from a worker or the deadline's thread otherwise.
    void handle(const std::shared_ptr<Exchange>& exchange);

    /// For what never became a request (the parser's refusals): request id, access log, security
    /// headers and envelope all the same. The exchange is new, or routed already. Calls
    /// exchange.answered() from within.
    void refuse(const std::shared_ptr<Exchange>& exchange, const Error& error);

    /// The same for a test or a tool, path still raw: waits for the reply. All headers are in it;
    /// a reply to HEAD still has its body, which is what a connection counts and leaves out.
    Reply answer(const Request& request);

    /// For the exchanges of one I/O thread (Exchange::inquiries); null where no route is a query,
    /// or the database has no fast lane. Ends before this.
    std::unique_ptr<Inquiries> inquiries(value::Reactor& reactor);

    const std::deque<Route>& routes() const;
    std::vector<RouteStatistics> route_statistics() const;
    std::vector<CompartmentStatistics> compartment_statistics() const;
    std::vector<MiddlewareStatistics> middleware_statistics() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::http
