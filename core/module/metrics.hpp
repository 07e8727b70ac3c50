#pragma once

#include "cache/region.hpp"
#include "events/backlog.hpp"
#include "module/generation.hpp"

namespace bulkhead::module {

/// What /metrics answers (Prometheus text format 0.0.4): requests and their durations by route,
/// in flight, queued and refused by module, the connection pool, the deliveries of events by
/// subscription, what each cache was asked and keeps, the state of each module.
std::string metrics_text(const http::Application& application, const db::PoolStatistics& pool,
                         std::span<const events::SubscriptionState> subscriptions,
                         std::span<const cache::Statistics> caches,
                         std::span<const ModuleStatus> modules);

}  // namespace bulkhead::module
