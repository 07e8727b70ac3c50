// What holds for a connection holds within TLS as well; and what only TLS can do to it.

#include "http/tls_stream.hpp"

#include "support/scale.hpp"
#include "tls_server.hpp"

#include <catch2/catch.hpp>

#include <openssl/ssl.h>

#include <future>
#include <random>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;
using namespace std::chrono_literals;

TEST_CASE("a TLS connection serves one request after the other, and pipelined ones in order",
          "[tls]") {
    TlsServer server;
    auto client = server.connect();

    client.send(get("/quick"));
    const auto first = client.read_response();
    client.send(get("/work/1") + get("/quick") + get("/work/2") + get("/nowhere"));

    CHECK(first.body == "quick");
    CHECK(client.read_response().body == "worked on 1");
    CHECK(client.read_response().body == "quick");
    CHECK(client.read_response().body == "worked on 2");
    CHECK(client.read_response().status == 404);
    CHECK(server.server->statistics().accepted == 1);
}

TEST_CASE("pipelined requests within TLS are answered by one write", "[tls]") {
    TlsServer server;
    auto client = server.connect();
    client.send(get("/quick"));
    client.read_response();
    const auto before = client.segments_received();

    client.send(get("/quick") + get("/quick") + get("/quick"));
    for (int i = 0; i < 3; ++i)
        client.read_response();

    CHECK(client.segments_received() == before + 1);
}

TEST_CASE("bodies of a MiB come through TLS both ways", "[tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer server;
    TlsSetup setup;
    setup.version = version;
    auto client = server.connect(setup);
    std::string body(1'048'576, 'b');
    for (std::size_t i = 0; i < body.size(); i += 7)
        body[i] = static_cast<char>('a' + i % 26);

    client.send(post("/echo", "Content-Length: " + std::to_string(body.size()) + "\r\n", body) +
                get("/quick"));
    const auto response = client.read_response();
    const auto next = client.read_response();

    CHECK(response.status == 200);
    CHECK(response.body == body);
    CHECK(next.body == "quick");
}

