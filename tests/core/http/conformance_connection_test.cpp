#include "conformance.hpp"

namespace bulkhead::http::test {

namespace {

std::string with(std::string_view headers) {
    return request("GET /api/v1/page HTTP/1.1", headers);
}

std::string old_with(std::string_view headers) {
    return request("GET /api/v1/page HTTP/1.0", headers);
}

std::string post_to(std::string_view path, std::string_view headers, std::string_view body = {}) {
    return request("POST /api/v1" + std::string(path) + " HTTP/1.1", headers, body);
}

const Rule options[]{
    {"HTTP/1.1 persists", "9.3", Level::must, with(""), {200}, Then::kept},
    {"close", "9.6", Level::must, with("Connection: close\r\n"), {200}, Then::closed},
    {"close in any case",
     "RFC 9110, 7.6.1",
     Level::must,
     with("Connection: CLOSE\r\n"),
     {200},
     Then::closed},
    {"close among others",
     "RFC 9110, 7.6.1",
     Level::must,
     with("Connection: TE , Close,Upgrade\r\nTE: trailers\r\n"),
     {200},
     Then::closed},
    {"close in a second line",
     "RFC 9110, 5.3",
     Level::must,
     with("Connection: keep-alive\r\nConnection: close\r\n"),
     {200},
     Then::closed},
    {"close beside keep-alive",
     "9.3",
     Level::must,
     with("Connection: keep-alive, close\r\n"),
     {200},
     Then::closed},
    {"empty elements",
     "RFC 9110, 5.6.1.2",
     Level::must,
     with("Connection: ,, close ,\r\n"),
     {200},
     Then::closed},
    {"a word that has close in it",
     "RFC 9110, 7.6.1",
     Level::must,
     with("Connection: closed, enclose\r\n"),
     {200},
     Then::kept},
    {"options that nobody knows",
     "RFC 9110, 7.6.1",
     Level::must,
     with("Connection: foo, bar\r\n"),
     {200},
     Then::kept},
    {"nothing", "RFC 9110, 5.6.1.2", Level::must, with("Connection:\r\n"), {200}, Then::kept},
    {"what is no token",
     "RFC 9110, 7.6.1",
     Level::own,
     with("Connection: clo se\r\n"),
     {400},
     Then::closed,
     "http.bad_header"},
    {"keep-alive is nothing new to HTTP/1.1",
     "9.3",
     Level::must,
     with("Connection: keep-alive\r\n"),
     {200},
     Then::kept},
    {"HTTP/1.0 does not persist", "9.3", Level::must, old_with(""), {200}, Then::closed},
    {"HTTP/1.0 that asks for it",
     "9.3",
     Level::may,
     old_with("Connection: Keep-Alive\r\n"),
     {200},
     Then::kept},
    {"HTTP/1.0 that asks for both",
     "9.3",
     Level::must,
     old_with("Connection: keep-alive, close\r\n"),
     {200},
     Then::closed},
    {"Proxy-Connection is for nobody",
     "C.2.2",
     Level::should,
     with("Proxy-Connection: close\r\n"),
     {200},
     Then::kept},
    {"an upgrade that is not taken",
     "RFC 9110, 7.8",
     Level::may,
     with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"),
     {200},
     Then::kept},
    {"an answer of 404 closes nothing",
     "9.3",
     Level::must,
     request("GET /nowhere HTTP/1.1"),
     {404},
     Then::kept,
     "http.not_found"},
    {"nor does one of 500",
     "9.3",
     Level::must,
     request("GET /api/v1/fails HTTP/1.1"),
     {500},
     Then::kept,
     "http.internal"},
};

const Rule expectations[]{
    {"another than 100-continue",
     "RFC 9110, 10.1.1",
     Level::may,
     with("Expect: tea\r\n"),
     {417},
     Then::closed,
     "http.expectation_failed"},
    {"another beside it",
     "RFC 9110, 10.1.1",
     Level::may,
     post_to("/echo", "Expect: 100-continue, tea\r\nContent-Length: 1\r\n", "a"),
     {417},
     Then::closed,
     "http.expectation_failed"},
    {"the body is there already",
     "RFC 9110, 10.1.1",
     Level::may,
     post_to("/echo", "Expect: 100-continue\r\nContent-Length: 1\r\n", "a"),
     {200},
     Then::kept},
    {"in any case",
     "RFC 9110, 10.1.1",
     Level::must,
     post_to("/echo", "Expect: 100-Continue\r\nContent-Length: 1\r\n", "a"),
     {200},
     Then::kept},
    {"without a body",
     "RFC 9110, 10.1.1",
     Level::must,
     with("Expect: 100-continue\r\n"),
     {200},
     Then::kept},
    {"in HTTP/1.0 it means nothing",
     "RFC 9110, 10.1.1",
     Level::must,
     "POST /api/v1/echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
     {200},
     Then::closed},
};

}  // namespace

TEST_CASE("Connection says what becomes of a connection, and nothing else does") {
    check_all(options);
}

TEST_CASE("the only expectation that is met is 100-continue") {
    check_all(expectations);
}

TEST_CASE("100 Continue goes out when the body is wanted, and not before HTTP/1.1") {
    const auto [head, first] = GENERATE(table<std::string, int>({
        {post_to("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n"), 100},
        {post_to("/work", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"), 100},
        {post_to("/small", "Expect: 100-continue\r\nContent-Length: 9\r\n"), 413},
        {post_to("/nowhere", "Expect: 100-continue\r\nContent-Length: 9\r\n"), 404},
        {post_to("/page", "Expect: 100-continue\r\nContent-Length: 9\r\n"), 405},
        {post_to("/echo", "Expect: 100-continue\r\nContent-Length: x\r\n"), 400},
        {post_to("/echo", "Expect: 200-ok\r\nContent-Length: 5\r\n"), 417},
    }));
    const ConformanceServer server;
    auto client = server.connect();

    client.send(head);
    const auto answer = client.read_response();

    CHECK(answer.status == first);
    CHECK(answer.headers.empty() == (first == 100));
    CHECK(server.executed() == 0);
}

TEST_CASE("who expects 100 Continue on HTTP/1.0 gets the answer and nothing before it") {
    const ConformanceServer server;
    auto client = server.connect();

    client.send("POST /api/v1/echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    client.send("hello");

    CHECK(client.read_response().body == "hello");
}

TEST_CASE("a body that nobody waited for is not taken for a request") {
    const ConformanceServer server;
    auto client = server.connect();

    client.send(post_to("/nowhere", "Expect: 100-continue\r\nContent-Length: 54\r\n"));
    const auto refused = client.read_response();
    client.send(next_request);
    client.half_close();

    CHECK(refused.status == 404);
    CHECK(refused.header("Connection") == "close");
    CHECK(client.read_to_eof().empty());
    CHECK(server.executed() == 0);
}

TEST_CASE("requests sent at once are answered in order, errors among them") {
    const ConformanceServer server;
    auto client = server.connect();

    client.send(post_to("/work", "Content-Length: 1\r\n", "1") + with("") +
                request("GET /nowhere HTTP/1.1") +
                post_to("/echo", "Transfer-Encoding: chunked\r\n", "1\r\n2\r\n0\r\n\r\n") +
                request("HEAD /api/v1/page HTTP/1.1") + next_request);
    const auto worked = client.read_response();
    const auto page = client.read_response();
    const auto nowhere = client.read_response();
    const auto echoed = client.read_response();
    const auto head = client.read_response(ResponseTo::head);
    const auto next = client.read_response();

    CHECK(worked.body == "1");
    CHECK(page.body == "page");
    CHECK(nowhere.status == 404);
    CHECK(echoed.body == "2");
    CHECK(head.header("Content-Length") == "4");
    CHECK(next.body == "next");
}

TEST_CASE("what stands before a refused request is answered, what stands behind it is not read") {
    const ConformanceServer server;
    auto client = server.connect();

    client.send(with("") + with("X : 1\r\n") + next_request + next_request);
    client.half_close();
    const auto page = client.read_response();
    const auto refused = client.read_response();

    CHECK(page.body == "page");
    CHECK(refused.status == 400);
    CHECK(refused.header("Connection") == "close");
    CHECK(client.read_to_eof().empty());
    CHECK(server.executed() == 1);
}

TEST_CASE("a request in pieces is answered as a whole one") {
    const ConformanceServer server;
    auto client = server.connect();
    const auto bytes = post_to("/echo", "Transfer-Encoding: chunked\r\n",
                               "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: 1\r\n\r\n") +
                       next_request;

    for (const char byte : bytes)
        client.send({&byte, 1});

    CHECK(client.read_response().body == "abcde");
    CHECK(client.read_response().body == "next");
}

TEST_CASE("a reply to HEAD, 204 and 304 has no body, whatever its head says") {
    const auto [line, status, length] = GENERATE(table<std::string, int, std::string>({
        {"HEAD /api/v1/page HTTP/1.1", 200, "4"},
        {"HEAD /api/v1/empty HTTP/1.1", 204, ""},
        {"HEAD /nowhere HTTP/1.1", 404, "any"},
        {"HEAD /api/v1/page/.. HTTP/1.1", 400, "any"},
        {"GET /api/v1/empty HTTP/1.1", 204, ""},
        {"GET /api/v1/same HTTP/1.1", 304, ""},
    }));
    const ConformanceServer server;
    auto client = server.connect();

    client.send(request(line) + next_request);
    const auto response = client.read_response(ResponseTo::head);
    const auto next = client.read_response();

    CHECK(response.status == status);
    CHECK((length == "any" ? !response.header("Content-Length").empty()
                           : response.header("Content-Length") == length));
    CHECK(response.header("Transfer-Encoding").empty());
    CHECK(next.body == "next");
}

TEST_CASE("a refused HEAD is answered without a body, too") {
    const ConformanceServer server;
    auto client = server.connect();

    client.send(request("HEAD /api/v1/page HTTP/1.1", "X : 1\r\n"));
    const auto received = client.read_to_eof();

    CHECK(received.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(received.ends_with("\r\n\r\n"));
}

TEST_CASE(
    "the status line says HTTP/1.1 to everyone, and chunks go to nobody who cannot read them") {
    const auto version = GENERATE(as<std::string>{}, "HTTP/1.0", "HTTP/1.1", "HTTP/1.3");
    const ConformanceServer server;
    auto client = server.connect();

    client.send(request("GET /api/v1/page " + version, "Connection: close\r\n"));
    const auto received = client.read_to_eof();

    CHECK(received.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(received.find("Transfer-Encoding") == std::string::npos);
    CHECK(received.find("\r\nContent-Length: 4\r\n") != std::string::npos);
}

}  // namespace bulkhead::http::test
