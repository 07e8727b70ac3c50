#include "module/line_channel.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace bulkhead::module {
namespace {

constexpr LineLimits limits{.heard_bytes = 100, .unsent_bytes = 1'000'000};

/// A channel, and the naked socket at its other end.
struct Pair {
    Pair() : Pair(made()) {}
    ~Pair() {
        if (other >= 0)
            ::close(other);
    }
    void say(const std::string& bytes) const {
        REQUIRE(::send(other, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    }
    void leave() { ::close(std::exchange(other, -1)); }

    LineChannel channel;
    int other;

private:
    explicit Pair(std::array<int, 2> ends) : channel(ends[0], limits), other(ends[1]) {}
    static std::array<int, 2> made() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
        return ends;
    }
};

}  // namespace

TEST_CASE("a line is heard once it is whole, however it was cut on its way") {
    Pair pair;

    pair.say("first\nsec");
    const auto first = pair.channel.next_line();
    const auto half = pair.channel.next_line();
    pair.say("ond\n\n");
    const auto second = pair.channel.next_line();
    const auto empty = pair.channel.next_line();

    CHECK(first == "first");
    CHECK_FALSE(half);
    CHECK(second == "second");
    CHECK(empty == "");
    CHECK_FALSE(pair.channel.ended());
}

TEST_CASE("what was said before the end is heard, though nothing can be sent any more") {
    Pair pair;

    pair.say("last words\nhalf a");
    pair.leave();
    const bool taken = pair.channel.send("are you there?");
    const auto last = pair.channel.next_line();
    const auto rest = pair.channel.next_line();

    CHECK_FALSE(taken);
    CHECK(last == "last words");
    CHECK_FALSE(rest);
    CHECK(pair.channel.ended());
}

TEST_CASE("a line beyond the limit ends the channel") {
    const auto [bytes, goes_on] =
        GENERATE(table<std::size_t, bool>({{100, true}, {101, false}, {20'000, false}}));
    Pair pair;

    pair.say(std::string(bytes, 'x'));
    pair.channel.next_line();

    CHECK(pair.channel.ended() != goes_on);
    CHECK(pair.channel.overlong() != goes_on);
}

TEST_CASE("what the other side does not take waits, up to a limit") {
    Pair pair;
    const std::string line(500'000, 'x');

    const bool first = pair.channel.send(line);
    const bool waiting = !pair.channel.all_sent();
    const bool more = pair.channel.send(line) && pair.channel.send(line);

    CHECK(first);
    CHECK(waiting);
    CHECK_FALSE(more);
    CHECK(pair.channel.ended());
}

}  // namespace bulkhead::module
