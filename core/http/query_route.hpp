#pragma once

#include "value/fast_lane.hpp"

namespace bulkhead::http {

/// The query of a route; null for a route with a handler.
const detail::QueryForm* query_form(const Route& route);

/// Answers with rows that need no value of their type: byte for byte what the worker's way makes.
/// Throws db::Failure (usage) for rows that do not fit.
void reply_rows(const detail::QueryForm& form, const Route& route, const Request& request,
                const value::Rows& rows, std::int32_t limit, Reply& reply);

}  // namespace bulkhead::http
