#include "value/deadline.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace bulkhead;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST_CASE("where nothing is due, somebody may still wait") {
    CHECK(current_deadline() == Clock::time_point::max());
    CHECK_FALSE(nobody_waits());
}

TEST_CASE("nobody waits once the deadline of this thread has passed") {
    const auto [from_now, passed] =
        GENERATE(table<std::chrono::seconds, bool>({{-1s, true}, {0s, true}, {3'600s, false}}));
    const value::DeadlineScope due(Clock::now() + from_now);

    CHECK(nobody_waits() == passed);
}

TEST_CASE("a deadline holds for its scope and its thread") {
    const auto outer_due = Clock::now() + 1h;
    const value::DeadlineScope outer(outer_due);
    bool elsewhere = true;
    {
        const value::DeadlineScope inner(Clock::now() - 1h);
        std::thread([&] { elsewhere = nobody_waits(); }).join();
    }

    CHECK(current_deadline() == outer_due);
    CHECK_FALSE(elsewhere);
}
