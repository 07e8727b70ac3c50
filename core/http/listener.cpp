#include "http/listener.hpp"

#include <bulkhead/log.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

namespace bulkhead::http {

namespace {

// Beyond what is on its way, of one connection in the kernel. Else that takes megabytes for a
// client that reads nothing, and nobody here notices that it does not.
constexpr int unsent_bytes = 131'072;

constexpr int seconds_between_logs = 60;
constexpr int most_at_once = 64;  // Then those that are served already have a turn.

// Connections leave these to the database's files and to whatever else the process has to open.
constexpr rlim_t reserved_descriptors = 64;

// Of the limit as it is now: an administrator may change it (prlimit(1)).
int first_reserved_descriptor() {
    rlimit limit{};
    constexpr rlim_t none = std::numeric_limits<int>::max();
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > none)
        return static_cast<int>(none);
    return static_cast<int>(limit.rlim_cur - std::min(reserved_descriptors, limit.rlim_cur / 2));
}

int duplicate(int socket) {
    const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw std::system_error(errno, std::generic_category(),
                                "a listening socket cannot be duplicated");
    // Accepted sockets inherit both. They fail on a Unix socket, which needs neither.
    const int yes = 1;
    ::setsockopt(copy, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(copy, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
    return copy;
}

std::string text_of(const sockaddr_storage& address) {
    if (address.ss_family == AF_UNIX)
        return "unix";
    char text[INET6_ADDRSTRLEN] = "";
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    } else if (address.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&v6))
            ::inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text);
        else
            ::inet_ntop(AF_INET6, &v6, text, sizeof text);
    }
    return text;
}

}  // namespace

Listener::Listener(boost::asio::io_context& context, int socket, Take take)
    : socket_(context, duplicate(socket)), take_(std::move(take)) {
    socket_.native_non_blocking(true);
}

void Listener::accept() {
    socket_.async_wait(decltype(socket_)::wait_read,
                       [this](const boost::system::error_code& error) {
                           if (!error)
                               take_some();
                       });
}

void Listener::take_some() {
    if (!socket_.is_open())
        return;
    first_reserved_ = first_reserved_descriptor();
    paused_ = true;  // Should anything throw from here on, resume() goes on.
    for (int taken = 0; taken < most_at_once; ++taken)
        if (!survive(take_one()))
            return;
    go_on();
}

// 0, or an errno: EMFILE too once a descriptor was taken that connections leave to others.
int Listener::take_one() {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int accepted = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address),
                                   &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0)
        return errno;
    take_(accepted, text_of(address));
    return accepted < first_reserved_ ? 0 : EMFILE;
}

// True when the next one may be accepted at once.
bool Listener::survive(int error) {
    switch (error) {
        case 0:
            return true;
        case EAGAIN:
            go_on();
            return false;
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case EPERM:  // What a client or a firewall did to one connection.
            return true;
        default:
            pause(error);
            return false;
    }
}

// Descriptors or memory ran out: the next ones wait in the kernel's backlog.
void Listener::pause(int error) {
    static const Log log("http");
    if (seconds_until_log_ > 0)
        return;
    seconds_until_log_ = seconds_between_logs;
    log.warning("connections cannot be accepted; trying again every second",
                {{"detail", std::strerror(error)}});
}

void Listener::go_on() {
    paused_ = false;
    accept();
}

void Listener::resume() {
    if (seconds_until_log_ > 0)
        --seconds_until_log_;
    if (paused_ && !is_short_of_descriptors())
        take_some();
}

bool Listener::is_short_of_descriptors() {
    const int lowest_unused = ::fcntl(socket_.native_handle(), F_DUPFD_CLOEXEC, 0);
    if (lowest_unused >= 0)
        ::close(lowest_unused);
    first_reserved_ = first_reserved_descriptor();
    return lowest_unused < 0 || lowest_unused >= first_reserved_;
}

void Listener::close() {
    boost::system::error_code ignored;  // It is closed even then.
    socket_.close(ignored);
}

}  // namespace bulkhead::http
