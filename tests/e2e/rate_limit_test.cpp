// The limits that are shipped, at the real program.

#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <memory>

namespace {

constexpr int most_requests = 20'000;  // A server slower than 500 a second never refuses one.
constexpr int batch = 100;

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

/// Asks until it is refused; the refusal, or the last of most_requests.
RawResponse ask_until_refused(RawClient& client) {
    std::string requests;
    for (int request = 0; request < batch; ++request)
        requests += get("/nothing");
    RawResponse reply;
    for (int asked = 0; asked < most_requests && reply.status != 429; asked += batch) {
        client.send(requests);
        for (int request = 0; request < batch; ++request)
            if (auto next = client.read_response(); reply.status != 429)
                reply = std::move(next);
    }
    return reply;
}

}  // namespace

TEST_CASE("the shipped limits stop an address that floods, until the next generation") {
    RunningServer server({.tables = "[rate_limit]\n"});
    auto client = std::make_unique<RawClient>(server.port());

    const auto refused = ask_until_refused(*client);
    client->send(get("/health"));
    const auto health = client->read_response();
    client.reset();  // The generation that it talks to ends the sooner.
    server.deployment().configure({.disabled = {"orders"}, .tables = "[rate_limit]\n"});
    server.process().signal(SIGHUP);
    server.next_worker();
    const bool ended = ends(server.first_worker());
    RawClient later(server.port());
    later.send(get("/nothing"));
    const auto first_of_next = later.read_response();

    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "1");
    CHECK(refused.header("RateLimit-Limit") == "1000");
    CHECK(refused.header("RateLimit-Remaining") == "0");
    CHECK(health.status == 200);
    CHECK(health.header("RateLimit-Limit").empty());
    CHECK(ended);
    CHECK(first_of_next.status == 404);
    CHECK(first_of_next.header("RateLimit-Remaining") == "999");
}
