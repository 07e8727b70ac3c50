#include "cache/region.hpp"

#include "core/cache/shelf.hpp"
#include "value/deadline.hpp"

#include <barrier>

using namespace bulkhead;
using namespace std::chrono_literals;
using test::Shelf;
using test::Signal;
using test::Threads;

TEST_CASE("a value is read from the database once, then from memory") {
    Shelf shelf;

    for (int read = 0; read < 100; ++read)
        REQUIRE(*shelf.read("a") == "old");

    CHECK(shelf.loads == 1);
    CHECK(shelf.statistics().hits == 99);
    CHECK(shelf.statistics().misses == 1);
    CHECK(shelf.statistics().occupancy.entries == 1);
}

TEST_CASE("all who read see the one value that is kept, not copies of it") {
    Shelf shelf;
    const auto load = []() -> Result<std::string> { return std::string("x"); };

    const auto first = shelf.labels.share("a", load);
    const auto second = shelf.labels.share("a", load);

    CHECK(*first == *second);
}

TEST_CASE("of 64 threads that want one value, one loads it") {
    Shelf shelf;
    constexpr int readers = 64;
    std::atomic<int> loads = 0;
    std::atomic<int> right = 0;
    Threads threads;

    for (int reader = 0; reader < readers; ++reader)
        threads.start([&] {
            const auto found = shelf.labels.get("a", [&]() -> Result<std::string> {
                ++loads;
                shelf.await_waiting(readers - 1);
                return std::string("loaded");
            });
            right += found && *found == "loaded" ? 1 : 0;
        });
    threads.join();

    CHECK(loads == 1);
    CHECK(right == readers);
    CHECK(shelf.statistics().waited == readers - 1);
    CHECK(shelf.statistics().misses == 1);
}

TEST_CASE("a value is loaded again when it has grown old, counted from before its load") {
    Shelf shelf({.seconds = 60});
    const db::HandlerScope scope;
    CHECK(shelf.labels.get("a", [&] {
        cache::let_pass(20s);
        return shelf.load("a");
    }));

    cache::let_pass(39s);
    CHECK(shelf.read("a"));
    CHECK(shelf.loads == 1);
    cache::let_pass(1s);
    CHECK(shelf.read("a"));

    CHECK(shelf.loads == 2);
}

TEST_CASE("plugins.toml has the last word on how long a value is kept") {
    Shelf shelf({.seconds = 60}, {.seconds = 5});
    CHECK(shelf.read("a"));

    cache::let_pass(5s);
    CHECK(shelf.read("a"));

    CHECK(shelf.loads == 2);
}

TEST_CASE("with caches switched off each read loads") {
    Shelf shelf({}, {.enabled = false});

    CHECK(shelf.read("a"));
    CHECK(shelf.read("a"));
    shelf.labels.forget("a");
    shelf.labels.forget_all();

    CHECK(shelf.loads == 2);
    CHECK(shelf.statistics().bypassed == 2);
}

TEST_CASE("a refusal goes to whoever asked and is not kept") {
    Shelf shelf;

    const auto first = shelf.read("b");
    shelf.test.write("insert into labels (id, label) values ('b', 'new')");
    const auto second = shelf.read("b");

    CHECK(first.error().code == "shop.no_label");
    CHECK(*second == "new");
}

TEST_CASE("a refusal as not found is kept where the module wants it, for its own time") {
    Shelf shelf({.seconds = 60, .absent_seconds = 5});
    CHECK(shelf.read("b").error().code == "shop.no_label");

    CHECK(shelf.read("b").error().message == "No such label.");
    CHECK(shelf.loads == 1);
    cache::let_pass(5s);
    CHECK_FALSE(shelf.read("b"));

    CHECK(shelf.loads == 2);
}

TEST_CASE("what a load throws goes to all who waited, and the next one loads") {
    Shelf shelf;
    std::atomic<int> failed = 0;
    Threads threads;

    for (int reader = 0; reader < 8; ++reader)
        threads.start([&] {
            try {
                (void)shelf.labels.get("a", [&]() -> Result<std::string> {
                    shelf.await_waiting(7);
                    throw db::Failure(db::FailureKind::unavailable, "gone");
                });
            } catch (const db::Failure&) {
                ++failed;
            }
        });
    threads.join();

    CHECK(failed == 8);
    CHECK(*shelf.read("a") == "old");
}

TEST_CASE("if who loads runs out of time, one of those who wait loads in turn") {
    const bool throws = GENERATE(true, false);
    Shelf shelf;
    Signal loading;
    Threads threads;
    threads.start([&] {
        const value::DeadlineScope overdue(std::chrono::steady_clock::now());
        try {
            (void)shelf.labels.get("a", [&]() -> Result<std::string> {
                loading.give();
                shelf.await_waiting(1);
                if (throws)
                    throw db::Failure(db::FailureKind::busy, "too late");
                return Error::unavailable("shop.too_late", "");
            });
        } catch (const db::Failure&) {  // NOLINT(bugprone-empty-catch): its own reader's answer
        }
    });
    loading.await();

    const auto found = shelf.read("a");

    CHECK(*found == "old");
    CHECK(shelf.loads == 1);
}

