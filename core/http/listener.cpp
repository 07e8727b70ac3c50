#include "http/listener.hpp"

#include <bulkhead/log.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace bulkhead::http {

namespace {

constexpr int seconds_between_logs = 60;

int duplicate(int socket) {
    const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw std::system_error(errno, std::generic_category(),
                                "a listening socket cannot be duplicated");
    const int yes = 1;  // Accepted sockets inherit it. Fails on a Unix socket, which needs none.
    ::setsockopt(copy, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return copy;
}

std::string text_of(const sockaddr_storage& address) {
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
                               take_all();
                       });
}

void Listener::take_all() {
    if (!socket_.is_open())
        return;
    paused_ = true;  // Should anything throw from here on, resume() goes on.
    for (;;) {
        sockaddr_storage address{};
        socklen_t length = sizeof address;
        const int accepted =
            ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address), &length,
                      SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0)
            take_(accepted, text_of(address));
        else if (!survive(errno))
            return;
    }
}

// True when the next one may be accepted at once.
bool Listener::survive(int error) {
    switch (error) {
        case EAGAIN:
            paused_ = false;
            accept();
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

void Listener::resume() {
    if (seconds_until_log_ > 0)
        --seconds_until_log_;
    if (paused_)
        take_all();
}

void Listener::close() {
    boost::system::error_code ignored;  // It is closed even then.
    socket_.close(ignored);
}

}  // namespace bulkhead::http
