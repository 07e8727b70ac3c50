#pragma once
// Access tokens: JWT (RFC 7519) in the profile of RFC 9068, signed with ES256.

#include "settings.hpp"
#include "signing_key.hpp"

namespace auth {

/// What a valid access token grants, until when.
struct Grant {
    Caller caller;
    Timestamp expires_at;
};

/// Writes and reads access tokens. Any thread.
class AccessTokens {
public:
    /// Throws std::runtime_error with a sentence for a scope that cannot stand in a token.
    AccessTokens(SigningKey key, const Settings& settings);

    /// Every scope ("*") for administrators, settings.scopes for all others.
    std::string issue(CallerId user, bool administrator) const;

    /// Refused: unauthenticated "auth.token_expired" for a token that was valid once,
    /// "auth.invalid_token" for everything else.
    Result<Grant> verify(std::string_view token) const;

    std::int32_t life_seconds() const { return life_seconds_; }

private:
    /// The claims, once header and signature are found right.
    Result<std::string> signed_text(std::string_view token) const;

    SigningKey key_;
    std::string header_;  ///< encoded
    std::string issuer_;
    std::string audience_;
    std::string scope_;
    std::int32_t life_seconds_;
};

}  // namespace auth
