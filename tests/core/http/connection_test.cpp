#include "support/process_usage.hpp"
#include "test_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;
using namespace std::chrono_literals;

namespace {

std::string chunked(std::string_view body) {
    constexpr std::size_t chunk = 1'000;
    std::string out;
    for (; !body.empty(); body.remove_prefix(std::min(chunk, body.size()))) {
        const auto piece = body.substr(0, chunk);
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        out.append(size).append(piece).append("\r\n");
    }
    return out + "0\r\n\r\n";
}

}  // namespace

TEST_CASE("a connection serves one request after the other") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/quick"));
    const auto first = client.read_response();
    client.send(get("/work/1"));
    const auto second = client.read_response();

    CHECK(first.status == 200);
    CHECK(first.body == "quick");
    CHECK(first.header("Content-Type") == "text/plain");
    CHECK(first.header("Date").ends_with(" GMT"));
    CHECK(first.header("Connection").empty());
    CHECK(second.body == "worked on 1");
    CHECK(server.server->statistics().accepted == 1);
}

TEST_CASE("pipelined requests are answered in order by one write") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/quick") + post("/echo", "Content-Length: 3\r\n", "abc") + get("/nowhere"));
    const auto first = client.read_response();
    const auto second = client.read_response();
    const auto third = client.read_response();

    CHECK(first.body == "quick");
    CHECK(second.body == "abc");
    CHECK(third.status == 404);
    CHECK(client.segments_received() == 1);
}

TEST_CASE("pipelined requests keep their order when workers answer some of them") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/work/1") + get("/quick") + get("/work/2") + get("/quick"));

    CHECK(client.read_response().body == "worked on 1");
    CHECK(client.read_response().body == "quick");
    CHECK(client.read_response().body == "worked on 2");
    CHECK(client.read_response().body == "quick");
}

TEST_CASE("more pipelined requests than replies may wait are all answered") {
    Options options;
    options.pipeline_bytes = 4'096;
    TestServer server(options);
    auto client = server.connect();
    constexpr int requests = 2'000;
    std::string all;
    for (int i = 0; i < requests; ++i)
        all += post("/echo", "Content-Length: 4\r\n", std::to_string(1'000 + i));

    auto sending = std::async(std::launch::async, [&] { client.send(all); });
    int in_order = 0;
    for (int i = 0; i < requests; ++i)
        in_order += client.read_response().body == std::to_string(1'000 + i) ? 1 : 0;

    sending.get();
    CHECK(in_order == requests);
}

TEST_CASE("a reply larger than the sockets' buffers arrives whole, and the next one behind it") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/large") + get("/quick"));
    const auto large = client.read_response();
    const auto next = client.read_response();

    CHECK(large.body.size() == Desk::large_bytes);
    CHECK(next.body == "quick");
}

TEST_CASE("HEAD has the length of what GET would send, and no body") {
    TestServer server;
    auto client = server.connect();

    client.send("HEAD /api/v1/quick HTTP/1.1\r\nHost: a\r\n\r\n" + get("/quick"));
    const auto head = client.read_response(ResponseTo::head);
    const auto next = client.read_response();

    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == "5");
    CHECK(head.header("Content-Type") == "text/plain");
    CHECK(next.body == "quick");
}

TEST_CASE("204 has neither body nor length") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/nothing") + get("/quick"));
    const auto empty = client.read_response();
    const auto next = client.read_response();

    CHECK(empty.status == 204);
    CHECK(empty.header("Content-Length").empty());
    CHECK(empty.header("Content-Type").empty());
    CHECK(next.body == "quick");
}

TEST_CASE("a connection closes when the client says so, and on HTTP/1.0 unless it says otherwise") {
    const auto [request, connection] = GENERATE(table<std::string, std::string>({
        {get("/quick", "Connection: close\r\n"), "close"},
        {get("/work/1", "Connection: close\r\n"), "close"},
        {"GET /api/v1/quick HTTP/1.0\r\n\r\n", "close"},
        {"GET /api/v1/quick HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" +
             get("/quick", "Connection: close\r\n"),
         "keep-alive"},
    }));
    TestServer server;
    auto client = server.connect();

    client.send(request);
    const auto response = client.read_response();
    client.read_to_eof();

    CHECK(response.status == 200);
    CHECK(response.header("Connection") == connection);
}

