#include "authenticator.hpp"

#include <algorithm>

namespace auth {
namespace {

constexpr std::string_view scheme = "bearer ";

// The scheme's case does not matter (RFC 9110, 11.1).
bool is_bearer(std::string_view authorization) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; };
    return std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower);
}

}  // namespace

Result<Caller> BearerAuthenticator::authenticate(std::string_view authorization) {
    if (!is_bearer(authorization))
        return Error::unauthenticated("auth.invalid_token",
                                      "Send the access token as \"Authorization: Bearer ...\".");
    const auto token = authorization.substr(scheme.size());
    if (auto known = verified_.find(token))
        return *std::move(known);
    auto grant = tokens_.verify(token);
    if (!grant)
        return std::move(grant.error());
    verified_.remember(token, *grant);
    return std::move(grant->caller);
}

}  // namespace auth
