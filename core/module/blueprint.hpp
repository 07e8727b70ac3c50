#pragma once

#include "module/generation.hpp"

namespace bulkhead::module {

/// Handlers of one module at once: `in_flight`, where 0 stands for all workers but the reserve,
/// which no module gets beyond.
std::int32_t in_flight_of(const ModuleOptions& options, const ServerOptions& server);

/// An application's blueprint without its routes and its authenticator: options, middleware and,
/// for each of `modules` and the core itself, its compartment.
http::Blueprint make_blueprint(const Configuration& configuration,
                               std::span<const std::string> modules);

}  // namespace bulkhead::module
