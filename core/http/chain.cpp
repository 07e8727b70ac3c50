#include "http/chain.hpp"

#include "http/application.hpp"
#include "http/middleware/access_log.hpp"
#include "http/middleware/authenticate.hpp"
#include "http/middleware/authorize.hpp"
#include "http/middleware/compress.hpp"
#include "http/middleware/cors.hpp"
#include "http/middleware/deadline.hpp"
#include "http/middleware/forwarded.hpp"
#include "http/middleware/module_version.hpp"
#include "http/middleware/rate_limit.hpp"
#include "http/middleware/recover.hpp"
#include "http/middleware/redirect.hpp"
#include "http/middleware/request_id.hpp"
#include "http/middleware/security_headers.hpp"
#include "http/problem.hpp"
#include "log/log.hpp"
#include "value/nearest.hpp"

#include <algorithm>
#include <stdexcept>

namespace bulkhead::http {

namespace {

constexpr std::size_t usual_header_bytes = 512;

/// A layer, and whether it does anything on the way in and out: most do on one of them only.
struct Made {
    std::unique_ptr<Middleware> layer;  ///< null: configured to do nothing
    bool enters = false;
    bool leaves = false;
};

template <class M>
Made make(const Blueprint& blueprint) {
    if constexpr (requires { M::has_work(blueprint); })
        if (!M::has_work(blueprint))
            return {};
    constexpr bool enters = !std::is_same_v<decltype(&M::enter), decltype(&Middleware::enter)>;
    constexpr bool leaves = !std::is_same_v<decltype(&M::leave), decltype(&Middleware::leave)>;
    return {std::make_unique<M>(blueprint), enters, leaves};
}

struct Layer {
    std::string_view name;
    Made (*make)(const Blueprint&);
};

/// All there are, in the order in which they usually run.
constexpr auto known = std::to_array<Layer>({{"request_id", make<RequestId>},
                                             {"module_version", make<ModuleVersion>},
                                             {"forwarded", make<Forwarded>},
                                             {"access_log", make<AccessLog>},
                                             {"recover", make<Recover>},
                                             {"redirect", make<Redirect>},
                                             {"deadline", make<Deadline>},
                                             {"security_headers", make<SecurityHeaders>},
                                             {"cors", make<Cors>},
                                             {"compress", make<Compress>},
                                             {"rate_limit_address", make<RateLimitAddress>},
                                             {"authenticate", make<Authenticate>},
                                             {"rate_limit_caller", make<RateLimitCaller>},
                                             {"authorize", make<Authorize>}});

const Layer& layer_named(const std::string& name) {
    const auto* const found = std::ranges::find(known, name, &Layer::name);
    if (found != known.end())
        return *found;
    std::vector<std::string_view> names;
    std::ranges::transform(known, std::back_inserter(names), &Layer::name);
    throw std::runtime_error("middleware.order names \"" + name + "\", which does not exist" +
                             suggestion(name, names));
}

void refuse_twice(const std::vector<std::string>& order) {
    for (auto name = order.begin(); name != order.end(); ++name)
        if (std::find(order.begin(), name, *name) != name)
            throw std::runtime_error("middleware.order names \"" + *name +
                                     "\" twice: remove one of them");
}

/// Access is denied by default: a list that asks nobody who calls must not serve scoped routes.
void refuse_unguarded(const Blueprint& blueprint) {
    const auto scoped = std::ranges::find(blueprint.routes, Access::scoped, &Route::access);
    if (scoped == blueprint.routes.end())
        return;
    const auto& order = blueprint.middleware;
    const auto authenticate = std::ranges::find(order, "authenticate");
    if (std::find(authenticate, order.end(), "authorize") == order.end())
        throw std::runtime_error(
            "middleware.order must name \"authenticate\" and, after it, \"authorize\": route " +
            scoped->pattern + " of module \"" + scoped->module +
            "\" needs a scope, which nothing would check");
}

void refuse_early_caller_limit(const std::vector<std::string>& order) {
    const auto limit = std::ranges::find(order, "rate_limit_caller");
    if (limit != order.end() && std::find(order.begin(), limit, "authenticate") == limit)
        throw std::runtime_error(
            "middleware.order must name \"rate_limit_caller\" after \"authenticate\": before it "
            "nobody knows who calls");
}

/// Whoever wants HTTPS must not be left with plain answers by a list from before there was any.
void refuse_unredirected(const Blueprint& blueprint) {
    const auto& order = blueprint.middleware;
    if (Redirect::has_work(blueprint) && std::ranges::find(order, "redirect") == order.end())
        throw std::runtime_error(
            "tls.redirect is true, but middleware.order does not name \"redirect\": name it there, "
            "best behind \"recover\"");
}

}  // namespace

Chain::Chain(const Blueprint& blueprint) {
    if (const auto wrong = wrong_key(blueprint.features))
        throw std::runtime_error(wrong->sentence);
    for (const auto& name : blueprint.middleware) {
        const auto& known_layer = layer_named(name);
        auto [layer, enters, leaves] = known_layer.make(blueprint);
        if (layer == nullptr)
            continue;
        const Passage passage{layer.get(), layers_.size()};
        if (enters)
            entered_.push_back(passage);
        if (leaves)
            left_.insert(left_.begin(), passage);
        layers_.push_back(std::move(layer));
        answers_.emplace_back().layer = known_layer.name;
    }
    refuse_twice(blueprint.middleware);
    refuse_unguarded(blueprint);
    refuse_early_caller_limit(blueprint.middleware);
    refuse_unredirected(blueprint);
}

Step Chain::enter(Exchange& exchange) const {
    exchange.progress.entered = 0;
    exchange.header_lines.reserve(usual_header_bytes);
    auto step = Step::proceed;
    try {
        enter_each(exchange, step);
    } catch (...) {
        recover(exchange, exchange.reply);
        step = Step::answered;
    }
    return step;
}

void Chain::enter_each(Exchange& exchange, Step& step) const {
    std::optional<log::RequestScope> scope;
    for (const auto& [layer, place] : entered_) {
        exchange.progress.entered = place + 1;
        step = layer->enter(exchange);
        if (step == Step::answered) {
            answers_[place].count.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        if (!scope && !exchange.request.id.empty())
            scope.emplace(exchange.request.id);
    }
    exchange.progress.entered = layers_.size();
}

void Chain::leave(Exchange& exchange) const {
    const log::RequestScope scope(exchange.request.id);
    for (const auto& [layer, place] : left_) {
        if (place >= exchange.progress.entered)
            continue;
        try {
            layer->leave(exchange);
        } catch (...) {
            recover(exchange, exchange.reply);
        }
    }
}

void Chain::recover(const Exchange& exchange, Reply& reply) const {
    for (auto inner = exchange.progress.entered; inner > 0; --inner)
        if (layers_[inner - 1]->recover(exchange, reply))
            return;
    reply = error_reply(
        Error(ErrorKind::internal, "http.internal", "an exception that no middleware recovers"),
        exchange.request.id);
}

std::vector<MiddlewareStatistics> Chain::statistics() const {
    std::vector<MiddlewareStatistics> statistics;
    for (const auto& [layer, count] : answers_)
        statistics.push_back({layer, count.load(std::memory_order_relaxed)});
    return statistics;
}

}  // namespace bulkhead::http
