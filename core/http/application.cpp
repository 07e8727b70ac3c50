#include "http/application.hpp"

#include "http/chain.hpp"
#include "http/executor.hpp"
#include "http/inquiries.hpp"
#include "http/kept_request.hpp"
#include "http/problem.hpp"
#include "http/query_route.hpp"
#include "http/route_counters.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"
#include "log/log.hpp"
#include "value/deadline.hpp"

#include <algorithm>
#include <atomic>
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

/// The queries of routes, by route number; null for the others.
std::vector<const detail::QueryForm*> queries_of(const std::deque<Route>& routes) {
    std::vector<const detail::QueryForm*> by_number{nullptr};
    for (const auto& route : routes)
        by_number.push_back(query_form(route));
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

struct Application::Parts final : Workload, Origin {
    explicit Parts(Blueprint made)
        : blueprint(std::move(made)),
          router(blueprint.routes),
          files(blueprint.features.files, blueprint.routes),
          chain(blueprint),
          compartment_of(assign_compartments(blueprint)),
          queries(queries_of(blueprint.routes)),
          inquired(blueprint.compartments.size()),
          counters(blueprint.routes),
          executor((check_limits(blueprint), static_cast<std::size_t>(blueprint.workers)),
                   blueprint.compartments, *this) {}

    void run(const Exchange& exchange, Answer& answer) override;
    void deliver(Exchange& exchange) override;
    void expire(Exchange& exchange) override;
    void abandon(Exchange& exchange) override;
    void recover(Exchange& exchange) override;
    void pass_on(const std::shared_ptr<Exchange>& exchange) override;
    void release(const Exchange& exchange) override;

    Inquiries::Outcome inquire(const std::shared_ptr<Exchange>& exchange);
    void run_here(Exchange& exchange) const;
    bool hand_over(const std::shared_ptr<Exchange>& exchange);
    void refuse_overload(Exchange& exchange) const;

    Blueprint blueprint;
    Router router;
    StaticFiles files;  ///< behind the router, as it adds to the routes, and before who counts them
    Chain chain;
    std::vector<std::size_t> compartment_of;
    std::vector<const detail::QueryForm*> queries;
    std::vector<std::atomic<std::int64_t>> inquired;  ///< in fast lanes now, by compartment
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

void Application::Parts::recover(Exchange& exchange) {
    chain.recover(exchange, exchange.reply);
}

void Application::Parts::pass_on(const std::shared_ptr<Exchange>& exchange) {
    if (hand_over(exchange))
        return;
    refuse_overload(*exchange);
    deliver(*exchange);
}

void Application::Parts::release(const Exchange& exchange) {
    inquired[compartment_of[exchange.progress.route_number]].fetch_sub(1,
                                                                       std::memory_order_relaxed);
}

// A module has no more in the lanes than its bulkhead would let run and wait; what is beyond goes
// there.
Inquiries::Outcome Application::Parts::inquire(const std::shared_ptr<Exchange>& exchange) {
    using Outcome = Inquiries::Outcome;
    const auto* query = queries[exchange->progress.route_number];
    if (query == nullptr || exchange->inquiries == nullptr)
        return Outcome::declined;
    const auto compartment = compartment_of[exchange->progress.route_number];
    const auto& limits = blueprint.compartments[compartment];
    auto outcome = Outcome::declined;
    if (inquired[compartment].fetch_add(1, std::memory_order_relaxed) <
        std::int64_t{limits.in_flight} + limits.queue) {
        const log::RequestScope scope(exchange->request.id);
        try {
            outcome = exchange->inquiries->ask(*query, exchange);
        } catch (...) {
            recover(*exchange);
            outcome = Outcome::answered;
        }
    }
    if (outcome != Outcome::asked)
        release(*exchange);
    return outcome;
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
        else if (const auto outcome = parts_->inquire(exchange);
                 outcome == Inquiries::Outcome::asked)
            return;
        else if (outcome == Inquiries::Outcome::declined && parts_->hand_over(exchange))
            return;
        else if (outcome == Inquiries::Outcome::declined)
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

std::unique_ptr<Inquiries> Application::inquiries(value::Reactor& reactor) {
    const auto is_query = [](const auto* query) { return query != nullptr; };
    if (!parts_->blueprint.fast_lane || std::ranges::none_of(parts_->queries, is_query))
        return nullptr;
    return std::make_unique<Inquiries>(*parts_, parts_->blueprint.fast_lane, reactor);
}

const std::deque<Route>& Application::routes() const {
    return parts_->blueprint.routes;
}

std::vector<RouteStatistics> Application::route_statistics() const {
    return parts_->counters.read();
}

std::vector<CompartmentStatistics> Application::compartment_statistics() const {
    auto all = parts_->executor.statistics();
    for (std::size_t place = 0; place < all.size(); ++place)
        all[place].running += parts_->inquired[place].load(std::memory_order_relaxed);
    return all;
}

std::vector<MiddlewareStatistics> Application::middleware_statistics() const {
    return parts_->chain.statistics();
}

}  // namespace bulkhead::http
