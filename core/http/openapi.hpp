#pragma once

#include <bulkhead/routes.hpp>

namespace bulkhead::http {

/// The OpenAPI 3.1 document of these routes, as JSON text with stable order.
std::string openapi(const std::deque<Route>& routes, std::string_view version);

}  // namespace bulkhead::http
