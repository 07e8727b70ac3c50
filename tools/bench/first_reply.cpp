// How long a server takes from exec to its first 200: starts COMMAND, asks it until it says so,
// prints milliseconds, and ends it.
//
//     first_reply PORT PATH COMMAND ...

#include "loopback.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pause = std::chrono::microseconds(100);
constexpr auto limit = std::chrono::seconds(30);

pid_t start(char** command) {
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (std::freopen("/dev/null", "w", stdout) != nullptr)
        ::execvp(command[0], command);
    std::perror(command[0]);
    std::_Exit(127);
}

bool answers(std::uint16_t port, const std::string& request) {
    const int socket = loopback::connected_to(port);
    const bool answered = socket >= 0 && loopback::says_200(socket, request);
    ::close(socket);
    return answered;
}

bool wait_for_200(std::uint16_t port, const char* path, Clock::time_point deadline) {
    const auto request = loopback::request_for(path, "Connection: close\r\n");
    while (!answers(port, request)) {
        if (Clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 4)
        return std::fputs("usage: first_reply PORT PATH COMMAND ...\n", stderr), 2;
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    const auto started = Clock::now();
    const auto child = start(arguments + 3);
    const bool answered = wait_for_200(port, arguments[2], started + limit);
    const std::chrono::duration<double, std::milli> taken = Clock::now() - started;
    ::kill(child, SIGTERM);
    ::waitpid(child, nullptr, 0);
    if (!answered)
        return std::fputs("no 200 within 30 s\n", stderr), 1;
    std::printf("%.1f\n", taken.count());
}
