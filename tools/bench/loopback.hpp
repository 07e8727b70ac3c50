#pragma once
// The client side of tools/bench's small programs: blocking, this machine only.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace loopback {

/// A socket connected to 127.0.0.1, or -1 with errno.
inline int connected_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket < 0 ||
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

/// GET of this path; `more` is further header lines, each with its line break.
inline std::string request_for(std::string_view path, std::string_view more = {}) {
    return std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: bench\r\n").append(more) +
           "\r\n";
}

/// Sends the request and reads its answer, which is small enough to come in one piece.
inline bool says_200(int socket, std::string_view request) {
    char reply[16'384];
    return ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0 &&
           ::read(socket, reply, sizeof reply) >= 12 &&
           std::string_view(reply, 12) == "HTTP/1.1 200";
}

}  // namespace loopback
