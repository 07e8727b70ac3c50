#include "http/middleware/cors.hpp"

#include "core/http/sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

const std::string friendly = "https://app.example.org";

struct Site {
    Script script;
    Blueprint blueprint = sample_blueprint(script);
    CorsOptions& cors = blueprint.features.cors;

    explicit Site(std::vector<std::string> origins, bool credentials = false) {
        blueprint.middleware = {"request_id", "recover",      "deadline", "cors",
                                "compress",   "authenticate", "authorize"};
        cors.origins = std::move(origins);
        cors.credentials = credentials;
    }

    Reply ask(std::string_view method, std::string_view path,
              const std::vector<NamedText>& headers = {}) const {
        Application application(blueprint);
        return test::ask(application, method, path, headers);
    }
    Reply preflight(std::string_view path, std::string_view origin) const {
        return ask("OPTIONS", path,
                   {{"Origin", origin}, {"Access-Control-Request-Method", "DELETE"}});
    }
};

std::string allowed_origin(const Reply& reply) {
    return header_of(reply, "Access-Control-Allow-Origin");
}

}  // namespace

TEST_CASE("a page of a listed origin may read the reply, a page of any other may not") {
    const auto [origin, allowed] = GENERATE(
        table<std::string, std::string>({{friendly, friendly},
                                         {"http://localhost:3000", "http://localhost:3000"},
                                         {"https://evil.example", ""},
                                         {"http://app.example.org", ""},
                                         {"https://app.example.org:8443", ""},
                                         {"https://app.example.org/", ""},
                                         {"https://APP.example.org", ""},
                                         {"https://app.example.org.evil.example", ""},
                                         {"https://evil.example, https://app.example.org", ""},
                                         {"null", ""},
                                         {"*", ""},
                                         {"", ""}}));
    Site site({friendly, "http://localhost:3000"});

    const auto reply = site.ask("GET", "/api/v1/notes", {{"Origin", origin}});

    CHECK(reply.status == 200);
    CHECK(allowed_origin(reply) == allowed);
    CHECK(header_of(reply, "Access-Control-Expose-Headers") ==
          (allowed.empty() ? "" : "ETag, Link, Location, Retry-After, X-Request-Id"));
    CHECK(header_of(reply, "Access-Control-Allow-Credentials").empty());
    CHECK(header_of(reply, "Vary") == "Origin");
}

TEST_CASE("credentials are allowed only where they are configured, to the very origin") {
    Site site({friendly}, true);

    const auto reply = site.ask("GET", "/api/v1/notes", {{"Origin", friendly}});

    CHECK(allowed_origin(reply) == friendly);
    CHECK(header_of(reply, "Access-Control-Allow-Credentials") == "true");
}

TEST_CASE("a reply depends on the origin even where none was sent") {
    Site site({friendly});

    const auto reply = site.ask("GET", "/api/v1/notes");

    CHECK(header_of(reply, "Vary") == "Origin");
    CHECK(allowed_origin(reply).empty());
}

TEST_CASE("where all origins may, every reply says so and depends on none") {
    const std::vector<NamedText> headers = GENERATE(
        std::vector<NamedText>{}, std::vector<NamedText>{{"Origin", "https://any.example"}},
        std::vector<NamedText>{{"Origin", "null"}});
    Site site({"*"});

    const auto reply = site.ask("GET", "/api/v1/notes", headers);

    CHECK(allowed_origin(reply) == "*");
    CHECK(header_of(reply, "Vary").empty());
}

TEST_CASE("without origins nothing is said of any") {
    Site site({});

    const auto reply = site.ask("GET", "/api/v1/notes", {{"Origin", friendly}});
    const auto preflight = site.preflight("/api/v1/notes", friendly);

    CHECK(allowed_origin(reply).empty());
    CHECK(header_of(reply, "Vary").empty());
    CHECK(preflight.status == 204);
    CHECK(header_of(preflight, "Allow") == "DELETE, GET, HEAD, OPTIONS");
    CHECK(header_of(preflight, "Access-Control-Allow-Methods").empty());
}

