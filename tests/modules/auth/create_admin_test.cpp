// auth.accounts/1: what `bulkhead admin create` calls.

#include "support/test_app.hpp"
#include "support/token_forge.hpp"

#include <auth/api/accounts.hpp>
#include <catch2/catch.hpp>

using namespace bulkhead::test;

TEST_CASE("auth: an administrator is made with every scope") {
    TestApp app{"users", "auth"};
    auto* accounts = app.generation().find<auth::Accounts>();
    REQUIRE(accounts != nullptr);

    const auto user = accounts->create_admin("Root@example.org", "Root", "correct horse battery");

    REQUIRE(user);
    CHECK(parts_of(app.sign_in("root").access_token).claims.at("scope") == "*");
    CHECK(app.value<std::string>("select user_id from administrators") == user->to_text());
}

TEST_CASE("auth: an administrator keeps to the limits of every registration") {
    const auto [email, name, password, field] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"root", "Root", "correct horse battery", "email"},
            {"root@example.org", "", "correct horse battery", "name"},
            {"root@example.org", "Root", "short", "password"},
            {"ro\"ot", "Root", "correct horse battery", "email"},
        }));
    TestApp app{"users", "auth"};

    const auto user = app.generation().find<auth::Accounts>()->create_admin(email, name, password);

    REQUIRE_FALSE(user);
    CHECK(user.error().code == "http.invalid");
    REQUIRE(user.error().violations.size() == 1);
    CHECK(user.error().violations.front().field == field);
    CHECK(app.count("users") == 0);
}

TEST_CASE("auth: nobody becomes administrator under an address that is taken") {
    TestApp app{"users", "auth"};
    app.sign_in("ada");

    const auto user = app.generation().find<auth::Accounts>()->create_admin(
        "ada@example.org", "Ada", "correct horse battery");

    REQUIRE_FALSE(user);
    CHECK(user.error().code == "users.email_taken");
    CHECK(app.count("administrators") == 0);
}
