#pragma once

#include "http/exchange.hpp"

namespace bulkhead::http {

/// An exchange that owns a copy of all that `request` views: what a socket's buffer does otherwise.
std::shared_ptr<Exchange> keep_request(const Request& request);

/// The reply of an answered exchange, with the header lines among its headers.
Reply take_reply(Exchange& exchange);

}  // namespace bulkhead::http
