#include "value/clock.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace std::chrono_literals;
using std::chrono::microseconds;

TEST_CASE("a time is written in 27 characters") {
    const auto [since_epoch, text] = GENERATE(table<std::int64_t, std::string>(
        {{0, "1970-01-01T00:00:00.000000Z"},
         {-1, "1969-12-31T23:59:59.999999Z"},
         {951'827'696'000'001, "2000-02-29T12:34:56.000001Z"},
         {253'402'300'799'999'999, "9999-12-31T23:59:59.999999Z"},
         {253'402'300'800'000'000, "9999-12-31T23:59:59.999999Z"},
         {-62'167'219'200'000'000, "0000-01-01T00:00:00.000000Z"},
         {-62'167'219'200'000'001, "0000-01-01T00:00:00.000000Z"}}));

    CHECK(to_text(Timestamp{microseconds{since_epoch}}) == text);
}

TEST_CASE("RFC 3339 is read") {
    const auto [text, same] = GENERATE(table<std::string, std::string>(
        {{"2026-11-20T10:21:10.123456Z", "2026-11-20T10:21:10.123456Z"},
         {"2026-11-20T10:21:10Z", "2026-11-20T10:21:10.000000Z"},
         {"2026-11-20t10:21:10z", "2026-11-20T10:21:10.000000Z"},
         {"2026-11-20T10:21:10.5Z", "2026-11-20T10:21:10.500000Z"},
         {"2026-11-20T10:21:10.123456789Z", "2026-11-20T10:21:10.123456Z"},
         {"2026-11-20T10:21:10+05:30", "2026-11-20T04:51:10.000000Z"},
         {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000000Z"},
         {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000Z"},
         {"2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.000000Z"}}));
    CAPTURE(text);

    const auto read = timestamp_from(text);

    REQUIRE(read);
    CHECK(to_text(*read) == same);
}

TEST_CASE("anything else is no time") {
    const auto text = GENERATE(
        as<std::string>{}, "", "now", "2026-11-20", "2026-11-20T10:21:10", "2026-11-20 10:21:10Z",
        "2026-11-20T10:21Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z",
        "2026-11-20T10:21:60Z", "2026-11-20T10:21:10.Z", "2026-11-20T10:21:10.1234567890Z",
        "2026-11-20T10:21:10+24:00", "2026-11-20T10:21:10+1:00", "2026-11-20T10:21:10Z ",
        " 2026-11-20T10:21:10Z", "26-11-20T10:21:10Z", "02026-11-20T10:21:10Z",
        "-026-11-20T10:21:10Z", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00",
        "2026-11-20T10:21:10,5Z", "2026-1\x01-20T10:21:10Z");
    CAPTURE(text);

    CHECK_FALSE(timestamp_from(text));
}

TEST_CASE("while a stopped clock lives, time moves only by advance()") {
    const Timestamp at{microseconds{1'000}};
    const auto before = now();
    {
        StoppedClock clock(at);
        CHECK(now() == at);

        clock.advance(microseconds{5});

        CHECK(now() == at + microseconds{5});
    }
    CHECK(now() >= before);
}

TEST_CASE("the time at a moment is that of the clock, however long ago the moment was") {
    using Steady = std::chrono::steady_clock;
    const auto ago = GENERATE(0s, 3600s, -3600s);
    const auto before = now();

    const auto time = value::time_at(Steady::now() - ago) + ago;

    CHECK(time >= before - 60s);
    CHECK(time <= now() + 60s);
}

TEST_CASE("the time at a moment is that of a stopped clock") {
    const StoppedClock clock(*timestamp_from("2026-11-20T10:21:10.123456Z"));

    CHECK(value::time_at(std::chrono::steady_clock::now()) == now());
}