TEST_CASE("waiting for another's load ends with the deadline, or with cache.wait_ms") {
    const bool by_deadline = GENERATE(true, false);
    Shelf shelf({}, {.wait_ms = by_deadline ? 60'000 : 1});
    Signal loading;
    Signal go_on;
    Threads threads;
    threads.start([&] {
        (void)shelf.labels.get("a", [&]() -> Result<std::string> {
            loading.give();
            go_on.await();
            return std::string("late");
        });
    });
    loading.await();

    const auto deadline = by_deadline ? std::chrono::steady_clock::now()
                                      : std::chrono::steady_clock::time_point::max();
    const auto refused = [&] {
        const value::DeadlineScope scope(deadline);
        return shelf.read("a");
    }();
    go_on.give();
    threads.join();

    CHECK(refused.error().kind == ErrorKind::unavailable);
    CHECK(refused.error().code == "cache.busy");
    CHECK(*shelf.read("a") == "late");
    CHECK(shelf.loads == 0);
}

TEST_CASE("who waits for a load holds no connection, which the load may need") {
    db::Options one;
    one.readers = 1;
    Shelf shelf({}, {}, one);
    Signal loading;
    std::atomic<bool> right = false;
    Threads threads;
    threads.start([&] {
        const db::HandlerScope scope;
        const auto found = shelf.labels.get("a", [&] {
            loading.give();
            shelf.await_waiting(1);
            return shelf.load("a");
        });
        right = found && *found == "old";
    });
    loading.await();

    const db::HandlerScope scope;
    auto& sql = shelf.test.database().session();
    CHECK(sql.one<std::int64_t>("select 1") == 1);
    const auto waited = shelf.labels.get("a", [&] { return shelf.load("a"); });
    CHECK(sql.one<std::int64_t>("select 2") == 2);
    shelf.test.database().release();
    threads.join();

    CHECK(*waited == "old");
    CHECK(right);
    CHECK(shelf.loads == 1);
    CHECK(shelf.test.pool().statistics().exhausted == 0);
}

TEST_CASE("a load may ask for another key, and is told when it asks for its own") {
    Shelf shelf;
    const db::HandlerScope scope;
    const auto nested = [&](const std::string& outer, const std::string& inner) {
        return shelf.labels.get(
            outer, [&] { return shelf.labels.get(inner, [&] { return shelf.load("a"); }); });
    };

    CHECK(*nested("outer", "inner") == "old");
    CHECK(shelf.statistics().occupancy.entries == 2);
    const auto failure = test::failure_of([&] { (void)nested("same", "same"); });

    CHECK(failure.failure == db::FailureKind::usage);
    CHECK_THAT(failure.what(), Catch::Contains("shop.labels"));
    CHECK(*nested("same", "other") == "old");
}

TEST_CASE("two loads that ask for each other's keys both end") {
    Shelf shelf;
    std::barrier both(2);
    std::atomic<int> right = 0;
    const auto load = [&](const std::string& outer, const std::string& inner) {
        const auto found = shelf.labels.get(outer, [&] {
            both.arrive_and_wait();
            auto other =
                shelf.labels.get(inner, []() -> Result<std::string> { return std::string("x"); });
            both.arrive_and_wait();
            return other;
        });
        right += found && *found == "x" ? 1 : 0;
    };
    Threads threads;

    threads.start([&] { load("a", "b"); });
    threads.start([&] { load("b", "a"); });
    threads.join();

    CHECK(right == 2);
}

TEST_CASE("a key is text, a number or an id") {
    const auto read_twice = [](auto cache, const auto& key) {
        int loads = 0;
        for (int read = 0; read < 2; ++read)
            CHECK(*cache.get(key, [&]() -> Result<std::string> {
                return std::to_string(++loads);
            }) == "1");
    };
    Shelf shelf;
    const AnyCache::Form form{&type_of<std::string>(), nullptr};
    const AnyCache any(shelf.regions.add("shop", "any", {}, form));

    read_twice(Cache<std::string_view, std::string>(any), "text");
    read_twice(Cache<std::int64_t, std::string>(any), std::int64_t{-7});
    read_twice(Cache<CallerId, std::string>(any), CallerId::fresh());

    CHECK(shelf.regions.statistics().front().occupancy.entries == 3);
}

TEST_CASE("a cache that no module gave keeps nothing") {
    Cache<std::string, std::int64_t> cache;
    std::int64_t loads = 0;
    const auto load = [&]() -> Result<std::int64_t> { return ++loads; };

    CHECK(*cache.get("a", load) == 1);
    cache.forget("a");
    cache.forget_all();

    CHECK(*cache.get("a", load) == 2);
}

TEST_CASE("a cache with a wrong name or limit is refused with a sentence") {
    Shelf shelf;
    const auto [name, limits, sentence] = GENERATE(table<std::string, CacheLimits, std::string>(
        {{"Labels!", {}, "expected lower-case letters"},
         {"", {}, "expected lower-case letters"},
         {"labels", {}, "twice"},
         {"more", {.seconds = 0}, "seconds = 0; expected 1 to 86400"},
         {"more", {.entries = 0}, "entries = 0; expected 1 to 10000000"},
         {"more", {.absent_seconds = -1}, "absent_seconds = -1; expected 0 to 86400"}}));

    CHECK_THROWS_WITH(shelf.regions.add("shop", name, limits, {&type_of<std::string>(), nullptr}),
                      Catch::Contains(sentence));
}
