#pragma once

#include "http/path.hpp"

#include <bulkhead/routes.hpp>

namespace bulkhead::http {

/// "{name}" in a pattern, and which segment it is, from 0.
struct PatternParameter {
    std::string_view name;
    std::size_t position;
};

/// What a route must keep to before it is served: a readable pattern, a scope or open(), and no
/// Caller where nobody was asked who calls. Throws std::runtime_error with a sentence.
void check_route(const Route& route);

/// Throws std::runtime_error: two routes that no request could tell apart, with both modules.
[[noreturn]] void refuse_twins(const Route& first, const Route& second);

/// In the order of the pattern; the names point into it.
std::vector<PatternParameter> parameters_of(const Segments& pattern);

}  // namespace bulkhead::http
