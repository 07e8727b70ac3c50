#include "http/exchange.hpp"

namespace bulkhead::http {

namespace {

constexpr std::size_t kept_bytes = 65'536;  // Of memory, from one reply to the next.

}  // namespace

void clear(Reply& reply) {
    const Reply fresh;
    reply.status = fresh.status;
    reply.content_type = fresh.content_type;
    reply.headers.clear();
    reply.body.clear();
}

void renew(Exchange& exchange, std::chrono::steady_clock::time_point started) {
    clear(exchange.reply);
    if (exchange.reply.body.capacity() > kept_bytes)
        exchange.reply.body.shrink_to_fit();
    static_cast<Visit&>(exchange) = {};
    exchange.file = {};
    exchange.header_lines.clear();
    exchange.caller.scopes.clear();
    exchange.request_id.clear();
    exchange.traceparent.clear();
    exchange.path_parameters.clear();
    exchange.started = started;
}

}  // namespace bulkhead::http
