#include "module/activation.hpp"

#include "support/process.hpp"
#include "support/systemd.hpp"
#include "value/enum_name.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>

namespace bulkhead::module {
namespace {

enum class Kind { tcp, tcp_v6, unix_stream, unlistened, datagram, file };

int open_as(Kind kind) {
    if (kind == Kind::file)
        return ::open("/dev/null", O_RDONLY);
    const int family = kind == Kind::tcp_v6        ? AF_INET6
                       : kind == Kind::unix_stream ? AF_UNIX
                                                   : AF_INET;
    const int socket = ::socket(family, kind == Kind::datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
    const sockaddr unnamed{.sa_family = AF_UNIX, .sa_data = {}};
    if (kind == Kind::unix_stream)  // The kernel makes up an abstract name.
        ::bind(socket, &unnamed, sizeof unnamed.sa_family);
    if (kind != Kind::unlistened && kind != Kind::datagram)
        ::listen(socket, 1);
    return socket;
}

void hand_over(const std::vector<Kind>& kinds, const std::string& names) {
    std::vector<int> sockets;
    for (const auto kind : kinds)
        sockets.push_back(::fcntl(open_as(kind), F_DUPFD, 100));
    int target = 3;
    for (const int socket : sockets)
        ::dup2(socket, target++);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(kinds.size()).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
}

// "3 plain", "4 tls", or the refusal; then what is left in the environment.
int tell() {
    const auto sockets = activated_sockets();
    if (!sockets)
        std::cout << sockets.error().message << '\n';
    else
        for (const auto& [descriptor, role] : *sockets)
            std::cout << descriptor << ' ' << value::name_of(role) << '\n';
    for (const auto* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        if (std::getenv(name) != nullptr)
            std::cout << name << " is left\n";
    std::cout.flush();
    return 0;
}

std::string told(const std::vector<Kind>& kinds, const std::string& names) {
    Process service([&] {
        hand_over(kinds, names);
        return tell();
    });
    return service.wait().output;
}

}  // namespace

TEST_CASE("sockets of a service manager have the roles that their names say") {
    const auto [names, roles] = GENERATE(table<std::string, std::string>(
        {{"http:https:http", "3 plain\n4 tls\n5 plain\n"},
         {"bulkhead.socket:unknown:", "3 plain\n4 plain\n5 plain\n"},
         {"", "3 plain\n4 plain\n5 plain\n"},
         {"https", "3 tls\n4 plain\n5 plain\n"}}));

    CHECK(told({Kind::tcp, Kind::tcp_v6, Kind::unix_stream}, names) == roles);
}

TEST_CASE("a descriptor that is no listening stream socket is refused by its number and name") {
    const auto kind = GENERATE(Kind::unlistened, Kind::datagram, Kind::file);

    CHECK(told({Kind::tcp, kind}, "http:http") ==
          "the service manager hands over descriptor 4 (\"http\"), which is no listening stream "
          "socket; use ListenStream= with an address or a path, and Accept=no, in its unit\n");
}

TEST_CASE("a name that says nothing of a socket's use is refused") {
    CHECK(told({Kind::tcp}, "htps") ==
          "the service manager hands over descriptor 3 (\"htps\"), whose name says nothing of its "
          "use; set FileDescriptorName= of its unit to http or https\n");
}

TEST_CASE("a number of sockets that nobody hands over is refused") {
    const std::string given = GENERATE("-1", "65", "many", "");
    Process service([&] {
        hand_over({}, "");
        ::setenv("LISTEN_FDS", given.c_str(), 1);
        return tell();
    });

    CHECK(service.wait().output == "the service manager hands over LISTEN_FDS=" + given +
                                       "; it must be a number up to 64\n");
}

TEST_CASE("sockets that are meant for another process are not taken") {
    Process service([] {
        hand_over({Kind::tcp}, "http");
        ::setenv("LISTEN_PID", "1", 1);
        return tell();
    });

    CHECK(service.wait().output.empty());
}

TEST_CASE("without a service manager there are no sockets") {
    Process service([] { return tell(); });

    CHECK(service.wait().output.empty());
}

TEST_CASE("what was handed over is non-blocking and closed on exec") {
    Process service([] {
        hand_over({Kind::tcp}, "http");
        const auto sockets = activated_sockets();
        const bool prepared =
            (::fcntl(3, F_GETFL) & O_NONBLOCK) != 0 && (::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0;
        return sockets && prepared ? 0 : 1;
    });

    CHECK(service.wait().status == 0);
}

}  // namespace bulkhead::module
