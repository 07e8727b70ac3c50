#pragma once
// Who makes a request: the bearer of an access token (RFC 6750).

#include "token.hpp"
#include "verified_tokens.hpp"

#include <bulkhead/authenticator.hpp>

namespace auth {

/// Checks a signature at most once per token while it is remembered; asks no database: what a token
/// grants holds until it expires. Any thread.
class BearerAuthenticator final : public Authenticator {
public:
    BearerAuthenticator(const AccessTokens& tokens, const Settings& settings)
        : tokens_(tokens), verified_(static_cast<std::size_t>(settings.remembered_tokens)) {}

    Result<Caller> authenticate(std::string_view authorization) override;

private:
    const AccessTokens& tokens_;
    VerifiedTokens verified_;
};

}  // namespace auth