TEST_CASE("a preflight says what the path and the configuration allow, and asks nobody who calls") {
    const auto [path, methods] =
        GENERATE(table<std::string, std::string>({{"/api/v1/notes", "DELETE, GET, HEAD, OPTIONS"},
                                                  {"/api/v1/secret", "GET, HEAD, OPTIONS"}}));
    Site site({friendly}, true);
    site.cors.request_headers = {"Authorization", "X-Own"};
    site.cors.max_age_seconds = 30;

    const auto reply = site.preflight(path, friendly);

    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    CHECK(allowed_origin(reply) == friendly);
    CHECK(header_of(reply, "Access-Control-Allow-Credentials") == "true");
    CHECK(header_of(reply, "Access-Control-Allow-Methods") == methods);
    CHECK(header_of(reply, "Access-Control-Allow-Headers") == "Authorization, X-Own");
    CHECK(header_of(reply, "Access-Control-Max-Age") == "30");
    CHECK(header_of(reply, "Vary") == "Origin");
}

TEST_CASE("a preflight of a foreign origin is refused without any header for it") {
    const std::string origin = GENERATE("https://evil.example", "null", "");
    Site site({friendly});

    const auto reply = site.preflight("/api/v1/notes", origin);

    CHECK(reply.status == 403);
    CHECK(says(reply, R"("code":"http.foreign_origin")"));
    CHECK(allowed_origin(reply).empty());
    CHECK(header_of(reply, "Access-Control-Allow-Methods").empty());
    CHECK(header_of(reply, "Vary") == "Origin");
}

TEST_CASE("a preflight of a path that nothing is served at is 404, and the page may read it") {
    Site site({friendly});

    const auto reply = site.preflight("/api/v1/nothing", friendly);

    CHECK(reply.status == 404);
    CHECK(allowed_origin(reply) == friendly);
}

TEST_CASE("OPTIONS that is no preflight is answered as ever") {
    const std::vector<NamedText> headers =
        GENERATE(std::vector<NamedText>{}, std::vector<NamedText>{{"Origin", friendly}},
                 std::vector<NamedText>{{"Access-Control-Request-Method", "GET"}});
    Site site({friendly});

    const auto reply = site.ask("OPTIONS", "/api/v1/notes", headers);

    CHECK(reply.status == 204);
    CHECK(header_of(reply, "Allow") == "DELETE, GET, HEAD, OPTIONS");
    CHECK(header_of(reply, "Access-Control-Allow-Methods").empty());
}

TEST_CASE("a page may read every error, too") {
    const auto [method, path, status] =
        GENERATE(table<std::string, std::string, int>({{"GET", "/api/v1/secret", 503},
                                                       {"GET", "/api/v1/nothing", 404},
                                                       {"GET", "/api/v1/%00", 400},
                                                       {"PUT", "/api/v1/notes", 405},
                                                       {"DELETE", "/api/v1/notes", 500}}));
    Site site({friendly});
    site.script.act = [] { throw std::runtime_error("the shelf is gone"); };

    const auto reply = site.ask(method, path, {{"Origin", friendly}});

    CHECK(reply.status == status);
    CHECK(allowed_origin(reply) == friendly);
    CHECK(header_of(reply, "Vary") == "Origin");
}

TEST_CASE("what the parser refuses can be read by its page, and is never taken for a preflight") {
    Site site({friendly});
    Application application(site.blueprint);
    const std::vector<NamedText> headers{{"Origin", friendly},
                                         {"Access-Control-Request-Method", "PUT"}};
    const auto exchange = std::make_shared<Exchange>();
    exchange->request.method = "OPTIONS";
    exchange->request.path = "/api/v1/notes";
    exchange->request.headers = headers;
    int answers = 0;
    exchange->answered = [&] { ++answers; };
    application.route(*exchange);

    application.refuse(exchange, Error(ErrorKind::too_large, "http.body_too_large", "Too large."));

    CHECK(answers == 1);
    CHECK(exchange->reply.status == 413);
    CHECK_THAT(exchange->header_lines,
               Catch::Contains("Access-Control-Allow-Origin: " + friendly + "\r\n"));
}

