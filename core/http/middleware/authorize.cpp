#include "http/middleware/authorize.hpp"

#include "http/problem.hpp"

namespace bulkhead::http {

Step Authorize::enter(Exchange& exchange) {
    if (!exchange.needs_caller())
        return Step::proceed;
    const auto& scope = exchange.route->scope;
    if (exchange.caller.may(scope))
        return Step::proceed;
    exchange.reply =
        error_reply(Error::forbidden("http.forbidden", "This needs the scope \"" + scope + "\"."),
                    exchange.request.id);
    exchange.reply.headers.emplace_back(
        "WWW-Authenticate",
        "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    return Step::answered;
}

}  // namespace bulkhead::http
