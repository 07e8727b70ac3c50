#include "http/application.hpp"

#include "http/chain.hpp"
#include "http/executor.hpp"
#include "http/kept_request.hpp"
#include "http/problem.hpp"
#include "http/route_counters.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"
#include "log/log.hpp"
#include "value/deadline.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

namespace bulkhead::http {

namespace {

constexpr int status_of_abandoned = 499;  // For the log and the counters: nobody reads it.

/// Whom a module's routes run with, by route number.
std::vector<std::size_t> assign_compartments(Blueprint& blueprint) {
    auto& compartments = blueprint.compartments;
    std::vector<std::size_t> by_number{0};
    for (const auto& route : blueprint.routes) {
        auto found = std::ranges::find(compartments, route.module, &Compartment::module);
        if (found == compartments.end())
            found = compartments.insert(found, Compartment{route.module});
        by_number.push_back(static_cast<std::size_t>(found - compartments.begin()));
    }
    return by_number;
}

void check_limits(const Blueprint& blueprint) {
    if (blueprint.workers < 1)
        throw std::runtime_error("an application needs at least 1 worker, found " +
                                 std::to_string(blueprint.workers));
    for (const auto& [module, in_flight, queue] : blueprint.compartments)
        if (in_flight < 1 || queue < 0)
            throw std::runtime_error(
                "module \"" + module + "\" has in_flight " + std::to_string(in_flight) +
                " and queue " + std::to_string(queue) + ": expected at least 1 and at least 0");
}

void answer_options(Exchange& exchange) {
    exchange.reply.status = 204;
    exchange.reply.headers.emplace_back("Allow", exchange.progress.allow);
}

void refuse_method(Exchange& exchange) {
    const std::string allow(exchange.progress.allow);
    exchange.reply = error_reply(Error(ErrorKind::method_not_allowed, "http.method_not_allowed",
                                       "This path answers to " + allow + "."),
                                 exchange.request.id);
    exchange.reply.headers.emplace_back("Allow", allow);
}

void refuse_path(Exchange& exchange) {
    exchange.reply =
        error_reply(Error::malformed("http.bad_path",
                                     "The path must start with a slash, be percent-encoded UTF-8 "
                                     "and have neither %00 nor segments of dots."),
                    exchange.request.id);
}

void refuse_unknown(Exchange& exchange) {
    exchange.reply = error_reply(
        Error::not_found("http.not_found", "Nothing is served at this path."), exchange.request.id);
}

void answer_unrouted(Exchange& exchange) {
    switch (exchange.progress.found) {
        case Found::options:
            return answer_options(exchange);
        case Found::other_method:
            return refuse_method(exchange);
        case Found::bad_path:
            return refuse_path(exchange);
        case Found::nothing:
        case Found::route:
        case Found::file:
            return refuse_unknown(exchange);
    }
}

void call_handler(const Exchange& exchange, Reply& reply) {
    const auto& route = *exchange.route;
    route.handler.thunk(route.handler, route, exchange.request, reply);
}

/// Around a handler that may block.
class HandlerVisit {
public:
    HandlerVisit(const Blueprint& blueprint, std::int64_t& queries)
        : left_(blueprint.handler_left), queries_(queries) {
        if (blueprint.handler_entered)
            blueprint.handler_entered();
    }
    ~HandlerVisit() {
        if (left_)
            queries_ = left_();
    }
    HandlerVisit(const HandlerVisit&) = delete;
    HandlerVisit& operator=(const HandlerVisit&) = delete;

private:
    const std::function<std::int64_t()>& left_;
    std::int64_t& queries_;
};

}  // namespace

struct Application::Parts final : Workload {
    explicit Parts(Blueprint made)
        : blueprint(std::move(made)),
          router(blueprint.routes),
          files(blueprint.features.files, blueprint.routes),
          chain(blueprint),
          compartment_of(assign_compartments(blueprint)),
          counters(blueprint.routes),
          executor((check_limits(blueprint), static_cast<std::size_t>(blueprint.workers)),
                   blueprint.compartments, *this) {}

    void run(const Exchange& exchange, Answer& answer) override;
    void deliver(Exchange& exchange) override;
    void expire(Exchange& exchange) override;
    void abandon(Exchange& exchange) override;

    void run_here(Exchange& exchange) const;
    bool hand_over(const std::shared_ptr<Exchange>& exchange);
    void refuse_overload(Exchange& exchange) const;

