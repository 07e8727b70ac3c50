#include "http/server.hpp"

#include "support/scale.hpp"
#include "test_server.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <fcntl.h>

#include <future>
#include <latch>
#include <random>
#include <thread>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;
using namespace std::chrono_literals;

namespace {

#ifndef __SANITIZE_ADDRESS__  // The sanitizers open pipes to see whether memory is readable.
/// As if only one descriptor were left, until it ends.
class OneDescriptorLeft {
public:
    OneDescriptorLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int left = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        const int lowest_unused = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        rlimit now = before_;
        now.rlim_cur = static_cast<rlim_t>(lowest_unused);
        ::setrlimit(RLIMIT_NOFILE, &now);
        ::close(lowest_unused);
        ::close(left);
    }
    ~OneDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    OneDescriptorLeft(const OneDescriptorLeft&) = delete;
    OneDescriptorLeft& operator=(const OneDescriptorLeft&) = delete;

private:
    rlimit before_{};
};
#endif

}  // namespace

TEST_CASE("a server may end before its handlers do") {
    Gate gate;
    TestServer server;
    server.desk.work = gate.handler();
    auto client = server.connect();
    client.send(post("/work", "Content-Length: 5\r\n", "hello"));
    gate.entered.wait();

    server.server.reset();
    gate.opened.count_down();

    CHECK(client.read_to_eof().empty());
}

TEST_CASE("connections beyond the limit are closed at once and counted") {
    Options options;
    options.connections = 2;
    TestServer server(options, 2);
    auto first = server.connect();
    auto second = server.connect();
    first.send(get("/quick"));
    second.send(get("/quick"));
    first.read_response();
    second.read_response();

    auto third = server.connect();

    CHECK(third.read_to_eof().empty());
    CHECK(server.server->statistics().connections == 2);
    CHECK(server.server->statistics().refused == 1);
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("a shortage of descriptors delays connections, but loses none") {
    TestServer server;
    auto old = server.connect();
    old.send(get("/quick"));
    old.read_response();
    std::optional<RawClient> fresh;
    {
        const OneDescriptorLeft now;
        fresh.emplace(server.connect());
        old.send(get("/quick"));  // Once answered, the server has tried to accept.
        old.read_response();
    }

    fresh->send(get("/quick"));

    CHECK(fresh->read_response().status == 200);
}
#endif

TEST_CASE("while draining, replies say that they are the last") {
    Gate gate;
    TestServer server;
    server.desk.work = gate.handler();
    auto client = server.connect();
    client.send(get("/work/1") + get("/quick"));
    gate.entered.wait();

    const bool drained_at_once = server.server->drain(0ms);
    gate.opened.count_down();
    const auto first = client.read_response();
    const auto last = client.read_response();
    const auto rest = client.read_to_eof();
    client.half_close();

    CHECK_FALSE(drained_at_once);
    CHECK(first.header("Connection").empty());
    CHECK(last.header("Connection") == "close");
    CHECK(rest.empty());
    CHECK(server.server->drain(30s));
}

TEST_CASE("while draining, a request that came behind the one in flight is answered too") {
    Gate gate;
    TestServer server;
    server.desk.work = gate.handler();
    auto client = server.connect();
    client.send(get("/work/1"));
    gate.entered.wait();

    server.server->drain(0ms);
    client.send(get("/quick"));
    gate.opened.count_down();
    const auto first = client.read_response();
    const auto last = client.read_response();
    client.half_close();

    CHECK(first.header("Connection").empty());
    CHECK(last.status == 200);
    CHECK(last.header("Connection") == "close");
    CHECK(server.server->drain(30s));
}

TEST_CASE("an idle connection does not hold up a drain") {
    TestServer server;
    auto client = server.connect();
    client.send(get("/quick"));
    client.read_response();

    auto drained = std::async(std::launch::async, [&] { return server.server->drain(60s); });
    const auto rest = client.read_to_eof();
    client.half_close();

    CHECK(drained.get());
    CHECK(rest.empty());
}

TEST_CASE("a drain under load loses no request") {
    TestServer server({}, 2);
    constexpr int clients = 8;
    const int before_drain = at_scale(50, 5'000);
    std::latch busy(clients);
    std::vector<std::future<bool>> ended_by_server;
    for (int i = 0; i < clients; ++i)
        ended_by_server.push_back(std::async(std::launch::async, [&, i] {
            auto client = server.connect();
            for (int sent = 1;; ++sent) {
                client.send(i % 2 == 0 ? get("/quick") : get("/work/1"));
                const auto response = client.read_response();  // Throws when the request was lost.
                if (sent == before_drain)
                    busy.count_down();
                if (response.header("Connection") == "close")
                    return response.status == 200;
            }
        }));
    busy.wait();

    const bool drained = server.server->drain(30s);

    CHECK(drained);
    for (auto& ended : ended_by_server)
        CHECK(ended.get());
}

TEST_CASE("whatever bytes come, the server answers or closes, and goes on serving") {
    Options options;
    options.header_bytes = 1'024;
    TestServer server(options, 2);
    std::mt19937 random(20'261'120);
    const auto number = [&](std::size_t below) { return random() % below; };
    const std::vector<std::string> seeds{
        get("/quick"), get("/work/1", "X: y\r\n"), post("/echo", "Content-Length: 3\r\n", "abc"),
        post("/echo", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), ""};

    for (int round = 0; round < at_scale(500, 50'000); ++round) {
        auto bytes = seeds[number(seeds.size())] + seeds[number(seeds.size())];
        if (bytes.empty())
            bytes.resize(1 + number(2'000));
        for (auto changes = number(8); changes > 0; --changes)
            bytes[number(bytes.size())] = static_cast<char>(number(256));
        auto client = server.connect();
        client.send(bytes);
        client.half_close();
        const auto answer = client.read_to_eof();
        INFO("round " << round << ": " << bytes);
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 ")));
    }

    CHECK(server.serves());
    CHECK(server.server->drain(30s));
}
