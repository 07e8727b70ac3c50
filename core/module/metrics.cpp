#include "module/metrics.hpp"

#include "value/enum_name.hpp"

#include <prometheus/text_serializer.h>

#include <limits>

namespace bulkhead::module {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

ClientMetric labelled(Labels labels) {
    ClientMetric metric;
    metric.label = std::move(labels);
    return metric;
}

ClientMetric counter(Labels labels, std::uint64_t value) {
    auto metric = labelled(std::move(labels));
    metric.counter.value = static_cast<double>(value);
    return metric;
}

ClientMetric gauge(Labels labels, std::int64_t value) {
    auto metric = labelled(std::move(labels));
    metric.gauge.value = static_cast<double>(value);
    return metric;
}

// Requests that found no route share one line: their paths are the clients' to invent.
Labels labels_of(const http::RouteStatistics& statistics) {
    if (statistics.route == nullptr)
        return {{"module", "core"}, {"method", "any"}, {"route", "unmatched"}};
    const auto& route = *statistics.route;
    return {{"module", route.module},
            {"method", std::string(to_text(route.method))},
            {"route", route.pattern}};
}

void add_requests(MetricFamily& family, const http::RouteStatistics& statistics) {
    for (std::size_t hundreds = 1; hundreds < statistics.by_status_class.size(); ++hundreds) {
        auto labels = labels_of(statistics);
        labels.push_back({"status_class", std::to_string(hundreds) + "xx"});
        if (const auto count = statistics.by_status_class[hundreds]; count > 0)
            family.metric.push_back(counter(std::move(labels), count));
    }
}

ClientMetric histogram(const http::RouteStatistics& statistics) {
    const auto& bounds = http::RouteStatistics::bucket_seconds;
    auto metric = labelled(labels_of(statistics));
    std::uint64_t cumulative = 0;
    for (std::size_t index = 0; index < statistics.latency_buckets.size(); ++index) {
        cumulative += statistics.latency_buckets[index];
        const auto bound =
            index < bounds.size() ? bounds[index] : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({cumulative, bound});
    }
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum = statistics.seconds_total;
    return metric;
}

void add_routes(std::vector<MetricFamily>& families, const http::Application& application) {
    MetricFamily requests{
        "bulkhead_http_requests_total", "Requests answered.", MetricType::Counter, {}};
    MetricFamily durations{"bulkhead_http_request_duration_seconds",
                           "From the end of a request's headers to its reply.",
                           MetricType::Histogram,
                           {}};
    for (const auto& statistics : application.route_statistics()) {
        add_requests(requests, statistics);
        durations.metric.push_back(histogram(statistics));
    }
    families.push_back(std::move(requests));
    families.push_back(std::move(durations));
}

void add_compartments(std::vector<MetricFamily>& families, const http::Application& application) {
    MetricFamily running{"bulkhead_module_in_flight", "Handlers running.", MetricType::Gauge, {}};
    MetricFamily queued{
        "bulkhead_module_queued", "Requests waiting for a handler.", MetricType::Gauge, {}};
    MetricFamily refused{"bulkhead_module_refused_total",
                         "Requests answered 503 because the module's queue was full.",
                         MetricType::Counter,
                         {}};
    for (const auto& one : application.compartment_statistics()) {
        const Labels labels{{"module", std::string(one.module)}};
        running.metric.push_back(gauge(labels, one.running));
        queued.metric.push_back(gauge(labels, one.queued));
        refused.metric.push_back(counter(labels, one.refused));
    }
    for (auto* family : {&running, &queued, &refused})
        families.push_back(std::move(*family));
}

void add_middleware(std::vector<MetricFamily>& families, const http::Application& application) {
    MetricFamily answered{"bulkhead_http_middleware_answered_total",
                          "Requests that a middleware answered itself, most of them refused.",
                          MetricType::Counter,
                          {}};
    for (const auto& [name, count] : application.middleware_statistics())
        answered.metric.push_back(counter({{"middleware", std::string(name)}}, count));
    families.push_back(std::move(answered));
}

void add_statements(std::vector<MetricFamily>& families, const db::PoolStatistics& pool) {
    MetricFamily runs{"bulkhead_db_statement_runs_total",
                      "Runs of the statements of this name.",
                      MetricType::Counter,
                      {}};
    MetricFamily failures{"bulkhead_db_statement_failures_total",
                          "Runs of them that failed.",
                          MetricType::Counter,
                          {}};
    MetricFamily slow{"bulkhead_db_statement_slow_total",
                      "Runs of them slower than database.slow_query_ms.",
                      MetricType::Counter,
                      {}};
    MetricFamily seconds{"bulkhead_db_statement_seconds_total",
                         "Time that all of them took.",
                         MetricType::Counter,
                         {}};
    for (const auto& one : pool.statements) {
        const Labels labels{{"statement", one.name}};
        runs.metric.push_back(counter(labels, one.runs));
        failures.metric.push_back(counter(labels, one.failures));
        slow.metric.push_back(counter(labels, one.slow));
        seconds.metric.push_back(counter(labels, 0));
        seconds.metric.back().counter.value = static_cast<double>(one.microseconds) / 1e6;
    }
    for (auto* family : {&runs, &failures, &slow, &seconds})
        families.push_back(std::move(*family));
}

void add_request_queries(std::vector<MetricFamily>& families, const db::PoolStatistics& pool) {
    MetricFamily queries{"bulkhead_db_request_queries",
                         "Queries of one handler, of those that ran any.",
                         MetricType::Histogram,
                         {}};
    ClientMetric metric;
    std::uint64_t cumulative = 0;
    for (std::size_t index = 0; index < pool.requests.size(); ++index) {
        cumulative += pool.requests[index];
        const auto& bounds = db::request_query_bounds;
        const auto bound = index < bounds.size() ? static_cast<double>(bounds[index])
                                                 : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({cumulative, bound});
    }
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum = static_cast<double>(pool.requests_queries);
    queries.metric.push_back(std::move(metric));
    families.push_back(std::move(queries));
}

void add_pool(std::vector<MetricFamily>& families, const db::PoolStatistics& pool) {
    const auto now = [&](const char* name, const char* help, std::int64_t value) {
        families.push_back({name, help, MetricType::Gauge, {gauge({}, value)}});
    };
    const auto total = [&](const char* name, const char* help, std::uint64_t value) {
        families.push_back({name, help, MetricType::Counter, {counter({}, value)}});
    };
    now("bulkhead_db_pool_open", "Open connections to the database.", pool.open);
    now("bulkhead_db_pool_leased", "Connections leased to handlers.", pool.leased);
    now("bulkhead_db_pool_waiting", "Handlers waiting for a connection.", pool.waiting);
    total("bulkhead_db_pool_leases_total", "Leases granted.", pool.leases);
    total("bulkhead_db_pool_exhausted_total", "Leases not granted in time.", pool.exhausted);
    total("bulkhead_db_queries_total", "Statements run.", pool.queries);
    total("bulkhead_db_slow_queries_total", "Statements slower than database.slow_query_ms.",
          pool.slow_queries);
    add_statements(families, pool);
    add_request_queries(families, pool);
}

void add_modules(std::vector<MetricFamily>& families, std::span<const ModuleStatus> modules) {
    MetricFamily states{
        "bulkhead_module_state", "1 for the state that the module is in.", MetricType::Gauge, {}};
    for (const auto& module : modules)
        for (const auto state : names(State{}))
            states.metric.push_back(gauge({{"module", module.name}, {"state", std::string(state)}},
                                          state == value::name_of(module.state) ? 1 : 0));
    families.push_back(std::move(states));
}

void add_events(std::vector<MetricFamily>& families,
                std::span<const events::SubscriptionState> subscriptions) {
    MetricFamily pending{"bulkhead_events_pending", "Deliveries that wait.", MetricType::Gauge, {}};
    MetricFamily dead{"bulkhead_events_dead", "Deliveries given up.", MetricType::Gauge, {}};
    MetricFamily delivered{
        "bulkhead_events_delivered_total", "Events delivered.", MetricType::Counter, {}};
    MetricFamily failed{
        "bulkhead_events_failed_total", "Attempts that failed.", MetricType::Counter, {}};
    for (const auto& one : subscriptions) {
        const Labels labels{{"subscription", one.name}};
        pending.metric.push_back(gauge(labels, one.pending));
        dead.metric.push_back(gauge(labels, one.dead));
        delivered.metric.push_back(counter(labels, one.delivered));
        failed.metric.push_back(counter(labels, one.failed));
    }
    for (auto* family : {&pending, &dead, &delivered, &failed})
        families.push_back(std::move(*family));
}

void add_reads(MetricFamily& family, const cache::Statistics& cache) {
    const std::pair<const char*, std::uint64_t> reads[] = {{"hit", cache.hits},
                                                           {"miss", cache.misses},
                                                           {"waited", cache.waited},
                                                           {"bypassed", cache.bypassed}};
    for (const auto& [result, count] : reads)
        family.metric.push_back(counter({{"cache", cache.name}, {"result", result}}, count));
}

void add_caches(std::vector<MetricFamily>& families, std::span<const cache::Statistics> caches) {
    MetricFamily reads{"bulkhead_cache_reads_total",
                       "Reads: hit: from memory; miss: loaded; waited: for another's load; "
                       "bypassed: loaded for this reader alone.",
                       MetricType::Counter,
                       {}};
    MetricFamily entries{"bulkhead_cache_entries", "Values kept.", MetricType::Gauge, {}};
    MetricFamily bytes{
        "bulkhead_cache_bytes", "Keys and values kept, as JSON.", MetricType::Gauge, {}};
    MetricFamily waiting{
        "bulkhead_cache_waiting", "Readers waiting for another's load.", MetricType::Gauge, {}};
    MetricFamily evictions{"bulkhead_cache_evictions_total",
                           "Values that made room before they had expired.",
                           MetricType::Counter,
                           {}};
    MetricFamily invalidations{
        "bulkhead_cache_invalidations_total", "Calls to forget.", MetricType::Counter, {}};
    for (const auto& one : caches) {
        const Labels labels{{"cache", one.name}};
        add_reads(reads, one);
        entries.metric.push_back(gauge(labels, one.occupancy.entries));
        bytes.metric.push_back(gauge(labels, one.occupancy.bytes));
        waiting.metric.push_back(gauge(labels, one.waiting));
        evictions.metric.push_back(counter(labels, one.occupancy.evictions));
        invalidations.metric.push_back(counter(labels, one.invalidations));
    }
    for (auto* family : {&reads, &entries, &bytes, &waiting, &evictions, &invalidations})
        families.push_back(std::move(*family));
}

}  // namespace

std::string metrics_text(const http::Application& application, const db::PoolStatistics& pool,
                         std::span<const events::SubscriptionState> subscriptions,
                         std::span<const cache::Statistics> caches,
                         std::span<const ModuleStatus> modules) {
    std::vector<MetricFamily> families;
    add_routes(families, application);
    add_compartments(families, application);
    add_middleware(families, application);
    add_pool(families, pool);
    add_events(families, subscriptions);
    add_caches(families, caches);
    add_modules(families, modules);
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace bulkhead::module
