#pragma once
// What the raw servers of tools/bench share: an edge-triggered epoll, connections whose input is
// looked through for the end of each request and for nothing else, and sending without waiting.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace epoll_server {

constexpr int batch = 512;  // events taken at once

struct Connection {
    int socket;
    std::size_t filled = 0;
    std::string unsent;
    std::array<char, 32'768> input;
};

[[noreturn]] inline void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

/// The file's content; ends the process if there is none.
inline std::string content_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty())
        fail(path);
    return text;
}

inline std::size_t body_bytes(std::string_view head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto* found =
        static_cast<const char*>(memmem(head.data(), head.size(), name.data(), name.size()));
    return found == nullptr ? 0 : std::strtoul(found + name.size(), nullptr, 10);
}

/// Bytes of the first request, or 0 while it is not complete.
inline std::size_t request_bytes(std::string_view input) {
    const auto* end = static_cast<const char*>(memmem(input.data(), input.size(), "\r\n\r\n", 4));
    if (end == nullptr)
        return 0;
    auto length = static_cast<std::size_t>(end - input.data()) + 4;
    if (input.front() == 'P')
        length += body_bytes(input.substr(0, length));
    return length <= input.size() ? length : 0;
}

/// Calls taken(request) for each one that is complete, and forgets it.
template <class Taken>
void take_requests(Connection& from, Taken&& taken) {
    std::string_view left(from.input.data(), from.filled);
    for (auto length = request_bytes(left); length > 0; length = request_bytes(left)) {
        taken(left.substr(0, length));
        left.remove_prefix(length);
    }
    std::memmove(from.input.data(), left.data(), left.size());
    from.filled = left.size();
}

/// False once the connection is over.
inline bool send_or_keep(Connection& to, std::string_view bytes) {
    const auto sent =
        to.unsent.empty() ? ::send(to.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) : 0;
    if (sent < 0 && errno != EAGAIN)
        return false;
    to.unsent.append(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
    return true;
}

inline bool send_kept(Connection& to) {
    const auto kept = std::exchange(to.unsent, {});
    return kept.empty() || send_or_keep(to, kept);
}

/// Reads what has come and calls arrived(), which returns false to end the connection, after each
/// read; false once the connection is over. A read that does not fill the buffer has emptied the
/// socket.
template <class Arrived>
bool read_all(Connection& client, Arrived&& arrived) {
    for (;;) {
        const auto room = client.input.size() - client.filled;
        const auto count = ::read(client.socket, client.input.data() + client.filled, room);
        if (count <= 0)
            return count < 0 && errno == EAGAIN;
        client.filled += static_cast<std::size_t>(count);
        if (!arrived())
            return false;
        if (static_cast<std::size_t>(count) < room)
            return true;
    }
}

inline void watch(int epoll, int socket, std::uint32_t events, void* what) {
    epoll_event event{events, {.ptr = what}};
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0)
        fail("epoll_ctl");
}

inline int accept_next(int listening) {
    return ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK);
}

/// Watches each connection that waits; made(socket) makes what epoll gives back for it.
template <class Made>
void accept_all(int epoll, int listening, Made&& made) {
    constexpr auto events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    const int on = 1;
    for (int socket = accept_next(listening); socket >= 0; socket = accept_next(listening)) {
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, socket, events, made(socket));
    }
}

/// A listening socket on 127.0.0.1; prints "port N". Port 0 takes a free one.
inline int listen_on(std::uint16_t port) {
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{.sin_family = AF_INET,
                        .sin_port = htons(port),
                        .sin_addr = {htonl(INADDR_LOOPBACK)},
                        .sin_zero = {}};
    socklen_t size = sizeof address;
    const int on = 1;
    ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listening, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listening, 4096) != 0 ||
        ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("listen");
    std::printf("port %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listening;
}

}  // namespace epoll_server
