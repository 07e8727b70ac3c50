#pragma once
// A login's tokens, as clients get them and bring them back.

#include "account.hpp"

namespace auth {

/// The members of RFC 6749, 5.1, and whose they are.
struct Tokens {
    std::string access_token;
    std::string token_type = "Bearer";
    std::int32_t expires_in = 0;  ///< seconds that the access token lives
    std::string refresh_token;
    users::UserId user_id;

    static auto fields() {
        return shape(field("access_token", &Tokens::access_token),
                     field("token_type", &Tokens::token_type),
                     field("expires_in", &Tokens::expires_in,
                           described("Seconds that the access token lives.")),
                     field("refresh_token", &Tokens::refresh_token,
                           described("Good for one POST /auth/refresh.")),
                     field("user_id", &Tokens::user_id));
    }
};

struct RefreshRequest {
    std::string refresh_token;

    static auto fields() {
        return shape(field("refresh_token", &RefreshRequest::refresh_token, length(1, 255)));
    }
};

}  // namespace auth
