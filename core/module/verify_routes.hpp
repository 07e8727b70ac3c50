#pragma once

#include "module/breach.hpp"

#include <bulkhead/routes.hpp>

namespace bulkhead::module {

/// Routes that two claim (names of parameters aside), and routes that do not say who may call them.
std::vector<Breach> route_breaches(const std::deque<Route>& routes);

}  // namespace bulkhead::module
