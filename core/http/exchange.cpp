#include "http/exchange.hpp"

namespace bulkhead::http {

void clear(Reply& reply) {
    static const Reply fresh;
    reply.status = fresh.status;
    reply.content_type = fresh.content_type;
    reply.headers.clear();
    reply.body.clear();
}

}  // namespace bulkhead::http
