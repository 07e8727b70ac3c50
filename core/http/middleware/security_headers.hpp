#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Tells browsers to guess nothing, frame nothing, load nothing and tell nobody; under /api, to
/// store nothing; on HTTPS, to come by HTTPS only. Pages (text/html) have a policy of their own. A
/// header that the handler has set stays as it is.
class SecurityHeaders final : public Middleware {
public:
    explicit SecurityHeaders(const Blueprint& blueprint);
    void leave(Exchange& exchange) override;

private:
    std::array<std::string, 8> lines_;  ///< ready, by what kind of reply it is
};

}  // namespace bulkhead::http
