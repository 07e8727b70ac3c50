#include "http/middleware/authenticate.hpp"

#include "http/application.hpp"
#include "http/problem.hpp"

namespace bulkhead::http {

namespace {

Step answer(Exchange& exchange, const Error& error) {
    exchange.reply = error_reply(error, exchange.request.id);
    return Step::answered;
}

// RFC 6750, 3.1: the client sent a token, and it is the token that is at fault.
void blame_token(Reply& reply) {
    for (auto& [name, value] : reply.headers)
        if (name == "WWW-Authenticate")
            value += R"(, error="invalid_token")";
}

}  // namespace

Authenticate::Authenticate(const Blueprint& blueprint) : authenticator_(blueprint.authenticator) {}

Step Authenticate::enter(Exchange& exchange) {
    if (!exchange.needs_caller())
        return Step::proceed;
    if (authenticator_ == nullptr)
        return answer(exchange,
                      Error::unavailable("auth.unavailable",
                                         "Nobody can sign in at the moment: no module that "
                                         "authenticates is running."));
    const auto authorization = exchange.request.header("Authorization");
    if (!authorization)
        return answer(exchange, Error::unauthenticated(
                                    "http.unauthenticated",
                                    "This needs an Authorization header with a bearer token."));
    auto caller = authenticator_->authenticate(*authorization);
    if (!caller) {
        answer(exchange, caller.error());
        blame_token(exchange.reply);
        return Step::answered;
    }
    exchange.caller = *std::move(caller);
    exchange.request.caller = &exchange.caller;
    return Step::proceed;
}

}  // namespace bulkhead::http
