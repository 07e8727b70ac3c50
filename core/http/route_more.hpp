#pragma once

#include <bulkhead/query.hpp>

namespace bulkhead::http {

/// What a route says beyond the members of Route, whose layout is that of SDK 1.0 for good. These
/// records stay within the core, so they may grow; Route::more is their number. They are made while
/// modules declare their routes and live as long as the process. Any thread.
struct RouteMore {
    bool uncompressed = false;
    std::optional<detail::QueryForm> query{};  ///< instead of a handler of the module's
};

/// A route that says nothing more has RouteMore{}.
const RouteMore& more_of(const Route& route);

/// To be written to; made for this route if it has none.
RouteMore& more_for(Route& route);

}  // namespace bulkhead::http
