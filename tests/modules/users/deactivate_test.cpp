// POST /users/{id}/deactivate.

#include "support/test_app.hpp"

#include <catch2/catch.hpp>

using bulkhead::test::TestApp;

TEST_CASE("users: a deactivated user is inactive, and that is published once") {
    TestApp app{"users", "auth"};
    app.execute(
        "insert into event_subscriptions (name, topic, created_at)"
        " values ('other.listens', 'users.deactivated', :at)",
        {{"at", bulkhead::now()}});
    const auto ada = app.sign_in("ada");
    const auto admin = app.sign_in("admin", {"users:admin"});

    const auto first = admin.post("/users/" + ada.user_id + "/deactivate", "");
    const auto again = admin.post("/users/" + ada.user_id + "/deactivate", "");

    CHECK(first.status == 200);
    CHECK(first.data().at("active") == false);
    CHECK(first.data().at("updated_at") != first.data().at("created_at"));
    CHECK(again.status == 200);
    CHECK(again.data() == first.data());
    CHECK(app.value<std::string>("select payload from event_deliveries") ==
          R"({"user":")" + ada.user_id + R"("})");
}

TEST_CASE("users: whoever is deactivated gets in no more") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto admin = app.sign_in("admin", {"users:admin"});
    admin.post("/users/" + ada.user_id + "/deactivate", "");

    const auto login = app.post(
        "/auth/login", R"({"email": "ada@example.org", "password": "correct horse battery"})");
    const auto refresh =
        app.post("/auth/refresh", R"({"refresh_token": ")" + ada.refresh_token + R"("})");

    CHECK(login.error_code == "auth.invalid_credentials");
    CHECK(refresh.error_code == "auth.invalid_refresh_token");
}

TEST_CASE("users: deactivating takes a scope of its own and a user that exists") {
    TestApp app{"users", "auth"};
    const auto ada = app.sign_in("ada");
    const auto admin = app.sign_in("admin", {"users:admin"});

    const auto own = ada.post("/users/" + ada.user_id + "/deactivate", "");
    const auto nobody = admin.post("/users/00000000-0000-0000-0000-000000000000/deactivate", "");

    CHECK(own.status == 403);
    CHECK(nobody.error_code == "users.not_found");
    CHECK(app.count("users where active = false") == 0);
}
