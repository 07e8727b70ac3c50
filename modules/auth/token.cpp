#include "token.hpp"

#include <bulkhead/base64url.hpp>
#include <bulkhead/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace auth {
namespace {

constexpr std::string_view every_scope = "*";
// RFC 9068 demands a client; nobody but this server's own front door asks for tokens here.
constexpr std::string_view first_party = "first-party";
constexpr double last_second = 253402300799;  // of the year 9999

struct Header {
    std::string typ;
    std::string alg;
    std::string kid;

    static auto fields() {
        return shape(field("typ", &Header::typ), field("alg", &Header::alg),
                     field("kid", &Header::kid));
    }
};

struct Claims {
    std::string iss;
    CallerId sub;
    std::string aud;
    std::string client_id;
    std::int64_t exp = 0;
    std::int64_t iat = 0;
    Uuid jti;
    std::string scope;

    static auto fields() {
        return shape(field("iss", &Claims::iss), field("sub", &Claims::sub),
                     field("aud", &Claims::aud), field("client_id", &Claims::client_id),
                     field("exp", &Claims::exp, between(0, last_second)),
                     field("iat", &Claims::iat, between(0, last_second)),
                     field("jti", &Claims::jti), field("scope", &Claims::scope));
    }
};

Error invalid_token(const char* reason) {
    return Error::unauthenticated("auth.invalid_token", "The access token is not valid.")
        .with_detail(reason);
}

// RFC 6749, 3.3: scope-token.
bool is_scope(std::string_view scope) {
    return !scope.empty() && std::ranges::all_of(scope, [](char c) {
        return c > 0x20 && c < 0x7f && c != 0x22 && c != 0x5c;  // No quote, no backslash.
    });
}

std::string joined(const std::vector<std::string>& scopes) {
    std::string text;
    for (const auto& scope : scopes) {
        if (!is_scope(scope))
            throw std::runtime_error("module.auth.settings.scopes: \"" + scope +
                                     "\" is no scope: use printable ASCII without spaces, quotes "
                                     "and backslashes (RFC 6749, 3.3)");
        text.append(text.empty() ? "" : " ").append(scope);
    }
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

}  // namespace

AccessTokens::AccessTokens(SigningKey key, const Settings& settings)
    : key_(std::move(key)),
      header_(to_base64url(
          json::text_of(Header{"at+jwt", std::string(SigningKey::algorithm), key_.id()}))),
      issuer_(settings.issuer),
      audience_(settings.audience),
      scope_(joined(settings.scopes)),
      life_seconds_(settings.access_token_seconds) {}

std::string AccessTokens::issue(CallerId user, bool administrator) const {
    const auto issued = std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count();
    const Claims claims{.iss = issuer_,
                        .sub = user,
                        .aud = audience_,
                        .client_id = std::string(first_party),
                        .exp = issued + life_seconds_,
                        .iat = issued,
                        .jti = Uuid::fresh(),
                        .scope = administrator ? std::string(every_scope) : scope_};
    auto token = header_ + "." + to_base64url(json::text_of(claims));
    const auto signature = key_.sign(token);
    return token.append(".").append(to_base64url(signature));
}

Result<std::string> AccessTokens::signed_text(std::string_view token) const {
    const auto end = token.rfind('.');
    if (end == std::string_view::npos || end <= header_.size())
        return invalid_token("not three parts");
    // Only this server signs, so only its own header is taken, byte for byte: no algorithm and no
    // key is ever chosen by what a token says.
    if (!token.starts_with(header_) || token[header_.size()] != '.')
        return invalid_token("another header than this server's: algorithm, type or key differ");
    const auto signature = from_base64url(token.substr(end + 1));
    if (!signature || !key_.verifies(token.substr(0, end), *signature))
        return invalid_token("wrong signature");
    const auto payload = token.substr(header_.size() + 1, end - header_.size() - 1);
    return from_base64url(payload).value_or("");
}

Result<Grant> AccessTokens::verify(std::string_view token) const {
    const auto text = signed_text(token);
    if (!text)
        return text.error();
    const auto claims = json::read<Claims>(*text);
    if (!claims)
        return invalid_token("signed, but no claims of this server's");
    if (claims->iss != issuer_ || claims->aud != audience_)
        return invalid_token("of another issuer or for another audience");
    const Timestamp expires_at{std::chrono::seconds(claims->exp)};
    if (expires_at <= now())
        return Error::unauthenticated("auth.token_expired",
                                      "The access token has expired: refresh it or log in again.");
    return Grant{{claims->sub, split(claims->scope)}, expires_at};
}

}  // namespace auth