TEST_CASE("requests behind the one that closes are not served") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/quick", "Connection: close\r\n") + get("/quick"));
    const auto response = client.read_response();

    CHECK(response.body == "quick");
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("a client that has shut down its side still gets its replies") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/work/1") + get("/quick"));
    client.half_close();
    const auto first = client.read_response();
    const auto second = client.read_response();

    CHECK(first.body == "worked on 1");
    CHECK(second.body == "quick");
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("half a request is refused when the client shuts down its side") {
    TestServer server;
    auto client = server.connect();

    client.send(post("/echo", "Content-Length: 10\r\n", "half"));
    client.half_close();
    const auto response = client.read_response();

    CHECK(response.status == 400);
    CHECK(says(response, "http.incomplete_request"));
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("reply headers that would break the frame are left out") {
    TestServer server;
    auto client = server.connect();

    client.send(get("/injecting"));
    const auto response = client.read_response();

    CHECK(response.body == "injecting");
    CHECK(response.header("X-Good") == "1");
    CHECK(response.header("X-Bad").empty());
    CHECK(response.header("X-Injected").empty());
    CHECK(response.header("X Bad").empty());
}

TEST_CASE("bodies come through, however they are sent") {
    const std::string body = GENERATE(std::string("small"), std::string(500'000, 'b'));
    const bool in_chunks = GENERATE(false, true);
    TestServer server;
    auto client = server.connect();
    const auto request =
        in_chunks ? post("/echo", "Transfer-Encoding: chunked\r\n", chunked(body))
                  : post("/echo", "Content-Length: " + std::to_string(body.size()) + "\r\n", body);

    client.send(request + get("/quick"));
    const auto response = client.read_response();
    const auto next = client.read_response();

    CHECK(response.status == 200);
    CHECK(response.body == body);
    CHECK(next.body == "quick");
}

TEST_CASE("a client that waits for 100 Continue is told to go on") {
    TestServer server;
    auto client = server.connect();

    client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n"));
    const auto interim = client.read_response();
    client.send("hello");
    const auto response = client.read_response();

    CHECK(interim.status == 100);
    CHECK(response.status == 200);
    CHECK(response.body == "hello");
}

TEST_CASE("100 Continue is not sent when the body is not wanted or already there") {
    const auto [request, status] = GENERATE(table<std::string, int>({
        {post("/small", "Expect: 100-continue\r\nContent-Length: 9\r\n"), 413},
        {post("/nowhere", "Expect: 100-continue\r\nContent-Length: 9\r\n"), 404},
        {post("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"), 200},
        {post("/echo", "Expect: the unexpected\r\nContent-Length: 5\r\n", "hello"), 417},
    }));
    TestServer server;
    auto client = server.connect();

    client.send(request);

    CHECK(client.read_response().status == status);
}

TEST_CASE("the refusal of a large body reaches a client that is still sending it") {
    const std::string framing =
        GENERATE("Content-Length: 4000000\r\n", "Transfer-Encoding: chunked\r\n");
    TestServer server;
    auto client = server.connect();

    client.send(post("/small", framing, "3D0900\r\n" + std::string(4'000'000, 'b')));
    client.half_close();
    const auto response = client.read_response();

    CHECK(response.status == 413);
    CHECK(response.header("Connection") == "close");
    CHECK(says(response, "8 bytes"));
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("whoever takes too long over a request is told so") {
    const auto [begun, code] = GENERATE(table<std::string, std::string>({
        {"GET /api/v1/quick HT", "http.header_seconds"},
        {post("/echo", "Content-Length: 10\r\n", "half"), "http.body_idle_seconds"},
        {post("/echo", "Transfer-Encoding: chunked\r\n", "5\r\nha"), "http.body_idle_seconds"},
    }));
    Options options;
    options.header_seconds = 1;
    options.body_idle_seconds = 1;
    TestServer server(options);
    auto client = server.connect();

    client.send(begun);
    const auto response = client.read_response();

    CHECK(response.status == 408);
    CHECK(response.header("Connection") == "close");
    CHECK(says(response, code));
    CHECK(client.read_to_eof().empty());
}

TEST_CASE("a body has only so much time in all") {
    Options options;
    options.body_seconds = 1;
    TestServer server(options);
    auto client = server.connect();

    client.send(post("/echo", "Content-Length: 10\r\n", "half"));
    const auto response = client.read_response();

    CHECK(response.status == 408);
    CHECK(says(response, "http.body_seconds"));
}

TEST_CASE("an idle connection is closed without a word") {
    Options options;
    options.keep_alive_seconds = 1;
    TestServer server(options);
    auto client = server.connect();

    client.send(get("/quick"));
    client.read_response();

    CHECK(client.read_to_eof().empty());
}

TEST_CASE("a client that takes nothing of its reply is dropped") {
    Options options;
    options.write_idle_seconds = 1;
    TestServer server(options);
    const auto client = server.connect();

    client.send(get("/large"));

    CHECK(server.server->drain(30s));
    CHECK(server.server->statistics().connections == 0);
}

TEST_CASE("a request that takes too long is answered, and what it reads stays readable") {
    Options options;
    options.request_seconds = 1;
    Gate gate;
    TestServer server(options);
    server.desk.work = gate.handler();
    auto client = server.connect();

    client.send(post("/work", "Content-Length: 5\r\n", "hello"));
    const auto response = client.read_response();
    client.half_close();
    const auto rest = client.read_to_eof();
    gate.opened.count_down();

    CHECK(response.status == 504);
    CHECK(response.header("Connection") == "close");
    CHECK(rest.empty());
}

TEST_CASE("a request whose client has reset its connection while it waited is not begun") {
    constexpr int at_once = 4;  // Compartment::in_flight
    std::latch entered(at_once), opened(1);
    std::atomic<int> begun = 0;
    TestServer server;
    server.desk.work = [&] {
        if (++begun <= at_once)
            entered.count_down();
        opened.wait();
    };
    std::vector<RawClient> clients;
    for (int client = 0; client < at_once; ++client)
        clients.emplace_back(server.socket.port()).send(get("/work/1"));
    entered.wait();
    const auto queued = [&] { return server.application.compartment_statistics()[0].queued; };

    auto impatient = server.connect();
    impatient.send(get("/work/2"));
    CHECK(becomes_true([&] { return queued() == 1; }));
    impatient.reset();
    CHECK(becomes_true([&] { return server.server->statistics().connections == at_once; }));
    opened.count_down();

    for (auto& client : clients)
        CHECK(client.read_response().status == 200);
    CHECK(becomes_true([&] { return queued() == 0; }));
    CHECK(server.server->drain(30s));
    CHECK(begun == at_once);
}

TEST_CASE("a client that resets its connection in mid-reply harms nobody else") {
    TestServer server;
    auto client = server.connect();
    client.send(get("/large"));
    client.read_response(ResponseTo::head);

    client.reset();

    CHECK(server.serves());
    CHECK(server.server->drain(30s));
}