    Blueprint blueprint;
    Router router;
    StaticFiles files;  ///< behind the router, as it adds to the routes, and before who counts them
    Chain chain;
    std::vector<std::size_t> compartment_of;
    RouteCounters counters;
    Executor executor;  ///< last, so that it ends first: its workers use all of the above
};

void Application::Parts::run(const Exchange& exchange, Answer& answer) {
    const log::RequestScope scope(exchange.request.id);
    const value::DeadlineScope due(exchange.progress.deadline);
    try {
        const HandlerVisit visit(blueprint, answer.queries);
        if (exchange.progress.found == Found::file)
            files.answer(exchange, answer);
        else
            call_handler(exchange, answer.reply);
    } catch (...) {
        chain.recover(exchange, answer.reply);
    }
}

void Application::Parts::run_here(Exchange& exchange) const {
    const log::RequestScope scope(exchange.request.id);
    try {
        call_handler(exchange, exchange.reply);
    } catch (...) {
        chain.recover(exchange, exchange.reply);
    }
}

// Once answered() is called, the connection may begin its next request with this very exchange.
void Application::Parts::deliver(Exchange& exchange) {
    auto& progress = exchange.progress;
    progress.finished = std::chrono::steady_clock::now();
    chain.leave(exchange);
    counters.count(progress.route_number, exchange.reply.status,
                   progress.finished - exchange.started);
    exchange.answered();
}

void Application::Parts::expire(Exchange& exchange) {
    const auto limit = std::to_string(blueprint.options.request_seconds);
    exchange.reply = error_reply(
        Error(ErrorKind::timeout, "http.timeout",
              "The answer took longer than " + limit + " seconds; what was begun may still end."),
        exchange.request.id);
    deliver(exchange);
}

void Application::Parts::abandon(Exchange& exchange) {
    exchange.reply.status = status_of_abandoned;
    deliver(exchange);
}

bool Application::Parts::hand_over(const std::shared_ptr<Exchange>& exchange) {
    return executor.submit(compartment_of[exchange->progress.route_number], exchange);
}

void Application::Parts::refuse_overload(Exchange& exchange) const {
    exchange.reply =
        error_reply(Error::unavailable("http.overloaded", "Too many requests are waiting for \"" +
                                                              exchange.route->module +
                                                              "\"; try again shortly."),
                    exchange.request.id);
}

Application::Application(Blueprint blueprint)
    : parts_(std::make_unique<Parts>(std::move(blueprint))) {}

Application::~Application() = default;

std::size_t Application::route(Exchange& exchange) const {
    const auto raw = exchange.request.path;
    parts_->router.find(exchange);
    if (exchange.progress.found == Found::nothing)
        parts_->files.find(raw, exchange);
    if (exchange.route != nullptr && exchange.route->body_limit_bytes > 0)
        return exchange.route->body_limit_bytes;
    return static_cast<std::size_t>(parts_->blueprint.options.body_bytes);
}

void Application::handle(const std::shared_ptr<Exchange>& exchange) {
    if (parts_->chain.enter(*exchange) == Step::proceed) {
        if (exchange->route == nullptr)
            answer_unrouted(*exchange);
        else if (exchange->route->nonblocking)
            parts_->run_here(*exchange);
        else if (parts_->hand_over(exchange))
            return;
        else
            parts_->refuse_overload(*exchange);
    }
    parts_->deliver(*exchange);
}

void Application::refuse(const std::shared_ptr<Exchange>& exchange, const Error& error) {
    exchange->progress.refused = true;
    if (parts_->chain.enter(*exchange) == Step::proceed)
        exchange->reply = error_reply(error, exchange->request.id);
    parts_->deliver(*exchange);
}

Reply Application::answer(const Request& request) {
    const auto exchange = keep_request(request);
    const auto done = std::make_shared<std::promise<void>>();
    exchange->answered = [done] { done->set_value(); };
    route(*exchange);
    handle(exchange);
    done->get_future().wait();
    return take_reply(*exchange);
}

const std::deque<Route>& Application::routes() const {
    return parts_->blueprint.routes;
}

std::vector<RouteStatistics> Application::route_statistics() const {
    return parts_->counters.read();
}

std::vector<CompartmentStatistics> Application::compartment_statistics() const {
    return parts_->executor.statistics();
}

std::vector<MiddlewareStatistics> Application::middleware_statistics() const {
    return parts_->chain.statistics();
}

}  // namespace bulkhead::http
