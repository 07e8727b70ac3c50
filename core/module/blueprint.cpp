#include "module/blueprint.hpp"

#include <algorithm>

namespace bulkhead::module {

std::int32_t in_flight_of(const ModuleOptions& options, const ServerOptions& server) {
    const auto most = server.worker_count() - server.worker_reserve;
    return options.in_flight == 0 ? most : std::min(options.in_flight, most);
}

http::Blueprint make_blueprint(const Configuration& configuration,
                               std::span<const std::string> modules) {
    http::Blueprint blueprint;
    blueprint.options = configuration.http;
    blueprint.features = configuration.features;
    for (auto& [name, options] : blueprint.features.files)
        options.folder = configuration.document->folder() / options.folder;
    blueprint.workers = configuration.server.worker_count();
    blueprint.middleware = configuration.middleware.order;
    blueprint.access_log = configuration.log.access;
    blueprint.unlimited = {"/health", "/ready", "/metrics"};
    // The reserve is the core's, so that /ready and /metrics answer while every module is busy.
    blueprint.compartments.push_back(
        {"core", configuration.server.worker_reserve, ModuleOptions{}.queue});
    for (const auto& name : modules) {
        const auto& options = configuration.module.at(name);
        blueprint.compartments.push_back(
            {name, in_flight_of(options, configuration.server), options.queue});
    }
    blueprint.handler_entered = db::HandlerScope::enter;
    blueprint.handler_left = db::HandlerScope::leave;
    return blueprint;
}

}  // namespace bulkhead::module
