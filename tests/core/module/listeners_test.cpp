#include "module/supervisor.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulkhead::module {
namespace {

int option(int descriptor, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size);
    return value;
}

}  // namespace

TEST_CASE("port 0 becomes a free port that is told") {
    const std::string prefix = GENERATE("127.0.0.1:", "[::1]:");

    const auto opened = open_listeners(prefix + "0");

    REQUIRE(opened);
    REQUIRE(opened->size() == 1);
    const auto address = bound_address(opened->front());
    CHECK(address.starts_with(prefix));
    CHECK(address != prefix + "0");
    ::close(opened->front());
}

TEST_CASE("a listening socket is non-blocking, close-on-exec and takes its address over at once") {
    const auto opened = open_listeners("127.0.0.1:0");

    REQUIRE(opened);
    const int descriptor = opened->front();
    CHECK(option(descriptor, SO_ACCEPTCONN) == 1);
    CHECK(option(descriptor, SO_REUSEADDR) == 1);
    CHECK((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    ::close(descriptor);
}

TEST_CASE("an address that cannot be read is refused with its remedy") {
    const auto [listen, found] = GENERATE(table<std::string, std::string>(
        {{"", "the address or the port is missing"},
         {"8080", "the address or the port is missing"},
         {":8080", "the address or the port is missing"},
         {"127.0.0.1:", "the port must be a number"},
         {"127.0.0.1:http", "the port must be a number"},
         {"127.0.0.1:65536", "the port must be a number"},
         {"127.0.0.1:-1", "the port must be a number"},
         {"127.0.0.1:80 ", "the port must be a number"},
         {"localhost:8080", "\"localhost\" is neither an IPv4 address"},
         {"127.0.0.256:8080", "\"127.0.0.256\" is neither"},
         {"::1:8080", "\"::1\" is neither"},
         {"[127.0.0.1]:8080", "\"[127.0.0.1]\" is neither"}}));

    const auto opened = open_listeners(listen);
    const auto checked = check_listen_address(listen);

    REQUIRE_FALSE(opened);
    REQUIRE_FALSE(checked);
    CHECK(opened.error().code == "server.listen_malformed");
    CHECK(opened.error().message.find(found) != std::string::npos);
    CHECK(opened.error().message.find("127.0.0.1:8080") != std::string::npos);
}

TEST_CASE("a port in use and a foreign address are refused with their remedy") {
    const auto taken = open_listeners("127.0.0.1:0");
    REQUIRE(taken);
    const auto [listen, sentence] = GENERATE_COPY(table<std::string, std::string>(
        {{bound_address(taken->front()),
          " is in use by another process; stop it or set "
          "server.listen in plugins.toml"},
         {"192.0.2.1:8080",
          " is no address of this machine; set server.listen in plugins.toml to "
          "one of its own, or to 0.0.0.0 for all of them"}}));

    const auto refused = open_listeners(listen);

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "server.listen_refused");
    CHECK(refused.error().message == listen + sentence);
    ::close(taken->front());
}

}  // namespace bulkhead::module
