// What a well-behaved client notices of an attack: asks for PATH at a steady rate on one connection
// for SECONDS while ATTACK (see tests/support/attack.cpp; "none": nobody) goes on in waves, and
// prints the p99 of its waiting in microseconds, counted from when each request was due. Fails when
// one of its requests gets no 200.
//
//     attacker PORT PATH SECONDS ATTACK
//     attacker --list

#include "loopback.hpp"
#include "support/attack.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds between_requests{5};

/// Until it is stopped; then, and not before, the wave that is under way is broken off.
void attack(std::uint16_t port, const Attack& wanted, Clock::time_point end) {
    const auto scripts = scripts_of(wanted, wanted.connections);
    for (auto now = Clock::now(); now < end; now = Clock::now())
        play(port, scripts, std::chrono::ceil<milliseconds>(end - now));
}

std::vector<microseconds> ask_until(Clock::time_point end, int socket, std::string_view request) {
    std::vector<microseconds> waits;
    for (auto due = Clock::now(); due < end; due += between_requests) {
        std::this_thread::sleep_until(due);
        if (!loopback::says_200(socket, request))
            throw std::runtime_error("request " + std::to_string(waits.size() + 1) +
                                     " of the well-behaved client got no 200");
        waits.push_back(std::chrono::duration_cast<microseconds>(Clock::now() - due));
    }
    return waits;
}

microseconds p99_of(std::vector<microseconds> waits) {
    std::ranges::sort(waits);
    return waits.empty() ? microseconds(0) : waits[waits.size() * 99 / 100];
}

int measure(char** arguments) {
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    const auto end = Clock::now() + std::chrono::seconds(std::atol(arguments[3]));
    const std::string name = arguments[4];
    std::jthread attacking;
    if (name != "none")
        attacking = std::jthread([&, &wanted = attack_named(name)] { attack(port, wanted, end); });
    const int socket = loopback::connected_to(port);
    const auto waits = ask_until(end, socket, loopback::request_for(arguments[2]));
    std::printf("%lld\n", static_cast<long long>(p99_of(waits).count()));
    return 0;
}

int list() {
    for (const auto& attack : all_attacks())
        std::printf("%s\n", std::string(attack.name).c_str());
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "--list")
        return list();
    if (count != 5)
        return std::fputs("usage: attacker PORT PATH SECONDS ATTACK | --list\n", stderr), 2;
    try {
        return measure(arguments);
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "%s\n", failure.what()), 1;
    }
}
