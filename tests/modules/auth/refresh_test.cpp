// POST /auth/refresh and POST /auth/logout.

#include "support/test_app.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace bulkhead::test;

namespace {

std::string body_of(std::string_view refresh_token) {
    return std::string(R"({"refresh_token": ")").append(refresh_token).append(R"("})");
}

std::string refreshed(const Response& response) {
    REQUIRE(response.status == 200);
    return response.data().at("refresh_token").as_string().c_str();
}

}  // namespace

TEST_CASE("auth: a refresh token gives new tokens, and another refresh token") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");

    const auto response = app.post("/auth/refresh", body_of(ada.refresh_token));

    REQUIRE(response.status == 200);
    CHECK(response.data().at("user_id").as_string() == ada.user_id);
    CHECK(response.data().at("refresh_token").as_string() != ada.refresh_token);
    const auto* token = response.data().at("access_token").as_string().c_str();
    CHECK(ada.with_token(token).get("/users/me").status == 200);
}

TEST_CASE("auth: a refresh token used twice ends its login, and no other") {
    TestApp app{"users", "auth"};
    const auto laptop = app.sign_in("ada");
    const auto phone = app.sign_in("ada");
    const auto second = refreshed(app.post("/auth/refresh", body_of(laptop.refresh_token)));

    const auto reused = app.post("/auth/refresh", body_of(laptop.refresh_token));
    const auto successor = app.post("/auth/refresh", body_of(second));
    const auto other = app.post("/auth/refresh", body_of(phone.refresh_token));

    CHECK(reused.status == 401);
    CHECK(reused.error_code == "auth.invalid_refresh_token");
    CHECK(successor.status == 401);
    CHECK(other.status == 200);
}

TEST_CASE("auth: of many who use one refresh token at once, one at most succeeds") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    std::atomic<int> given = 0;
    std::atomic<int> refused = 0;

    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 8; ++number)
            threads.emplace_back([&] {
                const auto response = app.post("/auth/refresh", body_of(ada.refresh_token));
                given += response.status == 200 ? 1 : 0;
                refused += response.error_code == "auth.invalid_refresh_token" ? 1 : 0;
            });
    }

    CHECK(given == 1);
    CHECK(refused == 7);
    CHECK(app.count("refresh_tokens where revoked_at is null") == 0);
}

TEST_CASE("auth: what is no live refresh token is refused") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const std::vector<std::string> cases{std::string("rubbish"), ada.access_token.substr(0, 255),
                                         ada.refresh_token.substr(1), ada.refresh_token + "A"};

    for (const auto& token : cases) {
        const auto response = app.post("/auth/refresh", body_of(token));

        CHECK(response.status == 401);
        CHECK(response.error_code == "auth.invalid_refresh_token");
    }
}

TEST_CASE("auth: an expired refresh token, or an inactive user's, gives nothing") {
    const auto* change =
        GENERATE("update refresh_tokens set expires_at = '2026-01-01T00:00:00.000000Z'",
                 "update users set active = false", "delete from users");
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    app.execute(change);

    const auto response = app.post("/auth/refresh", body_of(ada.refresh_token));

    CHECK(response.status == 401);
    CHECK(response.error_code == "auth.invalid_refresh_token");
}

TEST_CASE("auth: a refresh token lives as long as plugins.toml says") {
    bulkhead::StoppedClock clock(bulkhead::now());
    TestApp app({"users", "auth"}, "refresh_token_seconds = 3600");
    const auto early = app.sign_in("ada");
    const auto late = app.sign_in("ada");

    clock.advance(std::chrono::seconds(3599));
    const auto before = app.post("/auth/refresh", body_of(early.refresh_token));
    clock.advance(std::chrono::seconds(1));
    const auto after = app.post("/auth/refresh", body_of(late.refresh_token));

    CHECK(before.status == 200);
    CHECK(after.status == 401);
}

TEST_CASE("auth: logging out ends the login, once and again and with any of its tokens") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto second = refreshed(app.post("/auth/refresh", body_of(ada.refresh_token)));

    const auto out = app.post("/auth/logout", body_of(ada.refresh_token));
    const auto again = app.post("/auth/logout", body_of(ada.refresh_token));
    const auto unknown = app.post("/auth/logout", body_of("rubbish"));

    CHECK(out.status == 204);
    CHECK(out.body.empty());
    CHECK(again.status == 204);
    CHECK(unknown.status == 204);
    CHECK(app.post("/auth/refresh", body_of(second)).status == 401);
}
