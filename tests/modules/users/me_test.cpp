// GET and PATCH /users/me, GET /users/{id}.

#include "support/test_app.hpp"

#include <catch2/catch.hpp>

using bulkhead::test::TestApp;

TEST_CASE("users: a user sees and renames oneself") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");

    const auto before = ada.get("/users/me");
    const auto renamed = ada.patch("/users/me", R"({"name": "Ada King"})");
    const auto after = ada.get("/users/" + ada.user_id);

    CHECK(before.status == 200);
    CHECK(before.data().at("id").as_string() == ada.user_id);
    CHECK(before.data().at("email") == "ada@example.org");
    CHECK(before.data().at("name") == "ada");
    CHECK(before.data().at("active") == true);
    CHECK(renamed.status == 200);
    CHECK(renamed.data().at("name") == "Ada King");
    CHECK(renamed.data().at("created_at") == before.data().at("created_at"));
    CHECK(after.json.at("data") == renamed.json.at("data"));
}

TEST_CASE("users: somebody else is not found, like nobody") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto bob = app.sign_in("bob");

    for (const auto& id : {bob.user_id, std::string("00000000-0000-0000-0000-000000000000")}) {
        const auto response = ada.get("/users/" + id);

        CHECK(response.status == 404);
        CHECK(response.error_code == "users.not_found");
    }
}

TEST_CASE("users: what is no id belongs to no user") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");

    CHECK(ada.get("/users/1").status == 404);
    CHECK(ada.get("/users/" + ada.user_id + "0").status == 404);
}

TEST_CASE("users: a user whose row is gone is not found") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    app.execute("delete from users");

    CHECK(ada.get("/users/me").error_code == "users.not_found");
    CHECK(ada.patch("/users/me", R"({"name": "Ada"})").error_code == "users.not_found");
}

TEST_CASE("users: a new name outside its limits is refused and changes nothing") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const std::vector<std::tuple<std::string, int, std::string, std::string>> cases{
        {R"({"name": ""})", 422, "http.invalid", "name"},
        {R"({"name": ")" + std::string(101, 'a') + R"("})", 422, "http.invalid", "name"},
        {R"({"name": null})", 422, "http.invalid", "name"},
        {R"({"name": 1})", 422, "http.invalid", "name"},
        {R"({})", 422, "http.invalid", "name"},
        {R"({"name": "Ada", "active": false})", 422, "http.invalid", "active"},
        {R"({"name": "Ada", "name": "Eve"})", 400, "http.malformed_json", ""},
        {"{\"name\": \"\xff\"}", 400, "http.malformed_json", ""},
        {R"({"name": "Ada")", 400, "http.malformed_json", ""},
    };

    for (const auto& [body, status, code, field] : cases) {
        INFO(body);

        const auto response = ada.patch("/users/me", body);

        CHECK(response.status == status);
        CHECK(response.error_code == code);
        CHECK(response.problem_field == field);
        CHECK(app.count("users where name = 'ada'") == 1);
    }
}

TEST_CASE("users: a route asks for its own scope") {
    TestApp app{"users", "auth"};
    const auto reader = app.sign_in("ada", {"users:read"});
    const auto other = app.sign_in("ada", {"orders:read", "users:write"});

    CHECK(reader.get("/users/me").status == 200);
    CHECK(reader.patch("/users/me", R"({"name": "Ada"})").status == 403);
    CHECK(other.get("/users/me").status == 403);
    CHECK(other.patch("/users/me", R"({"name": "Ada"})").status == 200);
}

TEST_CASE("users: without auth nobody can show who they are, and the rest goes on") {
    TestApp app{"users"};

    const auto response = app.get("/users/me");

    CHECK(response.status == 503);
    CHECK(response.error_code == "auth.unavailable");
    CHECK(response.header("Retry-After").has_value());
}
