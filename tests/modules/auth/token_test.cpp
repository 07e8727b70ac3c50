#include "modules/auth/token.hpp"

#include "support/temporary_folder.hpp"
#include "support/token_forge.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace auth;
using namespace bulkhead::test;

namespace {

/// A server's tokens, and its key for forging more.
struct Mint {
    TemporaryFolder folder;
    std::string key_file = (folder.path() / "key.pem").string();
    Settings settings{};
    AccessTokens tokens{SigningKey::open(key_file), settings};
    CallerId user = CallerId::fresh();

    std::string forged_with(std::string_view claim, const boost::json::value& value) const {
        auto parts = parts_of(tokens.issue(user, false));
        parts.claims[claim] = value;
        return forged(parts.header, parts.claims, key_file);
    }
};

std::string code_of(const Result<Grant>& result) {
    return result ? "" : result.error().code;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("auth: an access token says who, for whom, what and how long") {
    const StoppedClock clock(*timestamp_from("2026-11-20T10:00:00.5Z"));
    Mint mint;

    const auto token = mint.tokens.issue(mint.user, false);
    const auto parts = parts_of(token);
    const auto grant = mint.tokens.verify(token);

    CHECK(parts.header.at("alg") == "ES256");
    CHECK(parts.header.at("typ") == "at+jwt");
    CHECK(parts.header.at("kid").as_string() == SigningKey::open(mint.key_file).id());
    CHECK(parts.claims.at("iss") == "bulkhead");
    CHECK(parts.claims.at("aud") == "bulkhead");
    CHECK(parts.claims.at("sub").as_string() == mint.user.to_text());
    CHECK(parts.claims.at("iat") == 1795168800);
    CHECK(parts.claims.at("exp") == 1795168800 + 900);
    CHECK(parts.claims.at("scope") == "users:read users:write orders:read orders:write");
    REQUIRE(grant);
    CHECK(grant->caller.id == mint.user);
    CHECK(grant->caller.scopes == mint.settings.scopes);
    CHECK(to_text(grant->expires_at) == "2026-11-20T10:15:00.000000Z");
}

TEST_CASE("auth: no two access tokens are the same") {
    const StoppedClock clock(now());
    Mint mint;

    CHECK(parts_of(mint.tokens.issue(mint.user, false)).claims.at("jti") !=
          parts_of(mint.tokens.issue(mint.user, false)).claims.at("jti"));
}

TEST_CASE("auth: an administrator's token grants every scope") {
    Mint mint;

    const auto grant = mint.tokens.verify(mint.tokens.issue(mint.user, true));

    REQUIRE(grant);
    CHECK(grant->caller.scopes == std::vector<std::string>{"*"});
}

TEST_CASE("auth: a second writer's token is accepted if all of it is right") {
    Mint mint;

    const auto grant = mint.tokens.verify(mint.forged_with("scope", "a b"));

    REQUIRE(grant);
    CHECK(grant->caller.scopes == std::vector<std::string>{"a", "b"});
}

TEST_CASE("auth: an access token ends with its last second") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    Mint mint;
    const auto token = mint.tokens.issue(mint.user, false);

    clock.advance(std::chrono::seconds(900) - std::chrono::microseconds(1));
    CHECK(mint.tokens.verify(token));
    clock.advance(std::chrono::microseconds(1));
    CHECK(code_of(mint.tokens.verify(token)) == "auth.token_expired");
}

TEST_CASE("auth: a token with another header is refused, whatever its signature") {
    Mint mint;
    const auto given = parts_of(mint.tokens.issue(mint.user, false));
    const std::vector<std::pair<std::string, std::string>> cases{
        {"alg", "none"},
        {"alg", "HS256"},
        {"alg", "RS256"},
        {"alg", "es256"},
        {"typ", "JWT"},
        {"kid", "another-key"},
        {"jku", "https://example.org/keys"}};

    for (const auto& [member, text] : cases) {
        auto header = given.header;
        header[member] = text;

        const auto token = forged(header, given.claims, mint.key_file);

        CHECK(code_of(mint.tokens.verify(token)) == "auth.invalid_token");
    }
}

TEST_CASE("auth: a signed token with other claims than this server's is refused") {
    Mint mint;
    const std::vector<std::pair<std::string, std::string>> cases{
        {"iss", R"("another")"},        {"aud", R"("another")"},
        {"aud", R"(["bulkhead"])"},     {"sub", R"("ada")"},
        {"exp", R"("4000000000")"},     {"exp", "-1"},
        {"exp", "9223372036854775807"}, {"iat", "null"},
        {"scope", R"(["*"])"},          {"crit", "[]"},
    };

    for (const auto& [claim, value] : cases) {
        const auto token = mint.forged_with(claim, boost::json::parse(value));

        CHECK(code_of(mint.tokens.verify(token)) == "auth.invalid_token");
    }
}

TEST_CASE("auth: a token that is not exactly what was given out is refused") {
    Mint mint;
    const auto token = mint.tokens.issue(mint.user, false);
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    const auto header = token.substr(0, first);
    const auto claims = token.substr(first + 1, last - first - 1);
    const auto signature = token.substr(last + 1);
    // The last of 86 characters holds four bits; 'R' differs from 'Q' only in those left over.
    const std::string canonical = "AQgw";
    REQUIRE(canonical.find(signature.back()) != std::string::npos);
    const auto stray = static_cast<char>(signature.back() + 1);
    const std::vector<std::pair<std::string, std::string>> cases{
        {"empty", ""},
        {"dots only", ".."},
        {"no signature", header + "." + claims + "."},
        {"two parts", header + "." + claims},
        {"truncated", token.substr(0, token.size() - 1)},
        {"extra dot at the end", token + "."},
        {"extra dot in front", "." + token},
        {"extra part", header + "." + claims + "." + claims + "." + signature},
        {"empty claims", header + ".." + signature},
        {"padded", token + "=="},
        {"stray bits in the signature", token.substr(0, token.size() - 1) + stray},
        {"white space", token + " "},
        {"claims of another alphabet", header + ".+/" + claims + "." + signature},
        {"another's claims",
         header + "." + replaced(claims, claims.substr(9, 1), claims[9] == 'A' ? "B" : "A") + "." +
             signature},
        {"one byte of zero", std::string(1, '\0')},
    };

    for (const auto& [what, crafted] : cases) {
        INFO(what);

        CHECK(code_of(mint.tokens.verify(crafted)) == "auth.invalid_token");
    }
}

TEST_CASE("auth: a scope that cannot stand in a token stops the start, naming the key") {
    const auto* scope = GENERATE("", "two words", "qu\"ote", "back\\slash", "\xc3\xa4", "tab\t");
    const TemporaryFolder folder;
    const auto key = SigningKey::open((folder.path() / "key.pem").string());
    Settings settings;
    settings.scopes = {"fine", scope};

    CHECK_THROWS_WITH(AccessTokens(key, settings),
                      Catch::StartsWith("module.auth.settings.scopes: "));
}