TEST_CASE("more pipelined requests than replies may wait are all answered within TLS", "[tls]") {
    Options options;
    options.pipeline_bytes = 4'096;
    TlsServer server(TlsOptions{}, options);
    auto client = server.connect();
    constexpr int requests = 500;
    std::string all;
    for (int i = 0; i < requests; ++i)
        all += post("/echo", "Content-Length: 4\r\n", std::to_string(1'000 + i));

    client.send(all);
    int in_order = 0;
    for (int i = 0; i < requests; ++i)
        in_order += client.read_response().body == std::to_string(1'000 + i) ? 1 : 0;

    CHECK(in_order == requests);
}

TEST_CASE("a reply larger than the sockets' buffers arrives whole through TLS", "[tls]") {
    TlsServer server;
    auto client = server.connect();

    client.send(get("/large") + get("/quick"));
    const auto large = client.read_response();
    const auto next = client.read_response();

    CHECK(large.body.size() == Desk::large_bytes);
    CHECK(next.body == "quick");
}

TEST_CASE("a TLS client that takes nothing of its reply is dropped", "[tls]") {
    Options options;
    options.write_idle_seconds = 1;
    TlsServer server(TlsOptions{}, options);
    const auto client = server.connect();

    client.send(get("/large"));

    CHECK(server.server->drain(30s));
    CHECK(server.server->statistics().connections == 0);
}

TEST_CASE("a TLS client that sends no more still gets its replies", "[tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const bool properly = GENERATE(true, false);
    TlsServer server;
    TlsSetup setup;
    setup.version = version;
    auto client = server.connect(setup);

    client.send(get("/work/1") + get("/quick"));
    if (properly)
        client.half_close();
    else
        client.RawClient::half_close();
    const auto first = client.read_response();
    const auto second = client.read_response();

    CHECK(first.body == "worked on 1");
    CHECK(second.body == "quick");
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("the server says close_notify before it ends a TLS connection", "[tls]") {
    const std::string headers = GENERATE("", "Connection: close\r\n");
    Options options;
    options.keep_alive_seconds = 1;
    TlsServer server(TlsOptions{}, options);
    auto client = server.connect();

    client.send(get("/quick", headers));
    client.read_response();

    CHECK(client.read_to_eof().empty());  // Without close_notify this throws.
}

TEST_CASE("a handshake that does not end is dropped after handshake_seconds", "[tls]") {
    // A ClientHello of 512 bytes, of which no more comes than its beginning.
    const std::string begun = GENERATE(std::string(), std::string("\x16\x03\x01\x02\x00\x01", 6));
    TlsOptions options;
    options.handshake_seconds = 1;
    TlsServer server(options);
    RawClient client(server.socket.port());
    client.send(begun);

    const auto rest = client.read_to_eof();

    CHECK(rest.empty());
    CHECK(server.serves());
}

TEST_CASE("whatever comes instead of a handshake ends its own connection alone", "[tls]") {
    TlsServer server;
    std::mt19937 random(20'261'120);
    const auto number = [&](std::size_t below) { return random() % below; };

    for (int round = 0; round < at_scale(200, 20'000); ++round) {
        std::string bytes(1 + number(600), '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(number(256));
        if (round % 2 == 0)
            bytes.replace(0, 3, "\x16\x03\x01", 3);
        RawClient client(server.socket.port());
        client.send(bytes);
        client.half_close();
        INFO("round " << round);
        const auto answer = client.read_to_eof();
        const bool letter = std::isalpha(static_cast<unsigned char>(bytes[0])) != 0;
        CHECK(answer.starts_with("HTTP/1.1 400 ") == letter);
    }

    CHECK(server.serves());
    CHECK(server.server->drain(30s));
}

TEST_CASE("plain HTTP on the TLS port is answered with 400", "[tls]") {
    TlsServer server;
    RawClient client(server.socket.port());

    client.send(post("/echo", "Content-Length: 200000\r\n", std::string(200'000, 'b')));
    const auto response = client.read_response();
    client.half_close();

    CHECK(response.status == 400);
    CHECK(response.header("Connection") == "close");
    CHECK(says(response, R"("code":"http.plain_on_tls")"));
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("idle TLS connections end, and those with a request in flight are served, in a drain",
          "[tls]") {
    Gate gate;
    TlsServer server;
    server.desk.work = gate.handler();
    auto busy = server.connect();
    busy.send(get("/work/1"));
    gate.entered.wait();
    auto idle = server.connect();

    auto drained = std::async(std::launch::async, [&] { return server.server->drain(60s); });
    const auto rest = idle.read_to_eof();
    gate.opened.count_down();
    const auto response = busy.read_response();
    busy.half_close();
    idle.RawClient::half_close();

    CHECK(rest.empty());
    CHECK(response.body == "worked on 1");
    CHECK(response.header("Connection") == "close");
    CHECK(busy.read_to_eof().empty());
    busy.reset();
    CHECK(drained.get());
}

TEST_CASE("a TLS client that renews its keys without end is dropped", "[tls]") {
    TlsServer server;
    auto client = server.connect();
    const auto flood_and_ask = [&] {
        client.renew_keys(20'000);
        client.send(get("/quick"));
        return client.read_response();
    };

    CHECK_THROWS_AS(flood_and_ask(), std::runtime_error);

    CHECK(server.serves());
}

TEST_CASE("a TLS client that renews its keys between its requests is served", "[tls]") {
    TlsServer server;
    auto client = server.connect();

    for (int round = 0; round < 50; ++round) {
        REQUIRE(client.renew_keys(200));
        client.send(get("/quick"));
        CHECK(client.read_response().body == "quick");
    }
}

TEST_CASE("a TLS client that sends its requests byte by byte is served", "[tls]") {
    TlsServer server;
    auto client = server.connect();
    const std::string body(20'000, 'b');

    for (const char byte : post("/echo", "Content-Length: 20000\r\n", body))
        client.send({&byte, 1});

    CHECK(client.read_response().status == 200);
}

TEST_CASE("a TLS client that resets its connection in mid-reply harms nobody else", "[tls]") {
    TlsServer server;
    auto client = server.connect();
    client.send(get("/large"));
    client.read_response(ResponseTo::head);

    client.reset();

    CHECK(server.serves());
    CHECK(server.server->drain(30s));
}

TEST_CASE("a socket of TLS without a certificate is refused", "[tls]") {
    TestServer server;
    const Listening listening{server.socket.descriptor(), Role::tls};

    CHECK_THROWS_WITH(Server({}, server.application, std::span(&listening, 1), 1),
                      Catch::Contains("tls.certificate is empty"));
}
