#include "http/middleware/redirect.hpp"

#include "sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

Blueprint redirecting(Script& script, std::int32_t port = 443) {
    auto blueprint = sample_blueprint(script);
    Routes<Script> system(script, "");
    system.get("/health", read_note).open();
    system.get("/ready", read_note).open();
    system.get("/metrics", read_note).open();
    system.get("/openapi.json", read_note).open();
    for (auto& route : of_module("core", system))
        blueprint.routes.push_back(std::move(route));
    blueprint.features.tls.redirect = true;
    blueprint.features.tls.redirect_port = port;
    blueprint.middleware.insert(blueprint.middleware.begin() + 3, "redirect");
    return blueprint;
}

Reply ask_at(Application& application, std::string_view method, std::string_view path,
             std::string_view query, std::string_view host) {
    Request request{};
    const std::vector<NamedText> headers{{"Host", host}};
    request.method = method;
    request.path = path;
    request.query = query;
    request.headers = headers;
    return application.answer(request);
}

}  // namespace

TEST_CASE("a plain request is sent to the same address by HTTPS", "[tls]") {
    const auto [method, path, query, host, port, location] = GENERATE(
        table<std::string, std::string, std::string, std::string, std::int32_t, std::string>({
            {"GET", "/api/v1/notes", "", "a.example", 443, "https://a.example/api/v1/notes"},
            {"GET", "/", "", "a.example:80", 443, "https://a.example/"},
            {"GET", "/", "", "a.example:8080", 8'443, "https://a.example:8443/"},
            {"HEAD", "/nowhere", "x=1&y=%20", "a", 443, "https://a/nowhere?x=1&y=%20"},
            {"POST", "/api/v1/notes", "", "[::1]:8080", 443, "https://[::1]/api/v1/notes"},
            {"DELETE", "/a%2Fb%20c", "", "[::1]", 8'443, "https://[::1]:8443/a%2Fb%20c"},
            {"OPTIONS", "//b.example/", "", "a", 443, "https://a//b.example/"},
        }));
    Script script;
    Application application(redirecting(script, port));

    const auto reply = ask_at(application, method, path, query, host);

    CHECK(reply.status == 308);
    CHECK(header_of(reply, "Location") == location);
    CHECK(says(reply, R"("code":"http.https_required")"));
    CHECK_FALSE(header_of(reply, "X-Request-Id").empty());
}

TEST_CASE("behind a trusted proxy a request is sent on to the host that its client wrote",
          "[tls]") {
    const auto [trusted, location] = GENERATE(table<std::vector<std::string>, std::string>(
        {{{"10.0.0.1"}, "https://a.example/"}, {std::vector<std::string>{}, "https://inner/"}}));
    const std::vector<NamedText> headers{
        {"Host", "inner:8080"}, {"X-Forwarded-Host", "a.example"}, {"X-Forwarded-Proto", "http"}};
    Script script;
    auto blueprint = redirecting(script);
    blueprint.middleware.insert(blueprint.middleware.begin(), "forwarded");
    blueprint.features.forwarded.trusted = trusted;
    Application application(std::move(blueprint));
    Request request{};
    request.method = "GET";
    request.path = "/";
    request.remote_address = "10.0.0.1";
    request.headers = headers;

    const auto reply = application.answer(request);

    CHECK(reply.status == 308);
    CHECK(header_of(reply, "Location") == location);
}

TEST_CASE("health, readiness and metrics are answered without HTTPS, and nothing else", "[tls]") {
    const auto [path, status] = GENERATE(table<std::string, int>({{"/health", 200},
                                                                  {"/ready", 200},
                                                                  {"/metrics", 200},
                                                                  {"/openapi.json", 308},
                                                                  {"/healthy", 308},
                                                                  {"/api/v1/quick", 308}}));
    Script script;
    Application application(redirecting(script));

    CHECK(ask_at(application, "GET", path, "", "a").status == status);
}

TEST_CASE("what nobody can be sent on from is refused", "[tls]") {
    const auto [path, host] =
        GENERATE(table<std::string, std::string>({{"/api/v1/notes", ""}, {"*", "a"}}));
    Script script;
    Application application(redirecting(script));

    const auto reply = ask_at(application, "OPTIONS", path, "", host);

    CHECK(reply.status == 400);
    CHECK(says(reply, R"("code":"http.https_required")"));
}

TEST_CASE("whoever came by TLS, and what was no request, is not redirected", "[tls]") {
    const auto [secure, refused] = GENERATE(table<bool, bool>({{true, false}, {false, true}}));
    Script script;
    Redirect redirect(redirecting(script));
    Exchange exchange;
    exchange.request.path = "/api/v1/notes";
    exchange.secure = secure;
    exchange.progress.refused = refused;

    CHECK(redirect.enter(exchange) == Step::proceed);
}

TEST_CASE("without tls.redirect nobody is redirected", "[tls]") {
    Script script;
    auto blueprint = redirecting(script);
    blueprint.features.tls.redirect = false;
    Application application(std::move(blueprint));

    CHECK(ask_at(application, "GET", "/api/v1/quick", "", "a").status == 200);
}

TEST_CASE("tls.redirect without the middleware is refused", "[tls]") {
    Script script;
    auto blueprint = redirecting(script);
    blueprint.middleware = usual_order;

    const auto sentence = refusal_of([&] { const Chain chain(blueprint); });

    CHECK_THAT(sentence,
               Catch::StartsWith("tls.redirect is true") && Catch::Contains("name it there"));
}
