#include "cache/memory.hpp"

#include "cache/moment.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace std::chrono_literals;
using cache::Memory;

namespace {

const AnyCache::Form form{&type_of<std::string>(), nullptr};

void keep(Memory& memory, const std::string& key, const std::string& value = "v",
          std::chrono::seconds life = 60s) {
    memory.keep(key, {std::make_shared<const std::string>(value), nullptr, cache::moment() + life},
                form);
}

bool has(Memory& memory, const std::string& key) {
    return memory.find(key, form).has_value();
}

}  // namespace

TEST_CASE("a cache that is full forgets what was not used for the longest time") {
    Memory memory(3, 1'000);
    for (const auto* key : {"a", "b", "c"})
        keep(memory, key);
    CHECK(has(memory, "a"));

    keep(memory, "d");

    CHECK(has(memory, "a"));
    CHECK_FALSE(has(memory, "b"));
    CHECK(has(memory, "c"));
    CHECK(has(memory, "d"));
    CHECK(memory.occupancy().evictions == 1);
}

TEST_CASE("a cache never holds more entries than it may") {
    const auto [entries, least] =
        GENERATE(table<std::size_t, std::int64_t>({{1, 1}, {255, 255}, {5'000, 4'000}}));
    Memory memory(entries, 10'000'000);

    for (int key = 0; key < 20'000; ++key)
        keep(memory, std::to_string(key));

    CHECK(memory.occupancy().entries <= static_cast<std::int64_t>(entries));
    CHECK(memory.occupancy().entries >= least);
    CHECK(memory.occupancy().evictions ==
          20'000 - static_cast<std::uint64_t>(memory.occupancy().entries));
}

TEST_CASE("a cache never holds more bytes than it may") {
    Memory memory(1'000, 1'000);

    for (int key = 100; key < 200; ++key)
        keep(memory, std::to_string(key), std::string(95, 'x'));  // 100 bytes with key and quotes

    CHECK(memory.occupancy().bytes == 1'000);
    CHECK(memory.occupancy().entries == 10);
}

TEST_CASE("a value larger than the cache is not kept, nor what it would replace") {
    Memory memory(10, 100);
    keep(memory, "a", "small");
    keep(memory, "b", "small");

    keep(memory, "a", std::string(200, 'x'));

    CHECK_FALSE(has(memory, "a"));
    CHECK(has(memory, "b"));
}

TEST_CASE("a value goes when its time is over, and makes room") {
    Memory memory(10, 1'000);
    keep(memory, "a", "v", 60s);
    keep(memory, "b", "v", 600s);

    cache::let_pass(60s);

    CHECK_FALSE(has(memory, "a"));
    CHECK(has(memory, "b"));
    CHECK(memory.occupancy().entries == 1);
    CHECK(memory.occupancy().evictions == 0);
}

TEST_CASE("a key that is kept again has its new value, and is counted once") {
    Memory memory(10, 1'000);
    keep(memory, "a", "one");

    keep(memory, "a", "two");

    const auto found = memory.find("a", form);
    REQUIRE(found);
    CHECK(*std::static_pointer_cast<const std::string>(found->value) == "two");
    CHECK(memory.occupancy().entries == 1);
    CHECK(memory.occupancy().bytes == 6);
}

TEST_CASE("what is forgotten leaves nothing behind") {
    Memory memory(10'000, 1'000'000);
    for (int key = 0; key < 100; ++key)
        keep(memory, std::to_string(key));

    memory.forget("7");
    CHECK_FALSE(has(memory, "7"));
    CHECK(memory.occupancy().entries == 99);
    memory.forget_all();

    CHECK(memory.occupancy().entries == 0);
    CHECK(memory.occupancy().bytes == 0);
    CHECK_FALSE(has(memory, "8"));
}
