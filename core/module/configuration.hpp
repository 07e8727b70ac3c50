#pragma once
// The whole of plugins.toml, typed. Each part is declared by its owner; here they come together.

#include "cache/options.hpp"
#include "config/document.hpp"
#include "db/options.hpp"
#include "events/options.hpp"
#include "http/features.hpp"
#include "http/options.hpp"
#include "log/log.hpp"

#include <map>
#include <memory>

namespace bulkhead::module {

constexpr auto default_middleware = std::to_array<std::string_view>(
    {"request_id", "forwarded", "access_log", "recover", "redirect", "deadline", "security_headers",
     "cors", "compress", "rate_limit_address", "authenticate", "rate_limit_caller", "authorize"});

/// [server]
struct ServerOptions {
    std::string listen = "127.0.0.1:8080";
    std::string unix_socket{};
    std::string unix_socket_mode = "0660";
    std::int32_t io_threads = 0;
    std::int32_t workers = 0;
    std::int32_t worker_reserve = 2;
    std::int32_t drain_seconds = 30;
    std::int32_t ready_seconds = 30;
    std::int32_t health_seconds = 1;
    std::int32_t start_attempts = 3;
    std::int32_t probation_seconds = 10;
    std::int32_t probation_replies = 20;
    std::int32_t probation_failure_percent = 10;
    std::string data = "var";

    static auto fields() {
        return shape(
            field("listen", &ServerOptions::listen, length(0, 255)),
            field("unix_socket", &ServerOptions::unix_socket, length(0, 107)),
            field("unix_socket_mode", &ServerOptions::unix_socket_mode, length(3, 4)),
            field("io_threads", &ServerOptions::io_threads, between(0, 256)),
            field("workers", &ServerOptions::workers, between(0, 1'024)),
            field("worker_reserve", &ServerOptions::worker_reserve, between(1, 64)),
            field("drain_seconds", &ServerOptions::drain_seconds, between(0, 3'600)),
            field("ready_seconds", &ServerOptions::ready_seconds, between(1, 600)),
            field("health_seconds", &ServerOptions::health_seconds, between(1, 60)),
            field("start_attempts", &ServerOptions::start_attempts, between(1, 100)),
            field("probation_seconds", &ServerOptions::probation_seconds, between(0, 3'600)),
            field("probation_replies", &ServerOptions::probation_replies, between(1, 1'000'000)),
            field("probation_failure_percent", &ServerOptions::probation_failure_percent,
                  between(0, 100)),
            field("data", &ServerOptions::data, length(1, 4'096)));
    }

    /// `workers`, or what its 0 stands for on this machine: 4 per core, at least 8.
    std::int32_t worker_count() const;
};

/// [middleware]
struct MiddlewareOptions {
    std::vector<std::string> order{default_middleware.begin(), default_middleware.end()};

    static auto fields() { return shape(field("order", &MiddlewareOptions::order, items(0, 64))); }
};

/// [modules]
struct ModulesOptions {
    std::string directory;  ///< empty: see module_directory()

    static auto fields() {
        return shape(field("directory", &ModulesOptions::directory, length(0, 4'096)));
    }
};

/// [module.<name>]; its own settings are in [module.<name>.settings].
struct ModuleOptions {
    bool enabled = true;
    std::int32_t in_flight = 0;
    std::int32_t queue = 64;
    std::int32_t database_connections = 0;
    std::string sha256;

    static auto fields() {
        return shape(
            field("enabled", &ModuleOptions::enabled),
            field("in_flight", &ModuleOptions::in_flight, between(0, 1'024)),
            field("queue", &ModuleOptions::queue, between(0, 100'000)),
            field("database_connections", &ModuleOptions::database_connections, between(0, 1'000)),
            field("sha256", &ModuleOptions::sha256, length(0, 64)));
    }
};

struct Configuration {
    std::shared_ptr<const config::Document> document;  ///< modules read their settings from it
    ServerOptions server;
    http::Options http;
    http::Features features;
    log::Options log;
    db::Options database;
    events::Options events;
    cache::Options cache;
    MiddlewareOptions middleware;
    ModulesOptions modules;
    std::map<std::string, ModuleOptions> module;
    std::filesystem::path scratch;  ///< stands for server.data while a command only looks

    std::filesystem::path data_folder() const;
    /// Absolute. Unless configured, `modules` beside the executable or, from PREFIX/bin, the folder
    /// PREFIX/lib/bulkhead/modules that `cmake --install` fills.
    std::filesystem::path module_directory() const;
};

/// Reads and checks everything but the modules' own settings, which only they can judge. Of a file,
/// that the folders of static files exist, too.
Result<Configuration> load_configuration(const std::filesystem::path& file);
Result<Configuration> configuration_of(config::Document document);

}  // namespace bulkhead::module
