#include "module/contracts.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::Contracts;

TEST_CASE("an offered contract is found under its name and version only") {
    int service = 0;
    Contracts contracts;
    contracts.add("users", {{"users.directory/2", &service}});

    REQUIRE(contracts.find("users.directory/2") != nullptr);
    CHECK(contracts.find("users.directory/2")->module == "users");
    CHECK(contracts.find("users.directory/2")->service == &service);
    CHECK(contracts.find("users.directory/1") == nullptr);
    CHECK(contracts.other_version("users.directory/1") == "users.directory/2");
    CHECK(contracts.other_version("users.avatars/1").empty());
}

TEST_CASE("a contract that is offered twice is refused by both names, and nothing is half added") {
    int service = 0;
    Contracts contracts;
    contracts.add("users", {{"users.directory/1", &service}});

    CHECK_THROWS_WITH(
        contracts.add("people", {{"people.names/1", &service}, {"users.directory/1", &service}}),
        "'people' offers 'users.directory/1', which 'users' offers already; disable one of the "
        "two.");
    CHECK(contracts.find("people.names/1") == nullptr);
    CHECK(contracts.find("users.directory/1")->module == "users");
}
