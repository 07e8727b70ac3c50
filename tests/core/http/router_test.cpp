#include "http/router.hpp"

#include "sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using http::test::refusal_of;

namespace {

Route route_of(Method method, std::string pattern, std::string module = "notes") {
    Route route{};
    route.method = method;
    route.pattern = std::move(pattern);
    route.module = std::move(module);
    route.access = Access::open;
    return route;
}

struct Outcome {
    Found found;
    std::string pattern;
    std::string parameters;
    std::string allow;
};

Outcome look_up(const Router& router, std::string_view method, std::string_view path) {
    Exchange exchange;
    exchange.request.method = method;
    exchange.request.path = path;
    router.find(exchange);
    std::string parameters;
    for (const auto& [name, value] : exchange.request.path_parameters)
        parameters.append(name).append("=").append(value).append(" ");
    return {exchange.progress.found, exchange.route ? exchange.route->pattern : "", parameters,
            std::string(exchange.progress.allow)};
}

const std::deque<Route>& sample() {
    static const std::deque<Route> routes{route_of(Method::get, "/users/me"),
                                          route_of(Method::get, "/users/{id}"),
                                          route_of(Method::del, "/users/{id}"),
                                          route_of(Method::put, "/users/me/photo"),
                                          route_of(Method::get, "/users/{id}/notes/{note}"),
                                          route_of(Method::post, "/notes"),
                                          route_of(Method::patch, "/notes"),
                                          route_of(Method::get, "/")};
    return routes;
}

}  // namespace

TEST_CASE("a path finds its route and its parameters, static segments first") {
    const auto [method, path, pattern, parameters] =
        GENERATE(table<std::string, std::string, std::string, std::string>(
            {{"GET", "/", "/", ""},
             {"GET", "/users/me", "/users/me", ""},
             {"GET", "/users/7", "/users/{id}", "id=7 "},
             {"DELETE", "/users/7", "/users/{id}", "id=7 "},
             {"HEAD", "/users/7", "/users/{id}", "id=7 "},
             {"PUT", "/users/me/photo", "/users/me/photo", ""},
             {"GET", "/users/7/notes/8", "/users/{id}/notes/{note}", "id=7 note=8 "},
             {"GET", "/users/a%2Fb", "/users/{id}", "id=a/b "},
             {"GET", "/users/%6De", "/users/me", ""},
             {"GET", "/users/%2525", "/users/{id}", "id=%25 "}}));
    const Router router(sample());

    const auto outcome = look_up(router, method, path);

    CHECK(outcome.found == Found::route);
    CHECK(outcome.pattern == pattern);
    CHECK(outcome.parameters == parameters);
}

TEST_CASE("a parameter is tried where the static segment leads nowhere") {
    const Router router(sample());

    const auto outcome = look_up(router, "GET", "/users/me/notes/8");

    CHECK(outcome.pattern == "/users/{id}/notes/{note}");
    CHECK(outcome.parameters == "id=me note=8 ");
}

