#include "value/uuid.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <span>
#include <thread>
#include <vector>

using namespace bulkhead;

TEST_CASE("a fresh UUID has version 7, its variant and the time") {
    const auto before = std::chrono::floor<std::chrono::milliseconds>(now()).time_since_epoch();

    const auto fresh = Uuid::fresh();

    std::int64_t milliseconds = 0;
    for (int index = 0; index < 6; ++index)
        milliseconds = milliseconds << 8 | fresh.bytes[static_cast<std::size_t>(index)];
    CHECK(milliseconds >= before.count());
    CHECK(fresh.bytes[6] >> 4 == 7);
    CHECK(fresh.bytes[8] >> 6 == 2);
}

TEST_CASE("fresh UUIDs increase strictly, within a stopped millisecond too") {
    const StoppedClock clock(now());
    std::vector<Uuid> made(10'000);

    std::ranges::generate(made, Uuid::fresh);

    CHECK(std::ranges::adjacent_find(made, std::greater_equal{}) == made.end());
}

TEST_CASE("fresh UUIDs go on increasing when the clock is set back") {
    StoppedClock clock(now());
    const auto first = Uuid::fresh();

    clock.advance(std::chrono::hours{-1});

    CHECK(Uuid::fresh() > first);
}

TEST_CASE("threads never get the same UUID, and each sees its own increase") {
    constexpr std::size_t threads = 4, each = 5'000;
    std::vector<std::vector<Uuid>> made(threads, std::vector<Uuid>(each));
    std::vector<std::thread> running;

    for (auto& own : made)
        running.emplace_back([&own] { std::ranges::generate(own, Uuid::fresh); });
    for (auto& thread : running)
        thread.join();

    std::vector<Uuid> all;
    for (const auto& own : made) {
        CHECK(std::ranges::is_sorted(own));
        all.insert(all.end(), own.begin(), own.end());
    }
    std::ranges::sort(all);
    CHECK(std::ranges::adjacent_find(all) == all.end());
}

TEST_CASE("the text form is read back in either case") {
    const auto text =
        GENERATE("019aa0c5-7a4e-7b3c-9d2f-0123456789ab", "019AA0C5-7A4E-7B3C-9D2F-0123456789AB");

    const auto read = Uuid::from(text);

    REQUIRE(read);
    CHECK(read->to_text() == "019aa0c5-7a4e-7b3c-9d2f-0123456789ab");
}

TEST_CASE("anything but 36 characters of a UUID is refused") {
    const auto text =
        GENERATE(as<std::string>{}, "", "019aa0c5-7a4e-7b3c-9d2f-0123456789a",
                 "019aa0c5-7a4e-7b3c-9d2f-0123456789abc", "019aa0c57-a4e-7b3c-9d2f-0123456789ab",
                 "019aa0c5-7a4e-7b3c-9d2f-0123456789ag", "{19aa0c5-7a4e-7b3c-9d2f-0123456789a}",
                 "019aa0c57a4e7b3c9d2f0123456789ab");
    CAPTURE(text);

    CHECK_FALSE(Uuid::from(text));
}

TEST_CASE("ids of different tags are different types with the same text") {
    using OrderId = Id<struct OrderTag>;
    const auto id = OrderId::fresh();

    CHECK(OrderId::from(id.to_text()) == id);
    CHECK_FALSE(std::is_convertible_v<OrderId, CallerId>);
}

TEST_CASE("what a maker makes is of version 7, has its variant and increases strictly") {
    const auto time = *timestamp_from("2026-11-20T10:21:10.123456Z");
    value::UuidMaker maker;
    std::vector<Uuid> made(10'000);

    std::ranges::generate(made, [&] { return maker.fresh(time); });

    CHECK(made.front().to_text().starts_with("01a1f879-6e6b-7"));
    CHECK(std::ranges::all_of(
        made, [](const Uuid& uuid) { return uuid.bytes[6] >> 4 == 7 && uuid.bytes[8] >> 6 == 2; }));
    CHECK(std::ranges::adjacent_find(made, std::greater_equal{}) == made.end());
}

TEST_CASE("two makers make different values at one time") {
    const auto time = now();
    value::UuidMaker one, other;

    const auto left = one.fresh(time), right = other.fresh(time);

    CHECK_FALSE(
        std::ranges::equal(std::span(left.bytes).subspan(8), std::span(right.bytes).subspan(8)));
}
