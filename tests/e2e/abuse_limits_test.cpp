// Each limit of [http] in plugins.toml, set low, against the real program.

#include "http/options.hpp"
#include "support/attack.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <list>

namespace {

constexpr auto limits =
    "[http]\nheader_bytes = 1024\nheader_count = 8\nbody_bytes = 400000\nheader_seconds = 1\n"
    "body_idle_seconds = 1\nbody_seconds = 2\nkeep_alive_seconds = 1\nwrite_idle_seconds = 1\n"
    "request_seconds = 1\nconnections = 32\npipeline_bytes = 4096\nbuffer_bytes = 1048576\n"
    "[module.tardy]\nenabled = true\n";

std::string get(const std::string& path, const std::string& more_headers = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more_headers + "\r\n";
}

std::string post(std::size_t length, const std::string& body) {
    return "POST /api/v1/tardy/note HTTP/1.1\r\nHost: a\r\nContent-Length: " +
           std::to_string(length) + "\r\n\r\n" + body;
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (; times > 0; --times)
        all += text;
    return all;
}

/// The first reply, with its connection's end behind it.
std::string last_word(std::uint16_t port, const std::string& sent) {
    RawClient client(port);
    client.send(sent);
    const auto reply = client.read_response();
    client.read_to_eof();
    return std::to_string(reply.status) + ' ' + reply.body;
}

std::string outlast_header_seconds(std::uint16_t port) {
    return last_word(port, "GET /health HTTP/1.1\r\n");
}

std::string outlast_body_idle_seconds(std::uint16_t port) {
    return last_word(port, post(10, "half"));
}

std::string outlast_request_seconds(std::uint16_t port) {
    return last_word(port, "POST /api/v1/tardy/loop HTTP/1.1\r\nHost: a\r\n\r\n");
}

std::string exceed_header_bytes(std::uint16_t port) {
    return last_word(port, get("/health", "X-Long: " + std::string(2'000, 'a') + "\r\n"));
}

std::string exceed_header_count(std::uint16_t port) {
    return last_word(port, get("/health", repeated("a: b\r\n", 8)));
}

std::string exceed_body_bytes(std::uint16_t port) {
    return last_word(port, post(400'001, {}));
}

// A byte at a time, each well within body_idle_seconds.
std::string outlast_body_seconds(std::uint16_t port) {
    const std::vector scripts{Script{.opening = post(100, {}),
                                     .drip = " ",
                                     .drips = 100,
                                     .pause = std::chrono::milliseconds(200)}};
    const auto report = play(port, scripts);
    return report.replies_of(408) == 1 && report.sent_bytes < scripts[0].opening.size() + 50
               ? "cut off"
               : "served";
}

std::string outlast_keep_alive_seconds(std::uint16_t port) {
    return last_word(port, get("/health"));  // Read to its end, which the server makes.
}

std::string outlast_write_idle_seconds(std::uint16_t port) {
    const auto report = play(port, scripts_of(attack_named("slow_readers"), 1));
    return report.reset == 1 ? "dropped" : "kept";
}

std::string exceed_connections(std::uint16_t port) {
    std::list<RawClient> clients;
    for (int connection = 0; connection < 32; ++connection) {
        clients.emplace_back(port).send(get("/health"));
        clients.back().read_response();
    }
    return RawClient(port).read_to_eof().empty() ? "closed at once" : "served";
}

int documents_answered(std::uint16_t port) {
    RawClient client(port);
    client.send(get("/metrics"));
    const auto metrics = client.read_response().body;
    const auto of_documents =
        metrics.find("/openapi.json", metrics.find("bulkhead_http_requests_total{"));
    return std::stoi(metrics.substr(metrics.find("} ", of_documents) + 2));
}

// Asked for more than any kernel buffers by a client that reads nothing, the server answers as many
// as fit into its own buffer and the kernel's, and takes no more.
std::string exceed_pipeline_bytes(std::uint16_t port) {
    constexpr int asked = 20'000;
    const std::vector scripts{Script{.opening = repeated(get("/openapi.json"), asked),
                                     .reads = false,
                                     .receive_buffer_bytes = 4'096}};
    const auto before = documents_answered(port);
    play(port, scripts);
    const auto answered = documents_answered(port) - before;
    return answered < asked / 2 ? "paused" : "answered " + std::to_string(answered);
}

// Four bodies, each within its own limit, lack their last byte.
std::string exceed_buffer_bytes(std::uint16_t port) {
    const std::vector scripts(4, Script{.opening = post(400'000, std::string(399'999, 'x'))});
    return play(port, scripts).replies_of(503) > 0 ? "refused" : "taken";
}

struct Limit {
    std::string key;
    std::string (*meet)(std::uint16_t port);
    std::string expected;      ///< stands in what came of it
    bool meets_alone = false;  ///< once all others are done
};

const std::vector<Limit>& all_limits() {
    static const std::vector<Limit> all{
        {"header_bytes", exceed_header_bytes, "431 "},
        {"header_count", exceed_header_count, "http.too_many_headers"},
        {"body_bytes", exceed_body_bytes, "413 "},
        {"header_seconds", outlast_header_seconds, "http.header_seconds"},
        {"body_idle_seconds", outlast_body_idle_seconds, "http.body_idle_seconds"},
        {"body_seconds", outlast_body_seconds, "cut off"},
        {"keep_alive_seconds", outlast_keep_alive_seconds, "200 "},
        {"write_idle_seconds", outlast_write_idle_seconds, "dropped"},
        {"request_seconds", outlast_request_seconds, "504 "},
        {"pipeline_bytes", exceed_pipeline_bytes, "paused"},
        {"buffer_bytes", exceed_buffer_bytes, "refused"},
        {"connections", exceed_connections, "closed at once", true},
    };
    return all;
}

}  // namespace

TEST_CASE("each limit of [http] holds as plugins.toml sets it") {
    RunningServer server({.disabled = {"users", "auth", "orders"},
                          .tables = limits,
                          .modules = BULKHEAD_FIXTURES_DIR});

    std::vector<std::future<std::string>> outcomes;  // Side by side: most of it is waiting.
    for (const auto& limit : all_limits())
        outcomes.push_back(
            std::async(limit.meets_alone ? std::launch::deferred : std::launch::async, limit.meet,
                       server.port()));
    for (std::size_t number = 0; number < outcomes.size(); ++number) {
        const auto& [key, meet, expected, meets_alone] = all_limits()[number];
        const auto outcome = outcomes[number].get();
        CAPTURE(key, outcome);
        CHECK(outcome.find(expected) != std::string::npos);
    }
    RawClient client(server.port());
    client.send(get("/" + std::string(2'000, 'a')));
    CHECK(client.read_response().status == 414);
    CHECK(server.process().count_of("generation ready") == 1);
}

TEST_CASE("no limit of [http] is without its test") {
    std::vector<std::string> keys, tested;
    for (const auto& field : bulkhead::table_of<bulkhead::http::Options>().fields)
        keys.emplace_back(field.name);
    for (const auto& limit : all_limits())
        tested.push_back(limit.key);

    std::ranges::sort(keys);
    std::ranges::sort(tested);

    CHECK(tested == keys);
}
