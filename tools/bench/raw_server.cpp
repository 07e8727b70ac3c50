// The limit of this machine: the least that a server can do for a request and still answer it. One
// thread, edge-triggered epoll, one read and one send for all that a client has sent; it looks for
// the end of each request and parses nothing else, and every answer is the same bytes.
//
//     raw_server REPLY [PORT]      answers with what the file REPLY holds, head and body, on a free
//                                  port if none is given; prints it

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

namespace {

constexpr int batch = 512;                 // events taken at once
constexpr std::size_t replies_ready = 64;  // answered from one piece of memory

struct Connection {
    int socket;
    std::size_t filled = 0;
    std::string unsent;
    std::array<char, 32'768> input;
};

std::string replies;  // `replies_ready` of them, one after the other
std::size_t reply_bytes = 0;

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

std::size_t body_bytes(std::string_view head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto* found =
        static_cast<const char*>(memmem(head.data(), head.size(), name.data(), name.size()));
    return found == nullptr ? 0 : std::strtoul(found + name.size(), nullptr, 10);
}

// Bytes of the first request, or 0 while it is not complete.
std::size_t request_bytes(std::string_view input) {
    const auto* end = static_cast<const char*>(memmem(input.data(), input.size(), "\r\n\r\n", 4));
    if (end == nullptr)
        return 0;
    auto length = static_cast<std::size_t>(end - input.data()) + 4;
    if (input.front() == 'P')
        length += body_bytes(input.substr(0, length));
    return length <= input.size() ? length : 0;
}

std::size_t take_requests(Connection& from) {
    std::string_view left(from.input.data(), from.filled);
    std::size_t count = 0;
    for (auto length = request_bytes(left); length > 0; ++count) {
        left.remove_prefix(length);
        length = request_bytes(left);
    }
    std::memmove(from.input.data(), left.data(), left.size());
    from.filled = left.size();
    return count;
}

bool send_or_keep(Connection& to, std::string_view bytes) {
    const auto sent =
        to.unsent.empty() ? ::send(to.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) : 0;
    if (sent < 0 && errno != EAGAIN)
        return false;
    to.unsent.append(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
    return true;
}

bool send_kept(Connection& to) {
    const auto kept = std::exchange(to.unsent, {});
    return kept.empty() || send_or_keep(to, kept);
}

bool answer(Connection& to, std::size_t count) {
    for (; count > replies_ready; count -= replies_ready)
        if (!send_or_keep(to, replies))
            return false;
    return count == 0 || send_or_keep(to, std::string_view(replies).substr(0, count * reply_bytes));
}

// False once the connection is over. A read that does not fill the buffer has emptied the socket.
bool serve(Connection& client) {
    if (!send_kept(client))
        return false;
    for (;;) {
        const auto room = client.input.size() - client.filled;
        const auto count = ::read(client.socket, client.input.data() + client.filled, room);
        if (count <= 0)
            return count < 0 && errno == EAGAIN;
        client.filled += static_cast<std::size_t>(count);
        if (!answer(client, take_requests(client)))
            return false;
        if (static_cast<std::size_t>(count) < room)
            return true;
    }
}

void watch(int epoll, int socket, std::uint32_t events, void* what) {
    epoll_event event{events, {.ptr = what}};
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0)
        fail("epoll_ctl");
}

int accept_next(int listening) {
    return ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK);
}

void accept_all(int epoll, int listening) {
    constexpr auto events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    const int on = 1;
    for (int socket = accept_next(listening); socket >= 0; socket = accept_next(listening)) {
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, socket, events, new Connection{socket, 0, {}, {}});
    }
}

int listen_on(std::uint16_t port) {
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

void load_reply(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::string reply{std::istreambuf_iterator<char>(file), {}};
    if (reply.empty())
        fail(path);
    reply_bytes = reply.size();
    for (std::size_t number = 0; number < replies_ready; ++number)
        replies += reply;
}

void handle(int epoll, int listening, Connection* client) {
    if (client == nullptr)
        return accept_all(epoll, listening);
    if (serve(*client))
        return;
    ::close(client->socket);
    delete client;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2)
        return std::fputs("usage: raw_server REPLY [PORT]\n", stderr), 2;
    load_reply(arguments[1]);
    const int epoll = ::epoll_create1(0);
    const auto port = static_cast<std::uint16_t>(count > 2 ? std::atoi(arguments[2]) : 0);
    const int listening = listen_on(port);
    watch(epoll, listening, EPOLLIN, nullptr);
    for (std::array<epoll_event, batch> events;;) {
        const int ready = ::epoll_wait(epoll, events.data(), batch, -1);
        for (int number = 0; number < ready; ++number)
            handle(epoll, listening, static_cast<Connection*>(events[number].data.ptr));
    }
}
