// The real program under real clients: crashes, reloads and ends.

#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/scale.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <optional>

namespace {

/// Empty when the connection ends, or is reset, before the answer is whole.
std::optional<RawResponse> get(RawClient& client, const std::string& path) {
    try {
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client.read_response();
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::optional<RawResponse> get_once(std::uint16_t port, const std::string& path) {
    RawClient client(port);
    return get(client, path);
}

/// Whether connecting is refused, sooner or later.
bool is_refused_at_last(std::uint16_t port) {
    for (int attempts = 0; attempts < 100'000; ++attempts)
        try {
            const RawClient accepted(port);
        } catch (const std::runtime_error&) {
            return true;
        }
    return false;
}

/// Asks /health again and again until it ends; counts.
class ClientLoop {
public:
    enum class Connections { kept, one_per_request };

    ClientLoop(std::uint16_t port, Connections connections)
        : thread_([this, port, connections] {
              if (connections == Connections::kept)
                  ask_on_kept_connections(port);
              else
                  ask_on_new_connections(port);
          }) {}
    ~ClientLoop() { stop(); }
    ClientLoop(const ClientLoop&) = delete;
    ClientLoop& operator=(const ClientLoop&) = delete;

    void wait_for_successes(std::int64_t more) const {
        const auto wanted = succeeded_ + more;
        for (auto seen = succeeded_.load(); seen < wanted && failed_ < 100; seen = succeeded_)
            succeeded_.wait(seen);
    }
    void stop() {
        ended_ = true;
        if (thread_.joinable())
            thread_.join();
    }
    std::int64_t failed() const { return failed_; }

private:
    void count(const std::optional<RawResponse>& answer) {
        ++(answer && answer->status == 200 ? succeeded_ : failed_);
        succeeded_.notify_all();
    }

    void ask_on_new_connections(std::uint16_t port) {
        while (!ended_)
            count(get_once(port, "/health"));
    }

    // A kept connection may be closed while nobody asks; whoever then asks does so again on a new
    // one (RFC 9112, 9.3.1), and only what fails there has failed.
    void ask_on_kept_connections(std::uint16_t port) {
        auto kept = std::make_unique<RawClient>(port);
        while (!ended_) {
            auto answer = get(*kept, "/health");
            if (!answer) {
                kept = std::make_unique<RawClient>(port);
                answer = get(*kept, "/health");
            }
            count(answer);
            if (!answer || answer->header("Connection") == "close")
                kept = std::make_unique<RawClient>(port);
        }
    }

    std::atomic<std::int64_t> succeeded_{0};
    std::atomic<std::int64_t> failed_{0};
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("a killed worker is replaced, and connections wait for the next one") {
    RunningServer server;
    const auto killed = server.first_worker();

    ::kill(killed, SIGKILL);
    const bool dead = ends(killed);
    const auto answer = get_once(server.port(), "/health");
    const auto replaced = server.next_worker();

    REQUIRE(dead);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(replaced != killed);
    CHECK(server.process().count_of(R"("pause_milliseconds":0)") == 1);
}

TEST_CASE("a worker may open as many files as the hard limit allows") {
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const rlimit low{256, usual.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    const RunningServer server;
    ::setrlimit(RLIMIT_NOFILE, &usual);

    rlimit found{};
    const int asked = ::prlimit(server.first_worker(), RLIMIT_NOFILE, nullptr, &found);

    REQUIRE(asked == 0);
    CHECK(found.rlim_cur == usual.rlim_max);
}

TEST_CASE("kills cost a client no more than the requests under way") {
    const int kills = at_scale(3, 20);
    RunningServer server;
    ClientLoop client(server.port(), ClientLoop::Connections::one_per_request);
    auto worker = server.first_worker();

    for (int killed = 0; killed < kills; ++killed) {
        client.wait_for_successes(20);
        ::kill(worker, SIGKILL);
        worker = server.next_worker();
    }
    client.wait_for_successes(20);
    client.stop();

    CHECK(client.failed() <= kills);
}

TEST_CASE("SIGHUP under load loses no request") {
    const auto connections =
        GENERATE(ClientLoop::Connections::kept, ClientLoop::Connections::one_per_request);
    RunningServer server;
    ClientLoop client(server.port(), connections);
    ClientLoop another(server.port(), connections);
    auto worker = server.first_worker();

    for (int reloads = at_scale(5, 20); reloads > 0; --reloads) {
        client.wait_for_successes(20);
        server.deployment().configure({.tables = "# " + std::to_string(reloads)});
        server.process().signal(SIGHUP);
        const auto next = server.next_worker();
        CHECK(next != worker);
        worker = next;
    }
    client.wait_for_successes(20);
    client.stop();
    another.stop();

    CHECK(client.failed() == 0);
    CHECK(another.failed() == 0);
}

TEST_CASE("SIGHUP applies what has changed in plugins.toml") {
    RunningServer server({.seeded = true});
    const auto before = get_once(server.port(), "/api/v1/products");

    server.deployment().configure({.disabled = {"orders"}});
    server.process().signal(SIGHUP);
    const auto first = server.first_worker();
    server.next_worker();
    const bool drained = ends(first);
    const auto after = get_once(server.port(), "/api/v1/products");

    REQUIRE(before);
    CHECK(before->status == 200);
    CHECK(drained);
    REQUIRE(after);
    CHECK(after->status == 404);
}

TEST_CASE("a broken plugins.toml on SIGHUP leaves the running generation alone") {
    RunningServer server;

    server.deployment().configure({.server = "workres = 8\n"});
    server.process().signal(SIGHUP);
    const auto refused = server.process().wait_for_line("the next configuration is refused");
    const auto answer = get_once(server.port(), "/health");

    CHECK(refused.find("plugins.toml:3") != std::string::npos);
    CHECK(refused.find("workers") != std::string::npos);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(::kill(server.first_worker(), 0) == 0);
    CHECK(server.process().count_of("generation starting") == 1);
}

TEST_CASE("a worker that dies is replaced as it was, whatever plugins.toml says by then") {
    RunningServer server({.seeded = true});
    server.deployment().configure_as("[server");

    ::kill(server.first_worker(), SIGKILL);
    server.next_worker();
    const auto answer = get_once(server.port(), "/api/v1/products");

    REQUIRE(answer);
    CHECK(answer->status == 200);
}

TEST_CASE("SIGTERM lets a request in flight finish") {
    const bool single = GENERATE(false, true);
    RunningServer server({.single = single});
    std::optional<RawClient> client(server.port());
    client->send(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    const auto asked_on = client->read_response();

    server.process().signal(SIGTERM);
    server.process().wait_for_line(R"("message":"draining")");
    client->send("{}");
    const auto answer = client->read_response();
    const auto rest = client->read_to_eof();
    client.reset();
    const auto ended = server.process().wait();

    CHECK(asked_on.status == 100);
    CHECK(answer.status == 422);
    CHECK(rest.empty());
    CHECK(ended.status == 0);
}

TEST_CASE("whoever comes while it ends is refused at once") {
    const bool single = GENERATE(false, true);
    RunningServer server({.single = single});
    RawClient in_flight(server.port());
    in_flight.send(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    in_flight.read_response();

    server.process().signal(SIGTERM);
    const bool refused = is_refused_at_last(server.port());
    in_flight.send("{}");  // It still serves: the refusal was not its end.
    const auto answer = in_flight.read_response();

    CHECK(refused);
    CHECK(answer.status == 422);
}

TEST_CASE("no worker survives a killed supervisor, and its port is free again") {
    RunningServer server;

    server.process().signal(SIGKILL);
    const bool dead = ends(server.first_worker());

    CHECK(dead);
    CHECK_THROWS_WITH(RawClient(server.port()), Catch::Contains("connect"));
}

TEST_CASE("a body over the limit is refused before it is read, and nothing is written") {
    RunningServer server({.seeded = true});
    RawClient client(server.port());

    client.send(
        "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 1048577\r\n\r\n");
    const auto answer = client.read_response();
    const auto metrics = get_once(server.port(), "/metrics");

    CHECK(answer.status == 413);
    CHECK(answer.body.find("http.body_too_large") != std::string::npos);
    REQUIRE(metrics);
    CHECK(metrics->body.find(R"(route="/api/v1/orders",status_class="2xx")") == std::string::npos);
}

TEST_CASE("one process serves without a supervisor") {
    const auto number = GENERATE(SIGTERM, SIGINT, SIGHUP);
    RunningServer server({.single = true});

    const auto answer = get_once(server.port(), "/health");
    server.process().signal(number);
    const auto ended = server.process().wait();

    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(server.first_worker() == server.process().pid());
    CHECK(ended.status == 0);
}
