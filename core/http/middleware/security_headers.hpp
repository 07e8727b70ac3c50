#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Tells browsers to guess nothing, frame nothing, load nothing and tell nobody; under /api, to
/// store nothing. A header that the handler has set stays as it is.
class SecurityHeaders final : public Middleware {
public:
    explicit SecurityHeaders(const Blueprint&) {}
    void leave(Exchange& exchange) override;
};

}  // namespace bulkhead::http
