#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Takes X-Request-Id (1 to 128 of A-Z a-z 0-9 . _ -) and the W3C traceparent from the client, or
/// makes them; returns both.
class RequestId final : public Middleware {
public:
    explicit RequestId(const Blueprint&) {}
    Step enter(Exchange& exchange) override;
};

}  // namespace bulkhead::http
