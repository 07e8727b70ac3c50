// The limit of this machine: the least that a server can do for a request and still answer it. One
// thread, edge-triggered epoll, one read and one send for all that a client has sent; it looks for
// the end of each request and parses nothing else, and every answer is the same bytes.
//
//     raw_server REPLY [PORT]      answers with what the file REPLY holds, head and body, on a free
//                                  port if none is given; prints it

#include "epoll_server.hpp"

namespace {

using namespace epoll_server;

constexpr std::size_t replies_ready = 64;  // answered from one piece of memory

std::string replies;  // `replies_ready` of them, one after the other
std::size_t reply_bytes = 0;

bool answer(Connection& to) {
    std::size_t count = 0;
    take_requests(to, [&](std::string_view) { ++count; });
    for (; count > replies_ready; count -= replies_ready)
        if (!send_or_keep(to, replies))
            return false;
    return count == 0 || send_or_keep(to, std::string_view(replies).substr(0, count * reply_bytes));
}

// False once the connection is over.
bool serve(Connection& client) {
    return send_kept(client) && read_all(client, [&] { return answer(client); });
}

void load_reply(const char* path) {
    const auto reply = content_of(path);
    reply_bytes = reply.size();
    for (std::size_t number = 0; number < replies_ready; ++number)
        replies += reply;
}

void handle(int epoll, int listening, Connection* client) {
    if (client == nullptr)
        return accept_all(epoll, listening,
                          [](int socket) { return new Connection{socket, 0, {}, {}}; });
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
