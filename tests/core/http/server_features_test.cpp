// What the middlewares say of cross-origin requests, encodings and proxies, as it goes over the
// wire.
#include "http/server.hpp"

#include "test_server.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

const std::string origin = "Origin: https://app.example.org\r\n";

bulkhead::Result<bulkhead::Raw> long_text(Desk& desk) {
    desk.work();
    return text(std::string(50'000, 'x'));
}

Blueprint feature_blueprint(Desk& desk) {
    Options options;
    options.request_seconds = 1;
    auto blueprint = desk_blueprint(desk, options);
    bulkhead::Routes<Desk> on(desk);
    on.get("/long", long_text).open();
    blueprint.routes.push_back(on.take().front());
    blueprint.middleware = {"request_id",       "forwarded", "recover", "deadline",
                            "security_headers", "cors",      "compress"};
    blueprint.features.cors.origins = {"https://app.example.org"};
    blueprint.features.forwarded.trusted = {"127.0.0.0/8"};
    return blueprint;
}

struct FeatureServer {
    FeatureServer() : application(feature_blueprint(desk)) {
        const Listening listening{socket.descriptor()};
        server.emplace(Options{}, application, std::span(&listening, 1), 1);
    }

    RawClient connect() const { return RawClient(socket.port()); }

    ListeningSocket socket;
    Desk desk;
    Application application;
    std::optional<Server> server;  ///< last: it ends first
};

std::string allowed_origin(const RawResponse& response) {
    return response.header("Access-Control-Allow-Origin");
}

}  // namespace

TEST_CASE("HEAD has the headers of GET where the body is compressed, and the connection goes on") {
    FeatureServer server;
    auto client = server.connect();
    const std::string wish = "Accept-Encoding: gzip\r\n";

    client.send("HEAD" + get("/long", wish).substr(3) + get("/long", wish) + get("/quick"));
    const auto head = client.read_response(ResponseTo::head);
    const auto whole = client.read_response();
    const auto next = client.read_response();

    CHECK(head.header("Content-Encoding") == "gzip");
    CHECK(head.header("Content-Length") == whole.header("Content-Length"));
    CHECK(whole.header("Content-Length") == std::to_string(whole.body.size()));
    CHECK(whole.body.size() < 1'000);
    CHECK(whole.header("Vary") == "Accept-Encoding, Origin");
    CHECK(next.body == "quick");
}

TEST_CASE("a page of a listed origin may read what refuses its request, whoever refuses it") {
    const auto [request, status] = GENERATE(table<std::string, int>(
        {{post("/small", origin + "Content-Length: 9\r\n", "123456789"), 413},
         {post("/echo", origin + "Expect: nothing\r\nContent-Length: 1\r\n", "1"), 417},
         {get("/nobody", origin), 404},
         {get("/long", origin), 500}}));
    FeatureServer server;
    server.desk.work = [] { throw std::runtime_error("the crane is broken"); };
    auto client = server.connect();

    client.send(request);
    const auto response = client.read_response();

    CHECK(response.status == status);
    CHECK(allowed_origin(response) == "https://app.example.org");
    CHECK(response.header("Vary") == "Origin");
}

TEST_CASE("a page of a listed origin may read that its request took too long") {
    FeatureServer server;
    Gate gate;
    server.desk.work = gate.handler();
    auto client = server.connect();

    client.send(get("/work/1", origin));
    const auto response = client.read_response();
    gate.opened.count_down();

    CHECK(response.status == 504);
    CHECK(allowed_origin(response) == "https://app.example.org");
}

TEST_CASE("a preflight needs one round trip and no body, and its connection goes on") {
    FeatureServer server;
    auto client = server.connect();

    client.send("OPTIONS /api/v1/echo HTTP/1.1\r\nHost: a\r\n" + origin +
                "Access-Control-Request-Method: POST\r\n"
                "Access-Control-Request-Headers: content-type\r\n\r\n" +
                post("/echo", origin + "Content-Length: 2\r\n", "hi"));
    const auto preflight = client.read_response();
    const auto response = client.read_response();

    CHECK(preflight.status == 204);
    CHECK(preflight.header("Access-Control-Allow-Methods") == "OPTIONS, POST");
    CHECK(allowed_origin(preflight) == "https://app.example.org");
    CHECK(response.body == "hi");
    CHECK(allowed_origin(response) == "https://app.example.org");
}

TEST_CASE("each request on a connection from a proxy has its own client") {
    FeatureServer server;
    auto client = server.connect();

    client.send(get("/quick", "X-Forwarded-Proto: https\r\n") + get("/quick"));
    const auto by_tls = client.read_response();
    const auto plain = client.read_response();

    CHECK(by_tls.header("Strict-Transport-Security") == "max-age=31536000");
    CHECK(plain.header("Strict-Transport-Security").empty());
}