TEST_CASE("whatever is no route says why") {
    const auto [method, path, found, allow] =
        GENERATE(table<std::string, std::string, Found, std::string>(
            {{"GET", "/nothing", Found::nothing, ""},
             {"GET", "/users", Found::nothing, ""},
             {"GET", "/users/", Found::nothing, ""},
             {"GET", "/users//notes/8", Found::nothing, ""},
             {"GET", "/users/7/notes", Found::nothing, ""},
             {"OPTIONS", "/nothing", Found::nothing, ""},
             {"POST", "/users/7", Found::other_method, "DELETE, GET, HEAD, OPTIONS"},
             {"DELETE", "/users/me", Found::other_method, "GET, HEAD, OPTIONS"},
             {"GET", "/notes", Found::other_method, "OPTIONS, PATCH, POST"},
             {"HEAD", "/notes", Found::other_method, "OPTIONS, PATCH, POST"},
             {"BREW", "/notes", Found::other_method, "OPTIONS, PATCH, POST"},
             {"post", "/notes", Found::other_method, "OPTIONS, PATCH, POST"},
             {"OPTIONS", "/notes", Found::options, "OPTIONS, PATCH, POST"},
             {"OPTIONS", "*", Found::options, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
             {"GET", "*", Found::bad_path, ""},
             {"GET", "/users/%00", Found::bad_path, ""},
             {"GET", "/users/%2e%2e", Found::bad_path, ""}}));
    const Router router(sample());

    const auto outcome = look_up(router, method, path);

    CHECK(outcome.found == found);
    CHECK(outcome.pattern.empty());
    CHECK(outcome.allow == allow);
}

TEST_CASE("the path of a request is shown decoded") {
    const Router router(sample());
    Exchange exchange;
    exchange.request.method = "GET";
    exchange.request.path = "/users/a%20b";

    router.find(exchange);

    CHECK(exchange.request.path == "/users/a b");
}

TEST_CASE("an exchange keeps nothing of the request before") {
    const Router router(sample());
    Exchange exchange;
    exchange.request.method = "GET";
    exchange.request.path = "/users/7";
    router.find(exchange);
    exchange.request.path = "/nothing";

    router.find(exchange);

    CHECK(exchange.route == nullptr);
    CHECK(exchange.request.path_parameters.empty());
    CHECK(exchange.progress.route_number == 0);
}

TEST_CASE("each of a thousand routes is found") {
    std::deque<Route> routes;
    for (int number = 0; number < 1'000; ++number)
        routes.push_back(route_of(Method::get, "/r" + std::to_string(number) + "/{id}"));
    const Router router(routes);

    int found = 0;
    for (int number = 0; number < 1'000; ++number) {
        const auto outcome = look_up(router, "GET", "/r" + std::to_string(number) + "/7");
        found += outcome.pattern == routes[static_cast<std::size_t>(number)].pattern ? 1 : 0;
    }

    CHECK(found == 1'000);
}

TEST_CASE("two modules that claim one route are both named") {
    const std::deque<Route> routes{route_of(Method::get, "/notes/{id}", "notes"),
                                   route_of(Method::get, "/notes/{note_id}", "diary")};

    const auto sentence = refusal_of([&] { const Router router(routes); });

    CHECK(sentence ==
          "modules \"notes\" and \"diary\" both claim GET /notes/{id} and GET /notes/{note_id} "
          "(one route): disable one of them or change its route");
}

TEST_CASE("a module that claims a route twice is refused") {
    const std::deque<Route> routes{route_of(Method::put, "/notes"),
                                   route_of(Method::put, "/notes")};

    const auto sentence = refusal_of([&] { const Router router(routes); });

    CHECK(sentence == "module \"notes\" claims PUT /notes twice: remove one of them");
}

TEST_CASE("two methods of one path are two routes") {
    const std::deque<Route> routes{route_of(Method::get, "/notes", "notes"),
                                   route_of(Method::put, "/notes", "diary")};

    CHECK(refusal_of([&] { const Router router(routes); }).empty());
}

TEST_CASE("a route that does not say who may call it is refused") {
    auto route = route_of(Method::get, "/notes");
    route.access = GENERATE(Access::unstated, Access::scoped);

    const auto sentence = refusal_of([&] { const Router router({route}); });

    CHECK(sentence ==
          "route GET /notes of module \"notes\" does not say who may call it: add "
          ".scope(\"...\") with a name, or .open()");
}

TEST_CASE("an open route whose handler takes a caller is refused") {
    auto route = route_of(Method::get, "/notes");
    route.takes_caller = true;

    const auto sentence = refusal_of([&] { const Router router({route}); });

    CHECK(sentence.find("is open, but its handler takes a Caller") != std::string::npos);
}

TEST_CASE("a pattern that no path could match is refused") {
    const std::string pattern = GENERATE("notes", "", "/notes/", "//notes", "/notes/{id}.json",
                                         "/notes/x{id}", "/{}", "/{id", "/id}", "/a%20b", "/../a");

    const auto sentence =
        refusal_of([&] { const Router router({route_of(Method::get, pattern)}); });

    CHECK(sentence.find("has a pattern that no path can match") != std::string::npos);
}

TEST_CASE("a pattern with one name twice is refused") {
    const auto sentence =
        refusal_of([&] { const Router router({route_of(Method::get, "/a/{id}/b/{id}")}); });

    CHECK(sentence.find("uses the name {id} twice") != std::string::npos);
}
