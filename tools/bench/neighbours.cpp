// Clients that stay: opens COUNT connections, gets one answer on each, says so, and keeps them open
// in silence until it is ended.
//
//     neighbours PORT COUNT PATH

#include "loopback.hpp"

#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
    if (count != 4)
        return std::fputs("usage: neighbours PORT COUNT PATH\n", stderr), 2;
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    const auto wanted = static_cast<std::size_t>(std::atol(arguments[2]));
    const auto request = loopback::request_for(arguments[3]);
    for (std::size_t number = 1; number <= wanted; ++number)
        if (const int socket = loopback::connected_to(port);
            socket < 0 || !loopback::says_200(socket, request))
            return std::fprintf(stderr, "neighbour %zu gets no 200\n", number), 1;
    std::puts("ready");
    std::fflush(stdout);
    ::pause();
}
