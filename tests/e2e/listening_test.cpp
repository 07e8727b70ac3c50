// The real program on every kind of socket that it can have.
#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/systemd.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>

namespace {

constexpr auto* health = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

int health_of(RawClient client) {
    client.send(health);
    return client.read_response().status;
}

int listen_on_loopback() {
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listening, 16);
    return listening;
}

int listen_at(const std::filesystem::path& path) {
    const int listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    ::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listening, 16);
    return listening;
}

// What systemd does between fork and exec.
void start_with(const std::vector<int>& sockets, const std::filesystem::path& config) {
    std::vector<int> parked;
    for (const int socket : sockets)
        parked.push_back(::fcntl(socket, F_DUPFD, 100));
    int target = 3;
    for (const int socket : parked)
        ::dup2(socket, target++);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
    ::execl(BULKHEAD_PROGRAM, BULKHEAD_PROGRAM, "serve", "--config", config.c_str(), nullptr);
}

}  // namespace

TEST_CASE("a server answers on its address and on its Unix socket, and removes the latter") {
    const bool single = GENERATE(false, true);
    RunningServer server({.single = single, .server = "unix_socket = \"web.sock\"\n"});
    const auto path = server.deployment().folder() / "web.sock";

    CHECK(health_of(RawClient(server.port())) == 200);
    CHECK(health_of(RawClient(path)) == 200);
    CHECK_THAT(server.process().output(),
               Catch::Contains(R"("role":"plain","address":"unix:)" + path.string()));
    server.process().signal(SIGTERM);
    CHECK(server.process().wait().status == 0);
    CHECK_FALSE(exists(path));
}

TEST_CASE("a client on a Unix socket has the address \"unix\"") {
    const Deployment deployment;
    deployment.configure_as("[server]\nlisten = \"\"\nunix_socket = \"web.sock\"\n");
    Process server(BULKHEAD_PROGRAM, {"serve", "--config", deployment.config()});
    server.wait_for_line("generation ready");

    CHECK(health_of(RawClient(deployment.folder() / "web.sock")) == 200);
    CHECK_THAT(server.wait_for_line("/health"), Catch::Contains(R"("remote_address":"unix")"));
}

TEST_CASE("a changed Unix socket is told, and takes a restart") {
    RunningServer server({.server = "unix_socket = \"web.sock\"\n"});
    server.deployment().configure({.server = "unix_socket = \"other.sock\"\n"});

    const auto ended = server.deployment().run({"apply"});

    CHECK(ended.status == 0);
    CHECK_THAT(ended.output, Catch::Contains("server.unix_socket has changed; restart the server"));
    CHECK(health_of(RawClient(server.deployment().folder() / "web.sock")) == 200);
    CHECK_FALSE(exists(server.deployment().folder() / "other.sock"));
}

TEST_CASE("a server that its manager gives sockets serves on them and on no other") {
    const Deployment deployment({.server = "unix_socket = \"own.sock\"\n"});
    const auto path = deployment.folder() / "given.sock";
    const std::vector<int> sockets{listen_on_loopback(), listen_at(path)};
    Process server([&] {
        start_with(sockets, deployment.config());
        return 127;
    });

    const auto port = port_in(server.wait_for_line(R"("message":"listening")"));
    server.wait_for_line("generation ready");

    CHECK(health_of(RawClient(port)) == 200);
    CHECK(health_of(RawClient(path)) == 200);
    CHECK_FALSE(exists(deployment.folder() / "own.sock"));
    server.signal(SIGTERM);
    CHECK(server.wait().status == 0);
    CHECK(exists(path));  // The manager's.
    for (const int socket : sockets)
        ::close(socket);
}

TEST_CASE("connections that come while a service restarts are served by the next process") {
    const Deployment deployment;
    const std::vector<int> sockets{listen_on_loopback()};
    const auto serve = [&] {
        start_with(sockets, deployment.config());
        return 127;
    };
    std::optional<Process> server(std::in_place, serve);
    const auto port = port_in(server->wait_for_line(R"("message":"listening")"));
    server->wait_for_line("generation ready");
    server->signal(SIGTERM);
    CHECK(server->wait().status == 0);

    RawClient waiting(port);
    waiting.send(health);
    server.reset();
    server.emplace(serve);

    CHECK(waiting.read_response().status == 200);
    ::close(sockets.front());
}
