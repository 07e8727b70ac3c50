// POST /auth/login.

#include "support/test_app.hpp"
#include "support/token_forge.hpp"

#include <catch2/catch.hpp>

#include <latch>
#include <thread>

using namespace bulkhead::test;

namespace {

std::string login_body(std::string_view email, std::string_view password) {
    return std::string(R"({"email": ")")
        .append(email)
        .append(R"(", "password": ")")
        .append(password)
        .append(R"("})");
}

const std::string adas = login_body("ada@example.org", "correct horse battery");

}  // namespace

TEST_CASE("auth: logging in gives tokens that the server takes") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");

    const auto response =
        app.post("/auth/login", login_body("ADA@Example.ORG", "correct horse battery"));

    REQUIRE(response.status == 200);
    CHECK(response.data().at("token_type") == "Bearer");
    CHECK(response.data().at("expires_in") == 900);
    CHECK(response.data().at("user_id").as_string() == ada.user_id);
    const auto* token = response.data().at("access_token").as_string().c_str();
    CHECK(ada.with_token(token).get("/users/me").status == 200);
    CHECK(app.count("refresh_tokens where digest = '" + ada.refresh_token + "'") == 0);
}

TEST_CASE("auth: whatever is wrong with a login, the answer is the same") {
    TestApp app{"users", "auth"};
    app.sign_in("ada");
    app.sign_in("gone");
    app.execute("update users set active = false where email = 'gone@example.org'");
    const std::vector<std::string> cases{login_body("ada@example.org", "wrong horse battery"),
                                         login_body("eve@example.org", "correct horse battery"),
                                         login_body("gone@example.org", "correct horse battery"),
                                         login_body("ada@example.org", ""),
                                         login_body("", ""),
                                         login_body("ada@example.org", std::string(9000, 'x'))};

    for (const auto& body : cases) {
        const auto response = app.post("/auth/login", body);

        CHECK(response.status == 401);
        CHECK(response.error_code == "auth.invalid_credentials");
        CHECK(response.json.at("error").at("message") ==
              "The email address or the password is wrong.");
        CHECK(response.header("WWW-Authenticate").has_value());
        CHECK(app.count("refresh_tokens") == 2);
    }
}

TEST_CASE("auth: a body that is no login is refused") {
    TestApp app{"users", "auth"};
    const std::vector<std::pair<std::string, int>> cases{
        {"", 400},
        {"{", 400},
        {"[]", 422},
        {R"({"email": "ada@example.org"})", 422},
        {R"({"email": "ada@example.org", "password": null})", 422},
    };

    for (const auto& [body, status] : cases) {
        CHECK(app.post("/auth/login", body).status == status);
    }
}

TEST_CASE("auth: an administrator's token opens every route") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    app.execute(
        "insert into administrators (user_id, created_at) select id, created_at from users");
    TestApp::age_caches(std::chrono::seconds(60));  // Then another process's grant is seen.

    const auto admin = app.sign_in("ada");

    CHECK(parts_of(ada.access_token).claims.at("scope") ==
          "users:read users:write orders:read orders:write");
    CHECK(parts_of(admin.access_token).claims.at("scope") == "*");
    CHECK(admin.patch("/users/me", R"({"name": "Ada"})").status == 200);
}

TEST_CASE("auth: a password hashed at another cost is hashed anew when it is known to be right") {
    TestApp app{"users", "auth"};
    app.sign_in("ada");
    // "correct horse battery" at m=8192, t=2, p=1.
    app.execute(
        "update credentials set password_hash = '$argon2id$v=19$m=8192,t=2,p=1$"
        "c29tZSBzYWx0IGhlcmUhIQ$XtP8HjmYQfjskVtjrm2R5I9B1fRr7C8dav1ECdRVBhc'");

    const auto response = app.post("/auth/login", adas);

    CHECK(response.status == 200);
    CHECK_THAT(app.value<std::string>("select password_hash from credentials"),
               Catch::StartsWith("$argon2id$v=19$m=8192,t=1,p=1$"));
    CHECK(app.post("/auth/login", adas).status == 200);
}

TEST_CASE(
    "auth: when too many log in at once some are told to try again, and none waits for ever") {
    TestApp app({"users", "auth"}, "hash_threads = 1\nhash_queue = 1");
    app.sign_in("ada");
    constexpr int callers = 6;  // Each holds a worker while it waits.
    std::latch together(callers);
    std::atomic<int> in = 0;
    std::atomic<int> busy = 0;

    {
        std::vector<std::jthread> threads;
        for (int caller = 0; caller < callers; ++caller)
            threads.emplace_back([&] {
                together.arrive_and_wait();
                const auto response = app.post("/auth/login", adas);
                in += response.status == 200 ? 1 : 0;
                busy += response.status == 503 && response.error_code == "auth.busy" ? 1 : 0;
            });
    }

    CHECK(in + busy == callers);
    CHECK(in >= 1);
}

TEST_CASE("auth: a login sweeps up the user's expired refresh tokens") {
    TestApp app{"users", "auth"};
    app.sign_in("ada");
    app.sign_in("bob");
    app.execute("update refresh_tokens set expires_at = '2026-01-01T00:00:00.000000Z'");

    app.sign_in("ada");

    CHECK(app.count("refresh_tokens") == 2);
}
