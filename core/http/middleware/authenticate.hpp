#pragma once

#include "http/chain.hpp"

#include <bulkhead/authenticator.hpp>

namespace bulkhead::http {

/// Finds out who calls a scoped route; open ones are not asked. Without an authenticator: 503
/// "auth.unavailable".
class Authenticate final : public Middleware {
public:
    explicit Authenticate(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;

private:
    Authenticator* authenticator_;
};

}  // namespace bulkhead::http
