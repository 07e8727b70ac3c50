#include "module/listeners.hpp"

#include "core/module/files.hpp"
#include "module/socket_address.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bulkhead::module {
namespace {

Configuration configured(const test::TemporaryFolder& folder, const std::string& server) {
    return *load_configuration(test::write(folder, "plugins.toml", "[server]\n" + server));
}

Result<Listeners> listen_on(const test::TemporaryFolder& folder, const std::string& server) {
    return Listeners::open(configured(folder, server));
}

int option(int descriptor, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size);
    return value;
}

bool can_connect(const std::filesystem::path& path) {
    const auto address = unix_address("test", path);
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = ::connect(client, address->get(), address->size) == 0;
    ::close(client);
    return connected;
}

// What a server leaves that was killed.
void leave_a_stale_socket(const std::filesystem::path& path) {
    const auto address = unix_address("test", path);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(dead, address->get(), address->size) == 0);
    REQUIRE(::listen(dead, 1) == 0);
    ::close(dead);
}

const std::string unix_alone = "listen = \"\"\nunix_socket = \"web.sock\"\n";

}  // namespace

TEST_CASE("port 0 becomes a free port that is told") {
    const std::string prefix = GENERATE("127.0.0.1:", "[::1]:");
    const test::TemporaryFolder folder;

    const auto opened = listen_on(folder, "listen = \"" + prefix + "0\"\n");

    REQUIRE(opened);
    REQUIRE(opened->sockets().size() == 1);
    const auto address = bound_address(opened->sockets().front().descriptor);
    CHECK(address.starts_with(prefix));
    CHECK(address != prefix + "0");
}

TEST_CASE("a listening socket is non-blocking, close-on-exec and takes its address over at once") {
    const test::TemporaryFolder folder;

    const auto opened = listen_on(folder, "listen = \"127.0.0.1:0\"\nunix_socket = \"web.sock\"\n");

    REQUIRE(opened);
    REQUIRE(opened->sockets().size() == 2);
    CHECK(option(opened->sockets().front().descriptor, SO_REUSEADDR) == 1);
    for (const auto& [descriptor, role] : opened->sockets()) {
        CHECK(role == http::Role::plain);
        CHECK(option(descriptor, SO_ACCEPTCONN) == 1);
        CHECK((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
        CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    }
}

TEST_CASE("a port in use and a foreign address are refused with their remedy") {
    const test::TemporaryFolder folder;
    const auto taken = listen_on(folder, "listen = \"127.0.0.1:0\"\n");
    REQUIRE(taken);
    const auto address = bound_address(taken->sockets().front().descriptor);
    const auto [listen, sentence] = GENERATE_COPY(table<std::string, std::string>(
        {{address, " is in use by another process; stop it or set server.listen in plugins.toml"},
         {"192.0.2.1:8080",
          " is no address of this machine; set server.listen in plugins.toml to "
          "one of its own, or to 0.0.0.0 for all of them"}}));

    const auto refused = listen_on(folder, "listen = \"" + listen + "\"\n");

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "server.listen_refused");
    CHECK(refused.error().message == listen + sentence);
}

TEST_CASE("a Unix socket has the mode that plugins.toml says, and is removed at the end") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "web.sock";
    struct stat found{};

    {
        const auto opened = listen_on(folder, unix_alone + "unix_socket_mode = \"0606\"\n");
        REQUIRE(opened);
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 07777) == 0606);
        CHECK(bound_address(opened->sockets().front().descriptor) == "unix:" + path.string());
        CHECK(can_connect(path));
    }

    CHECK_FALSE(exists(path));
}

TEST_CASE("the Unix socket of a dead server is replaced") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "web.sock";
    leave_a_stale_socket(path);

    const auto opened = listen_on(folder, unix_alone);

    CHECK(opened);
    CHECK(can_connect(path));
}

TEST_CASE("the Unix socket of a live server is refused and goes on") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "web.sock";
    const auto first = listen_on(folder, unix_alone);
    REQUIRE(first);

    const auto second = listen_on(folder, unix_alone);

    REQUIRE_FALSE(second);
    CHECK(second.error().message ==
          path.string() +
              " is in use by another server; stop it or set server.unix_socket in plugins.toml");
    CHECK(can_connect(path));
}

TEST_CASE("a path that a successor has taken is left to it") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "web.sock";
    auto first = listen_on(folder, unix_alone);
    REQUIRE(first);
    std::filesystem::remove(path);
    const auto second = listen_on(folder, unix_alone);

    first->close();

    CHECK(second);
    CHECK(can_connect(path));
}

TEST_CASE("what cannot become a Unix socket is refused with its path, and is not touched") {
    const auto [socket, sentence] = GENERATE(table<std::string, std::string>(
        {{"file", " is no socket; remove it, or set server.unix_socket in plugins.toml"},
         {".", " is no socket; remove it"},
         {"absent/web.sock", " cannot be listened on: No such file or directory"}}));
    const test::TemporaryFolder folder;
    test::write(folder, "file", "mine");

    const auto refused = listen_on(folder, "listen = \"\"\nunix_socket = \"" + socket + "\"\n");

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "server.listen_refused");
    CHECK_THAT(refused.error().message,
               Catch::StartsWith((folder.path() / socket).string() + sentence));
    CHECK(test::bytes_of(folder.path() / "file") == "mine");
}

TEST_CASE("a server that is to listen nowhere is refused") {
    const test::TemporaryFolder folder;

    const auto refused = listen_on(folder, "listen = \"\"\n");

    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message,
               Catch::StartsWith("nothing is said of where to listen; set server.listen"));
}

}  // namespace bulkhead::module
