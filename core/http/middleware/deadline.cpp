#include "http/middleware/deadline.hpp"

#include "http/application.hpp"

namespace bulkhead::http {

Deadline::Deadline(const Blueprint& blueprint) : limit_(blueprint.options.request_seconds) {}

Step Deadline::enter(Exchange& exchange) {
    // From here and not from the start of the request: a slow body has limits of its own.
    if (exchange.route != nullptr && !exchange.route->nonblocking)
        exchange.progress.deadline = std::chrono::steady_clock::now() + limit_;
    return Step::proceed;
}

}  // namespace bulkhead::http
