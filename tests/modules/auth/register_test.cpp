// POST /auth/register.

#include "support/broken_inserts.hpp"

#include <catch2/catch.hpp>

#include <thread>

using bulkhead::test::TestApp;

namespace {

constexpr std::string_view ada =
    R"({"email": "Ada@Example.org", "password": "correct horse battery", "name": "Ada"})";

std::string body_with(std::string_view email, std::string_view password, std::string_view name) {
    return std::string(R"({"email": ")")
        .append(email)
        .append(R"(", "password": ")")
        .append(password)
        .append(R"(", "name": ")")
        .append(name)
        .append(R"("})");
}

}  // namespace

TEST_CASE("auth: registering makes a user and a credential, and says where the user is") {
    TestApp app{"users", "auth"};

    const auto response = app.post("/auth/register", ada);

    REQUIRE(response.status == 201);
    const std::string id = response.data().at("id").as_string().c_str();
    CHECK(response.header("Location") == "/api/v1/users/" + id);
    CHECK(response.data().at("email") == "ada@example.org");
    CHECK_THAT(response.body, !Catch::Contains("battery"));
    CHECK(app.value<std::string>("select user_id from credentials") == id);
    CHECK_THAT(app.value<std::string>("select password_hash from credentials"),
               Catch::StartsWith("$argon2id$"));
}

TEST_CASE("auth: an email address registers once, in whatever case") {
    TestApp app{"users", "auth"};
    REQUIRE(app.post("/auth/register", ada).status == 201);

    const auto response =
        app.post("/auth/register", body_with("ADA@example.ORG", "another password", "Eve"));

    CHECK(response.status == 409);
    CHECK(response.error_code == "users.email_taken");
    CHECK(app.count("users") == 1);
    CHECK(app.count("credentials") == 1);
}

TEST_CASE("auth: of many who register one address at once, one succeeds") {
    TestApp app({"users", "auth"}, "hash_threads = 2\nhash_queue = 64");
    std::atomic<int> made = 0;
    std::atomic<int> taken = 0;

    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 8; ++number)
            threads.emplace_back([&] {
                const auto response = app.post("/auth/register", ada);
                made += response.status == 201 ? 1 : 0;
                taken += response.error_code == "users.email_taken" ? 1 : 0;
            });
    }

    CHECK(made == 1);
    CHECK(taken == 7);
    CHECK(app.count("users") == 1);
    CHECK(app.count("credentials") == 1);
}

TEST_CASE("auth: a fault between user and credential leaves neither") {
    TestApp app{"users", "auth"};
    bulkhead::test::BrokenInserts fault(app, "credentials");

    const auto response = app.post("/auth/register", ada);
    const auto left = app.count("users") + app.count("credentials");
    fault.mend();
    const auto repaired = app.post("/auth/register", ada);

    CHECK(response.status == 500);
    CHECK(response.error_code == "http.internal");
    CHECK_THAT(response.body, !Catch::Contains("disk"));
    CHECK(left == 0);
    CHECK(repaired.status == 201);
}

TEST_CASE("auth: a registration outside its limits is refused, naming the field") {
    const std::string good = "correct horse battery";
    TestApp app{"users", "auth"};
    const std::vector<std::pair<std::string, std::string>> cases{
        {body_with("", good, "Ada"), "email"},
        {body_with("ada", good, "Ada"), "email"},
        {body_with("@example.org", good, "Ada"), "email"},
        {body_with("ada@", good, "Ada"), "email"},
        {body_with("a@b@c", good, "Ada"), "email"},
        {body_with(std::string(250, 'a') + "@b.de", good, "Ada"), "email"},
        {body_with("ada@example.org", "7 chars", "Ada"), "password"},
        {body_with("ada@example.org", std::string(129, 'x'), "Ada"), "password"},
        {body_with("ada@example.org", good, ""), "name"},
        {body_with("ada@example.org", good, std::string(101, 'x')), "name"},
        {R"({"email": "ada@example.org", "name": "Ada"})", "password"},
        {R"({"email": "ada@example.org", "name": "Ada", "password": 12345678})", "password"},
        {R"({"email": ["ada@example.org"], "name": "Ada", "password": "long enough"})", "email"},
    };

    for (const auto& [body, field] : cases) {
        INFO(body);

        const auto response = app.post("/auth/register", body);

        CHECK(response.status == 422);
        CHECK(response.error_code == "http.invalid");
        CHECK(response.problem_field == field);
        CHECK(app.count("users") == 0);
    }
}

TEST_CASE("auth: a password is counted in code points and may be anything") {
    const std::string password =
        GENERATE("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", "        ",
                 "\xf0\x9f\x90\xb4 battery", "'; drop --");
    TestApp app{"users", "auth"};

    const auto registered = app.post("/auth/register", body_with("a@b.de", password, "Ada"));
    const auto login =
        app.post("/auth/login", R"({"email": "a@b.de", "password": ")" + password + R"("})");

    CHECK(registered.status == 201);
    CHECK(login.status == 200);
}

TEST_CASE("auth: nobody registers as an administrator") {
    TestApp app{"users", "auth"};

    const auto response = app.post(
        "/auth/register",
        R"({"email": "eve@example.org", "password": "long enough", "name": "Eve", "scopes": ["*"]})");

    CHECK(response.status == 422);
    CHECK(response.problem_field == "scopes");
    CHECK(app.count("administrators") == 0);
}
