// What a request's Authorization header may say.

#include "support/test_app.hpp"
#include "support/token_forge.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace bulkhead::test;

namespace {

/// The token's own header and claims, with one member of either changed.
std::string crafted(TestApp& app, const Client& client, std::string_view part,
                    std::string_view member, std::string_view value) {
    auto token = parts_of(client.access_token);
    (part == "header" ? token.header : token.claims)[member] = boost::json::parse(value);
    return forged(token.header, token.claims, app.key_file());
}

}  // namespace

TEST_CASE("auth: a request without a token is told how to authenticate") {
    TestApp app{"users", "auth"};

    const auto response = app.get("/users/me");

    CHECK(response.status == 401);
    CHECK_THAT(response.header("WWW-Authenticate").value_or(""), Catch::StartsWith("Bearer"));
}

TEST_CASE("auth: a token that was crafted wrong is refused before anything else") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const std::vector<std::array<std::string, 3>> cases{
        {"header", "alg", R"("none")"},    {"header", "alg", R"("HS256")"},
        {"header", "kid", R"("another")"}, {"header", "typ", R"("JWT")"},
        {"claims", "iss", R"("another")"}, {"claims", "aud", R"("another")"},
        {"claims", "sub", R"("ada")"},     {"claims", "exp", "1.5"},
    };

    for (const auto& [part, member, value] : cases) {
        INFO(member << " = " << value);

        const auto response =
            ada.with_token(crafted(app, ada, part, member, value)).get("/users/me");

        CHECK(response.status == 401);
        CHECK(response.error_code == "auth.invalid_token");
        CHECK(response.header("WWW-Authenticate").has_value());
    }
}

TEST_CASE("auth: a token that is not the one given out is refused") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto bob = app.sign_in("bob");
    const auto& token = ada.access_token;
    const auto unsigned_part = token.substr(0, token.rfind('.') + 1);
    // The last character has bits to spare: its neighbour stands for the same signature.
    auto not_canonical = token;
    ++not_canonical.back();
    const std::vector<std::string> cases{
        not_canonical,

        token.substr(0, token.size() - 1),
        token + ".",
        "." + token,
        token + "=",
        token + " ",
        unsigned_part,
        unsigned_part + bob.access_token.substr(bob.access_token.rfind('.') + 1),
        ada.refresh_token,
        std::string("e30.e30.e30"),
        std::string(8000, '.'),
        std::string(8000, 'A')};

    for (const auto& text : cases) {
        const auto response = ada.with_token(text).get("/users/me");

        CHECK(response.status == 401);
        CHECK(response.error_code == "auth.invalid_token");
    }
}

TEST_CASE("auth: an expired token is refused, though it was seen and remembered before") {
    bulkhead::StoppedClock clock(bulkhead::now());
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    REQUIRE(ada.get("/users/me").status == 200);

    clock.advance(std::chrono::seconds(900));
    const auto response = ada.get("/users/me");

    CHECK(response.status == 401);
    CHECK(response.error_code == "auth.token_expired");
}

TEST_CASE("auth: another server's key opens nothing") {
    TestApp app{"users", "auth"};
    TestApp other{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto theirs = other.sign_in("ada");
    auto token = parts_of(ada.access_token);

    const auto with_their_token = ada.with_token(theirs.access_token).get("/users/me");
    const auto with_their_key =
        ada.with_token(forged(token.header, token.claims, other.key_file())).get("/users/me");

    CHECK(with_their_token.status == 401);
    CHECK(with_their_key.status == 401);
}

TEST_CASE("auth: an open route takes no notice of a broken token") {
    TestApp app{"users", "auth"};
    const auto nobody = app.sign_in("ada").with_token("rubbish");

    const auto response = nobody.post("/auth/logout", R"({"refresh_token": "x"})");

    CHECK(response.status == 204);
}
