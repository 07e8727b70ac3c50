#include "core/cache/shelf.hpp"
#include "core/events/newsroom.hpp"

using namespace bulkhead;
using test::Shelf;
using test::Signal;
using test::Threads;

TEST_CASE("what is forgotten is loaded again, and nothing else is") {
    Shelf shelf;
    shelf.test.write("insert into labels (id, label) values ('b', 'two')");
    CHECK(shelf.read("a"));
    CHECK(shelf.read("b"));

    shelf.labels.forget("a");
    CHECK(shelf.read("a"));
    CHECK(shelf.read("b"));
    CHECK(shelf.loads == 3);
    shelf.labels.forget_all();
    CHECK(shelf.read("a"));
    CHECK(shelf.read("b"));

    CHECK(shelf.loads == 5);
    CHECK(shelf.statistics().invalidations == 2);
}

TEST_CASE("a committed change is seen by the next reader") {
    Shelf shelf;
    CHECK(*shelf.read("a") == "old");

    REQUIRE(shelf.rename("new"));

    CHECK(*shelf.read("a") == "new");
}

TEST_CASE("a change that is rolled back forgets nothing") {
    Shelf shelf;
    CHECK(shelf.read("a"));

    CHECK_FALSE(shelf.rename("new", false));

    CHECK(*shelf.read("a") == "old");
    CHECK(shelf.loads == 1);
    CHECK(shelf.statistics().invalidations == 0);
}

TEST_CASE("within the transaction that changes it the new value is read, and kept for nobody") {
    Shelf shelf;
    CHECK(shelf.read("a"));

    const auto refused =
        shelf.test.database().transaction([&](db::Session& sql) -> Result<std::string> {
            sql.run("update labels set label = 'new' where id = 'a'");
            shelf.labels.forget_after_commit(sql, "a");
            const auto within = shelf.read("a");
            std::thread([&] { CHECK(*shelf.read("a") == "old"); }).join();
            return Error::conflict("shop.seen", *within);
        });

    CHECK(refused.error().message == "new");
    CHECK(*shelf.read("a") == "old");
    CHECK(shelf.loads == 2);
}

TEST_CASE("forgetting after the commit belongs into a transaction") {
    Shelf shelf;

    const auto failure = test::failure_of([&] {
        shelf.test.read([&](db::Session& sql) { shelf.labels.forget_after_commit(sql, "a"); });
    });

    CHECK(failure.failure == db::FailureKind::usage);
}

TEST_CASE("a load that had begun before an invalidation is kept for nobody") {
    const bool all = GENERATE(false, true);
    Shelf shelf;
    Signal has_read;
    Signal go_on;
    std::atomic<bool> old = false;
    Threads threads;
    threads.start([&] {
        const db::HandlerScope scope;
        const auto found = shelf.labels.get("a", [&] {
            auto read = shelf.load("a");
            shelf.test.database().release();
            has_read.give();
            go_on.await();
            return read;
        });
        old = found && *found == "old";
    });
    has_read.await();

    REQUIRE(shelf.rename("new"));
    if (all)
        shelf.labels.forget_all();
    const auto meanwhile = shelf.read("a");
    go_on.give();
    threads.join();

    CHECK(old);  // It had asked before the change.
    CHECK(*meanwhile == "new");
    CHECK(*shelf.read("a") == "new");
    CHECK(shelf.loads == 2);
}

TEST_CASE("while one writes and many read, nobody who asks after a commit sees what was before") {
    Shelf shelf;
    constexpr int writes = 200;
    std::atomic<int> committed = 0;
    std::atomic<int> stale = 0;
    Threads threads;
    REQUIRE(shelf.rename("0"));

    for (int reader = 0; reader < 4; ++reader)
        threads.start([&] {
            while (committed < writes) {
                const int before = committed;
                const auto found = shelf.read("a");
                stale += !found || std::stoi(*found) < before ? 1 : 0;
            }
        });
    for (int write = 1; write <= writes; ++write) {
        stale += shelf.rename(std::to_string(write)) ? 0 : 1;
        committed = write;
    }
    threads.join();

    CHECK(stale == 0);  // Nor was a write refused.
    CHECK(*shelf.read("a") == std::to_string(writes));
}

TEST_CASE("a module forgets what another module's event says has changed") {
    test::Newsroom room;
    test::Process process(room.test, room.options);
    cache::Options options;
    cache::Regions regions{options, process.pool};
    auto titles = test::open_cache(regions);
    std::string title = "draft";
    const auto read = [&] {
        return *titles.get("7", [&]() -> Result<std::string> { return title; });
    };
    const auto subscription = process.listen([&](const test::Printed& printed, const Delivery&) {
        titles.forget(std::to_string(printed.issue));
        return Result<>(Done{});
    });
    process.start();
    CHECK(read() == "draft");

    title = "final";
    CHECK(read() == "draft");
    process.publish(7);
    test::await([&] { return regions.statistics().front().invalidations == 1; });

    CHECK(read() == "final");
}
