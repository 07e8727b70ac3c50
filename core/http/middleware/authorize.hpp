#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Lets a caller through who has the route's scope; else 403 "http.forbidden", naming it.
class Authorize final : public Middleware {
public:
    explicit Authorize(const Blueprint&) {}
    Step enter(Exchange& exchange) override;
};

}  // namespace bulkhead::http
