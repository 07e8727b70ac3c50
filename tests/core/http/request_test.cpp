#include <bulkhead/request.hpp>

#include <catch2/catch.hpp>

using namespace bulkhead;

TEST_CASE("a header is found in any case of its name, the first of several") {
    const std::vector<NamedText> headers{{"content-TYPE", "text/plain"}, {"Content-Type", "late"}};
    Request request{};
    request.headers = headers;

    CHECK(request.header("Content-Type") == "text/plain");
    CHECK(request.header("Content-Typ") == std::nullopt);
}

TEST_CASE("a path parameter that the pattern does not have is empty") {
    const std::vector<NamedText> parameters{{"id", "7"}};
    Request request{};
    request.path_parameters = parameters;

    CHECK(request.path_parameter("id") == "7");
    CHECK(request.path_parameter("name").empty());
}

TEST_CASE("a caller may what was granted, and everything with the scope of all scopes") {
    const auto [scopes, wanted, may] = GENERATE(table<std::vector<std::string>, std::string, bool>(
        {{{"notes:read", "notes:write"}, "notes:write", true},
         {{"notes:read"}, "notes:write", false},
         {{"notes:read"}, "notes", false},
         {{}, "notes:read", false},
         {{"*"}, "notes:read", true}}));

    const Caller caller{{}, scopes};

    CHECK(caller.may(wanted) == may);
}
