#pragma once

#include "http/exchange.hpp"

namespace bulkhead::http {

/// Adds the name of a request header to what the reply depends on (RFC 9110, 12.5.5): to the Vary
/// of the handler or of another layer if there is one, so that it stays one list. Says nothing
/// twice. For leave().
void vary_by(Exchange& exchange, std::string_view name);

}  // namespace bulkhead::http
