#pragma once

#include <bulkhead/request.hpp>
#include <bulkhead/result.hpp>

namespace bulkhead {

/// Turns credentials into a Caller. The module that knows accounts offers one; while none does,
/// every route that needs a caller answers 503 `auth.unavailable` and open routes go on.
class Authenticator {
public:
    static constexpr std::string_view contract = "bulkhead.authenticator/1";

    virtual ~Authenticator() = default;

    /// `authorization` is the whole header value (RFC 9110, 11.6.2). Called on I/O threads, many at
    /// once: it must neither block nor query. A refusal is `unauthenticated`.
    virtual Result<Caller> authenticate(std::string_view authorization) = 0;
};

}  // namespace bulkhead
