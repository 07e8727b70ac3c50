// Clients of ill will against the real program: whoever behaves is served all the while, and
// nothing is left of it.

#include "support/raw_client.hpp"
#include "support/scale.hpp"
#include "support/siege.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <csignal>
#include <list>

namespace {

constexpr std::size_t mebibyte = 1'048'576;

/// What may be left of so many connections at once: pages of which something lives on stay, and
/// serve the next ones.
std::size_t rest_of(int connections) {
    return 32 * mebibyte + static_cast<std::size_t>(connections) * 8'192;
}

/// An attack, how many take part, and the status of each connection's last word; 0 for none.
struct Wave {
    std::string attack;
    int connections;
    int status;
};

/// From now on the process may have this many descriptors, and so may those that it starts.
void limit_descriptors(pid_t process, rlim_t descriptors) {
    const rlimit limit{descriptors, descriptors};
    REQUIRE(::prlimit(process, RLIMIT_NOFILE, &limit, nullptr) == 0);
}

std::string document_of(std::uint16_t port) {
    RawClient client(port);
    client.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.read_response().body;
}

int status_of(RawClient& client, const std::string& path) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.read_response().status;
}

}  // namespace

TEST_CASE("whoever takes too long is cut off, and nobody else notices") {
    const auto wave = GENERATE(Wave{"slow_headers", at_scale(200, 5'000), 408},
                               Wave{"slow_bodies", at_scale(200, 5'000), 408},
                               Wave{"silent", at_scale(500, 5'000), 0});
    CAPTURE(wave.attack);
    Siege siege;

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.closed + report.reset == wave.connections);
    CHECK(report.replies_of(wave.status) == (wave.status == 0 ? 0 : wave.connections));
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(wave.connections)));
}

TEST_CASE("what is too large is refused before it has come") {
    const auto wave = GENERATE(Wave{"header_bombs", at_scale(100, 2'000), 431},
                               Wave{"uploads", at_scale(10, 100), 413});
    CAPTURE(wave.attack);
    Siege siege;

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.closed + report.reset == wave.connections);
    CHECK(report.replies_of(wave.status) >= wave.connections / 2);
    CHECK(report.sent_bytes < static_cast<std::uint64_t>(wave.connections) * 24 * mebibyte);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(wave.connections)));
}

TEST_CASE("a connection may break off anywhere") {
    const auto wave = GENERATE(
        Wave{"half_closed", at_scale(200, 5'000), 0}, Wave{"resets", at_scale(300, 5'000), 0},
        Wave{"churn", at_scale(500, 5'000), 0}, Wave{"accept_storm", at_scale(1'000, 9'000), 0},
        Wave{"garbage", at_scale(500, 5'000), 0},
        Wave{"one_byte_segments", at_scale(100, 2'000), 0});
    CAPTURE(wave.attack);
    Siege siege;

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.unfinished == 0);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(wave.connections)));
}

TEST_CASE("many small pieces are no more than their sum") {
    const auto wave = GENERATE(Wave{"pipeline_flood", at_scale(20, 500), 200},
                               Wave{"one_byte_chunks", at_scale(20, 500), 400});
    CAPTURE(wave.attack);
    Siege siege("keep_alive_seconds = 3\n");  // A busy machine may take long over such bodies.

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.closed == wave.connections);
    CHECK(report.replies_of(wave.status) >= wave.connections);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(wave.connections)));
}

TEST_CASE("a reader that stops reading costs a bounded buffer, and is dropped") {
    const int readers = at_scale(10, 1'000);
    Siege siege(std::string(Siege::impatient) + "pipeline_bytes = 65536\n");
    const auto document_bytes = document_of(siege.server().port()).size();

    const auto report = siege.suffer("slow_readers", readers);

    const auto grown = siege.usage().most_resident_bytes - siege.usage_before().resident_bytes;
    const auto buffer = 2 * (65'536 + document_bytes);  // A string's room is at most doubled.
    CHECK(report.unfinished == 0);
    CHECK(grown < static_cast<std::size_t>(readers) * buffer + 32 * mebibyte);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(readers)));
}

TEST_CASE("what all clients together make the server hold is bounded") {
    const int clients = at_scale(40, 400);
    Siege siege(std::string(Siege::impatient) + "buffer_bytes = 8388608\n");

    const auto report = siege.suffer("large_bodies", clients);

    const auto grown = siege.usage().most_resident_bytes - siege.usage_before().resident_bytes;
    CHECK(report.replies_of(503) > 0);
    CHECK(report.replies_of(408) + report.replies_of(503) == clients);
    CHECK(grown < 2 * 8 * mebibyte + 32 * mebibyte);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(clients)));
}

TEST_CASE("ten thousand idle connections cost little, and give it back") {
    const int connections = at_scale(1'000, 9'500);
    Siege siege(std::string(Siege::impatient) + "connections = 20000\n");

    const auto report = siege.suffer("idle", connections);

    const auto most = siege.usage().most_resident_bytes;
    CHECK(report.replies_of(200) == connections);
    CHECK(report.closed == connections);
    CHECK(most - siege.usage_before().resident_bytes <
          static_cast<std::size_t>(connections) * 16'384 + 16 * mebibyte);
    CHECK(most < 200 * mebibyte);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(connections)));
}

TEST_CASE("when descriptors run out, connections wait, and are served once some are free") {
    Siege siege("keep_alive_seconds = 2\n");
    limit_descriptors(siege.server().first_worker(), 200);

    const auto report = siege.suffer("idle", 180);

    CHECK(report.replies_of(200) == 180);
    CHECK(report.closed == 180);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(rest_of(180)));
}

TEST_CASE("connections leave some descriptors to the database") {
    RunningServer server({.seeded = true});
    limit_descriptors(server.process().pid(), 160);
    ::kill(server.first_worker(), SIGKILL);
    server.next_worker();  // Which has never opened its database.
    RawClient kept(server.port());
    REQUIRE(status_of(kept, "/health") == 200);

    std::list<RawClient> crowd;
    for (int connection = 0; connection < 200; ++connection)
        crowd.emplace_back(server.port());
    const auto health = status_of(kept, "/health");
    const auto products = status_of(kept, "/api/v1/products");

    CHECK(health == 200);
    CHECK(products == 200);
}
