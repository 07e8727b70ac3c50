#pragma once

#include "cache/regions.hpp"
#include "events/hub.hpp"
#include "module/generation.hpp"
#include "module/health_checks.hpp"

#include <atomic>
#include <mutex>

namespace bulkhead::module {

/// The routes of the core itself, outside of any version: /health, /ready, /metrics, /openapi.json.
/// Outlives the application that serves them.
class SystemRoutes {
public:
    SystemRoutes(db::Pool& pool, events::Hub& events, const cache::Regions& caches,
                 const std::vector<ModuleStatus>& modules)
        : pool_(pool), events_(events), caches_(caches), modules_(modules) {}

    std::deque<Route> routes();
    /// Whose statistics and routes are shown; before its first request.
    void show(const http::Application& application) { application_ = &application; }
    /// What running modules say of themselves, waited for for at most `patience`; before its first
    /// request.
    void watch(std::vector<HealthCheck> checks, std::chrono::seconds patience);
    void observe(std::function<std::string()> more_metrics);
    void announce_end() { ending_ = true; }

    Raw health() const;
    Raw ready();
    Raw metrics() const;
    Raw openapi();

private:
    std::string checks(bool connected, bool ending);

    db::Pool& pool_;
    events::Hub& events_;
    const cache::Regions& caches_;
    const std::vector<ModuleStatus>& modules_;
    const http::Application* application_ = nullptr;
    std::atomic<bool> ending_ = false;
    mutable std::mutex guard_;
    std::function<std::string()> more_metrics_;
    std::once_flag rendered_;
    std::string document_;
    std::optional<HealthChecks> health_checks_;
};

}  // namespace bulkhead::module
