#include "module/system_routes.hpp"

#include "http/openapi.hpp"
#include "module/metrics.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

namespace bulkhead::module {

namespace {

Result<Raw> health(SystemRoutes& system) {
    return system.health();
}
Result<Raw> ready(SystemRoutes& system) {
    return system.ready();
}
Result<Raw> metrics(SystemRoutes& system) {
    return system.metrics();
}
Result<Raw> openapi(SystemRoutes& system) {
    return system.openapi();
}

Raw raw(int status, std::string body) {
    Raw raw;
    raw.reply.status = status;
    raw.reply.body = std::move(body);
    raw.reply.headers.emplace_back("Cache-Control", "no-store");
    return raw;
}

void add_check(std::string& checks, std::string_view name, std::string_view state) {
    checks += checks.empty() ? "" : ",";
    json::write_text(checks, name);
    checks += ':';
    json::write_text(checks, state);
}

std::string_view word_for(const ModuleStatus& module, HealthChecks::Answer answer) {
    switch (answer) {
        case HealthChecks::Answer::unhealthy:
            return "unhealthy";
        case HealthChecks::Answer::silent:
            return "silent";
        case HealthChecks::Answer::healthy:
            break;
    }
    return value::name_of(module.state);
}

// The other numbers tell why the database did not.
std::vector<events::SubscriptionState> states_of(events::Hub& events) {
    try {
        return events.states();
    } catch (const db::Failure&) {
        return {};
    }
}

}  // namespace

std::deque<Route> SystemRoutes::routes() {
    Routes<SystemRoutes> on(*this, "");
    on.get("/health", module::health).open().nonblocking().summary("Whether the process answers");
    on.get("/ready", module::ready).open().summary("Whether requests can be served");
    on.get("/metrics", module::metrics).open().summary("Counters in the Prometheus text format");
    // Whoever asks for it often keeps nobody from /ready, whose workers are few.
    on.get("/openapi.json", module::openapi)
        .open()
        .nonblocking()
        .summary("This API as an OpenAPI document");
    auto routes = on.take();
    for (auto& route : routes)
        route.module = "core";
    return routes;
}

void SystemRoutes::watch(std::vector<HealthCheck> checks, std::chrono::seconds patience) {
    health_checks_.emplace(std::move(checks), patience);
}

void SystemRoutes::observe(std::function<std::string()> more_metrics) {
    const std::scoped_lock lock(guard_);
    more_metrics_ = std::move(more_metrics);
}

Raw SystemRoutes::health() const {
    return raw(200, R"({"status":"ok"})");
}

// A module that cannot work does not take the others out of the load balancer's rotation.
std::string SystemRoutes::checks(bool connected, bool ending) {
    std::map<std::string_view, HealthChecks::Answer> answers;
    for (const auto& [module, answer] : health_checks_->find())
        answers.emplace(module, answer);

    std::string checks;
    add_check(checks, "database", connected ? "ok" : "failed");
    for (const auto& module : modules_)
        if (module.state != State::available)
            add_check(checks, module.name, word_for(module, answers[module.name]));
    if (ending)
        add_check(checks, "generation", "ending");
    return checks;
}

Raw SystemRoutes::ready() {
    const bool connected = pool_.alive();
    const bool ending = ending_;
    const bool ok = connected && !ending;
    auto answer = raw(ok ? 200 : 503, std::string(R"({"status":")") + (ok ? "ok" : "unavailable") +
                                          R"(","checks":{)" + checks(connected, ending) + "}}");
    if (!ok)
        answer.reply.headers.emplace_back("Retry-After", "1");
    return answer;
}

Raw SystemRoutes::metrics() const {
    auto text = metrics_text(*application_, pool_.statistics(), states_of(events_),
                             caches_.statistics(), modules_);
    const std::scoped_lock lock(guard_);
    if (more_metrics_)
        text += more_metrics_();
    auto answer = raw(200, std::move(text));
    answer.reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return answer;
}

Raw SystemRoutes::openapi() {
    std::call_once(rendered_,
                   [this] { document_ = http::openapi(application_->routes(), BULKHEAD_VERSION); });
    return raw(200, document_);
}

}  // namespace bulkhead::module
