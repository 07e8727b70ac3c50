// What becomes of the work behind a request that was answered 504: it stops.

#include "support/process_usage.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>

namespace {

/// The real program with fixtures/tardy.cpp, and a second for each request.
struct TardyServer {
    RunningServer server{{.disabled = {"users", "auth", "orders"},
                          .tables = "[http]\nrequest_seconds = 1\n"
                                    "[module.tardy]\nenabled = true\nin_flight = 1\n",
                          .modules = BULKHEAD_FIXTURES_DIR}};

    RawResponse ask(const std::string& request) {
        RawClient client(server.port());
        client.send(request + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        return client.read_response();
    }
    std::int64_t found(const std::string& what) {
        return number_in(ask("GET /api/v1/tardy").body, what);
    }
};

}  // namespace

TEST_CASE("a handler that computes in the database is stopped, and what it wrote is undone") {
    TardyServer tardy;

    const auto late = tardy.ask("POST /api/v1/tardy/write");
    const auto next = tardy.ask("POST /api/v1/tardy/note");

    CHECK(late.status == 504);
    CHECK(late.body.find("http.timeout") != std::string::npos);
    CHECK(next.status == 204);
    CHECK(tardy.found("notes") == 1);
}

TEST_CASE("a handler that takes no refusal for an answer gets nothing more of the database") {
    TardyServer tardy;

    const auto late = tardy.ask("POST /api/v1/tardy/insist");

    CHECK(late.status == 504);
    CHECK(becomes_true([&] { return tardy.found("refused_statements") == 100; }));
}

TEST_CASE("a loop that looks whether somebody waits ends with the deadline") {
    TardyServer tardy;

    const auto late = tardy.ask("POST /api/v1/tardy/loop");

    CHECK(late.status == 504);
    CHECK(becomes_true([&] { return tardy.found("stopped_loops") == 1; }));
}
