// Clients of ill will against the real program: whoever behaves is served all the while, and
// nothing is left of it.

#include "support/raw_client.hpp"
#include "support/scale.hpp"
#include "support/siege.hpp"

#include <catch2/catch.hpp>

namespace {

constexpr std::size_t mebibyte = 1'048'576;

/// An attack, how many take part, and the status of each connection's last word; 0 for none.
struct Wave {
    std::string attack;
    int connections;
    int status;
};

}  // namespace

TEST_CASE("whoever takes too long is cut off, and nobody else notices") {
    const auto wave =
        GENERATE(Wave{"slow_headers", at_scale(200, 5'000), 408},
                 Wave{"slow_bodies", at_scale(200, 5'000), 408},
                 Wave{"idle", at_scale(500, 5'000), 200}, Wave{"silent", at_scale(500, 5'000), 0});
    CAPTURE(wave.attack);
    Siege siege;

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.closed + report.reset == wave.connections);
    CHECK(report.replies_of(wave.status) == (wave.status == 0 ? 0 : wave.connections));
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(32 * mebibyte));
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
    CHECK(siege.is_as_before(32 * mebibyte));
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
    CHECK(siege.is_as_before(32 * mebibyte));
}

TEST_CASE("many small pieces are no more than their sum") {
    const auto wave = GENERATE(Wave{"pipeline_flood", at_scale(20, 500), 200},
                               Wave{"one_byte_chunks", at_scale(20, 500), 400});
    CAPTURE(wave.attack);
    Siege siege;

    const auto report = siege.suffer(wave.attack, wave.connections);

    CHECK(report.closed == wave.connections);
    CHECK(report.replies_of(wave.status) >= wave.connections);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(32 * mebibyte));
}

TEST_CASE("a reader that stops reading costs a bounded buffer, and is dropped") {
    const int readers = at_scale(100, 1'000);
    Siege siege(std::string(Siege::impatient) + "pipeline_bytes = 65536\n");
    RawClient honest(siege.server().port());
    honest.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto document_bytes = honest.read_response().body.size();

    const auto report = siege.suffer("slow_readers", readers);

    const auto grown = siege.usage().most_resident_bytes - siege.usage_before().resident_bytes;
    const auto buffer = 2 * (65'536 + document_bytes);  // A string's room is at most doubled.
    CHECK(report.unfinished == 0);
    CHECK(grown < static_cast<std::size_t>(readers) * buffer + 32 * mebibyte);
    CHECK(siege.complaints() == "");
    CHECK(siege.is_as_before(32 * mebibyte));
}
