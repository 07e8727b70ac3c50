#pragma once

#include <bulkhead/routes.hpp>

namespace bulkhead::http {

/// `pattern` behind the version that the route's own pattern lies under: "/api/v1/users/{id}".
/// Throws std::invalid_argument with a sentence when the route's result lacks a field it names.
std::string location_pattern(const Route& route, std::string pattern);

/// The Location of what a route has just made: its location pattern filled from the fields of
/// `data`, else the request's path and the field `id` behind it; empty where there is no `id`.
std::string location_of(const Route& route, const Request& request, const void* data);

/// A decoded path as it stands in a request, encoded segment by segment.
std::string encoded_path(std::string_view path);

}  // namespace bulkhead::http