TEST_CASE("a reply that depends on origin and encoding says both in one list") {
    Site site({friendly});
    site.blueprint.features.compression.min_bytes = 1;

    const auto reply = site.ask("GET", "/api/v1/notes", {{"Origin", friendly}});

    CHECK(header_of(reply, "Vary") == "Accept-Encoding, Origin");
    CHECK(std::ranges::count(reply.headers, "Vary", &std::pair<std::string, std::string>::first) ==
          1);
}

TEST_CASE(
    "origins that no browser would send, or that would let in all with credentials, are "
    "refused") {
    const auto [origins, credentials, sentence] =
        GENERATE(table<std::vector<std::string>, bool, std::string>({
            {{"*"}, true, "must name each origin where 'cors.credentials' is true"},
            {{friendly, "*"}, true, "must name each origin where 'cors.credentials' is true"},
            {{friendly, "*"}, false, "must be \"*\" alone"},
            {{"*", "*"}, false, "must be \"*\" alone"},
            {{friendly, "https://app.example.org/"}, false, "found 'https://app.example.org/'"},
            {{"https://App.example.org"}, false, "as browsers send them"},
            {{"HTTPS://app.example.org"}, false, "as browsers send them"},
            {{"https://app.example.org:443"}, false, "as browsers send them"},
            {{"http://app.example.org:80"}, false, "as browsers send them"},
            {{"https://app.example.org:"}, false, "as browsers send them"},
            {{"https://app.example.org:08443"}, false, "as browsers send them"},
            {{"https://app.example.org:65536"}, false, "as browsers send them"},
            {{"https://*.example.org"}, false, "as browsers send them"},
            {{"https://me@app.example.org"}, false, "as browsers send them"},
            {{"https://app.example.org?q"}, false, "as browsers send them"},
            {{"https://"}, false, "as browsers send them"},
            {{"app.example.org"}, false, "as browsers send them"},
            {{"//app.example.org"}, false, "as browsers send them"},
            {{"null"}, false, "as browsers send them"},
            {{""}, false, "as browsers send them"},
            {{"https://a\r\nX-Injected: 1"}, false, "found 'https://a??X-Injected: 1'"},
        }));
    CorsOptions options;
    options.origins = origins;
    options.credentials = credentials;

    const auto wrong = wrong_key(options);

    REQUIRE(wrong);
    CHECK(wrong->key == "cors.origins");
    CHECK_THAT(wrong->sentence, Catch::Contains(sentence));
}

TEST_CASE("origins as browsers send them are taken") {
    const std::string origin =
        GENERATE("https://app.example.org", "http://localhost:3000", "https://127.0.0.1:8443",
                 "http://[::1]:3000", "https://[2001:db8::1]", "http://app.example.org:443",
                 "https://xn--bcher-kva.example", "capacitor://localhost",
                 "chrome-extension://abcdefghijklmnop", "*");
    CorsOptions options;
    options.origins = {origin};

    CHECK_FALSE(wrong_key(options));
}

TEST_CASE("headers are listed by their names") {
    const auto [name, credentials, refused] =
        GENERATE(table<std::string, bool, bool>({{"X-Own", true, false},
                                                 {"*", false, false},
                                                 {"*", true, true},
                                                 {"", false, true},
                                                 {"X-Own, X-Other", false, true},
                                                 {"X-Own\r\nX-Injected: 1", false, true}}));
    CorsOptions asked;
    CorsOptions exposed;
    asked.credentials = exposed.credentials = credentials;
    asked.request_headers = {name};
    exposed.exposed_headers = {name};

    CHECK(wrong_key(asked).has_value() == refused);
    CHECK(wrong_key(exposed).has_value() == refused);
}
