// Delivering: once where it can be, at least once always, whoever dies on the way.
#include "events/dispatcher.hpp"

#include "core/events/newsroom.hpp"
#include "support/scale.hpp"

#include <algorithm>

using namespace bulkhead;
using namespace bulkhead::test;
using namespace std::chrono_literals;

namespace {

// The mail as a subscriber sends it: in the transaction that it runs in.
Result<> send(db::Pool& pool, std::int32_t issue) {
    return db::Database(pool).transaction([&](db::Session& sql) -> Result<> {
        sql.run("insert into sent values (:issue)", {{"issue", issue}});
        return Done{};
    });
}

std::optional<events::ClaimedDelivery> claim(Newsroom& newsroom, std::chrono::seconds lease) {
    std::optional<events::ClaimedDelivery> claimed;
    newsroom.test.commit([&](db::Session& sql) {
        const auto due = events::outbox::due(sql, "mail.send", Printed::topic, 1);
        if (!due.empty())
            claimed = events::outbox::claim(sql, due.front(), "mail.send", lease);
    });
    return claimed;
}

Result<> broken(const Printed&, const Delivery&) {
    return Error::conflict("mail.no_paper", "There is no paper.");
}

}  // namespace

TEST_CASE("a failed attempt leaves nothing behind and is tried again") {
    Newsroom newsroom;
    std::atomic<int> attempts = 0;
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto& delivery) {
        attempts = delivery.attempt;
        auto sent = send(newsroom.process.pool, event.issue);
        return attempts < 4 ? broken(event, delivery) : sent;
    });
    newsroom.process.start();

    newsroom.process.publish(1);
    await([&] { return newsroom.pending() == 0; });

    CHECK(attempts == 4);
    CHECK(newsroom.test.count("sent") == 1);
}

TEST_CASE("whatever a callback throws is one failed attempt with its reason") {
    struct Nothing {};
    auto options = Newsroom::quick();
    options.attempts = 1;
    Newsroom newsroom(options);
    const auto [thrower, reason] = GENERATE(table<std::function<void()>, std::string>({
        {[] { throw std::runtime_error("no stamps"); }, "no stamps"},
        {[] { throw Nothing{}; }, "something that is no std::exception"},
        {[] { throw 7; }, "something that is no std::exception"},
        {[] { throw Fault(ErrorKind::internal, "x.y", "public", "inner"); }, "inner"},
    }));
    const auto subscription =
        newsroom.process.listen([&, thrower = thrower](const auto&, const auto&) {
            thrower();
            return Result<>(Done{});
        });
    newsroom.process.start();

    newsroom.process.publish(1);
    await([&] { return newsroom.dead() == 1; });

    CHECK_THAT(newsroom.last_error(), Catch::Contains(reason));
}

TEST_CASE("an error that a callback swallows undoes the attempt all the same") {
    auto options = Newsroom::quick();
    options.attempts = 1;
    Newsroom newsroom(options);
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto&) {
        auto sent = send(newsroom.process.pool, event.issue);
        (void)db::Database(newsroom.process.pool).transaction([](db::Session&) {
            return broken({}, {});
        });
        return Result<>(Done{});
    });
    newsroom.process.start();

    newsroom.process.publish(1);
    await([&] { return newsroom.dead() == 1; });

    CHECK(newsroom.test.count("sent") == 0);
    CHECK_THAT(newsroom.last_error(), Catch::Contains("returned an error"));
}

TEST_CASE("pauses between attempts double up to the longest, and then the delivery is dead") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    auto options = Newsroom::quick();
    options.attempts = 5;
    options.first_retry_ms = 1'000;
    options.longest_retry_seconds = 3;
    Newsroom newsroom(options);
    const auto subscription = newsroom.process.listen(broken);
    newsroom.process.start();
    newsroom.process.publish(1);

    for (const auto longest : {1'000ms, 2'000ms, 3'000ms, 3'000ms}) {
        await([&] {
            return newsroom.test.count(
                       "event_deliveries where claimed_by is null and"
                       " attempts > 0") == 1;
        });
        const auto next = newsroom.test.read([](db::Session& sql) {
            return sql.one<Timestamp>("select next_attempt_at from event_deliveries");
        });
        CHECK(next - now() <= longest);
        CHECK(next - now() >= longest / 2);
        const auto before = newsroom.test.read([](db::Session& sql) {
            return sql.one<std::int32_t>("select attempts from event_deliveries");
        });
        clock.advance(longest);
        await([&] {
            return newsroom.test.count("event_deliveries where attempts = " +
                                       std::to_string(before + 1)) == 1;
        });
    }
    await([&] { return newsroom.dead() == 1; });

    CHECK(newsroom.last_error() == "mail.no_paper: There is no paper.");
    const auto states =
        newsroom.test.read([](db::Session& sql) { return events::backlog::counts(sql); });
    REQUIRE(states.size() == 1);
    CHECK(states.front().dead == 1);
    CHECK(states.front().pending == 0);
}

TEST_CASE("what a dead process had claimed is taken over once its lease is over") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    Newsroom newsroom;
    std::atomic<int> first_heard = 0, heard = 0;
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto& delivery) {
        ++heard;
        if (event.issue == 1)
            first_heard = delivery.attempt;
        return Result<>(Done{});
    });
    newsroom.enrol();
    newsroom.process.publish(1);
    REQUIRE(claim(newsroom, 30s));

    newsroom.process.start();
    newsroom.process.publish(2);
    await([&] { return heard == 1; });
    CHECK(first_heard == 0);
    clock.advance(30s);
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 2);
    CHECK(first_heard == 2);
}

TEST_CASE("whoever lost its claim neither takes the delivery away nor puts it back") {
    Newsroom newsroom;
    newsroom.enrol();
    newsroom.process.publish(1);
    const auto slow = claim(newsroom, 0s);
    const auto fast = claim(newsroom, 30s);
    REQUIRE((slow && fast));

    newsroom.test.commit([&](db::Session& sql) {
        CHECK_FALSE(events::outbox::remove(sql, *slow));
        events::outbox::put_back(sql, *slow, events::DeliveryState::dead, now(), "late");
    });
    CHECK(newsroom.dead() == 0);
    newsroom.test.commit([&](db::Session& sql) { CHECK(events::outbox::remove(sql, *fast)); });

    CHECK(newsroom.pending() == 0);
}

TEST_CASE("an event whose delivery ends the process each time runs out of attempts") {
    auto options = Newsroom::quick();
    options.attempts = 3;
    Newsroom newsroom(options);
    std::atomic<int> heard = 0;
    const auto subscription = newsroom.process.listen([&](const auto&, const auto&) {
        ++heard;
        return Result<>(Done{});
    });
    newsroom.enrol();
    newsroom.process.publish(1);
    for (int crash = 0; crash < options.attempts; ++crash)
        REQUIRE(claim(newsroom, 0s));

    newsroom.process.start();
    await([&] { return newsroom.dead() == 1; });

    CHECK(heard == 0);
    CHECK_THAT(newsroom.last_error(), Catch::Contains("the process ended"));
}

TEST_CASE("one subscription hears of events one at a time, in their order") {
    auto options = Newsroom::quick();
    options.threads = 4;
    options.batch = 3;
    Newsroom newsroom(options);
    std::vector<std::int32_t> heard;
    std::atomic<int> running = 0, together = 0;
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto&) {
        together += ++running - 1;
        heard.push_back(event.issue);
        --running;
        return Result<>(Done{});
    });
    newsroom.process.start();

    for (std::int32_t issue = 1; issue <= 50; ++issue)
        newsroom.process.publish(issue);
    await([&] { return newsroom.pending() == 0; });

    CHECK(together == 0);
    CHECK(heard.size() == 50);
    CHECK(std::ranges::is_sorted(heard));
}

TEST_CASE("a slow subscription does not keep another one from its turn") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    auto options = Newsroom::quick();
    options.threads = 1;
    Newsroom newsroom(options);
    std::string turns;
    const auto listen = [&](const std::string& name, char letter) {
        newsroom.test.commit([&](db::Session& sql) {
            events::outbox::enrol(sql, {name, std::string(Printed::topic)});
        });
        return newsroom.process.listen(
            [&, letter](const auto&, const auto&) {
                turns += letter;
                clock.advance(1s);
                return Result<>(Done{});
            },
            name);
    };
    const auto send = listen("mail.send", 's');
    const auto file = listen("mail.file", 'f');
    for (std::int32_t issue = 1; issue <= 5; ++issue)
        newsroom.process.publish(issue);

    newsroom.process.start();
    await([&] { return newsroom.pending() == 0; });

    CHECK(turns == "sfsfsfsfsf");
}

TEST_CASE("two processes on one database deliver each event once and lose none") {
    const int events = at_scale(200, 5'000);
    Newsroom newsroom;
    Process other(newsroom.test, newsroom.options);
    const auto listen = [&](Process& process) {
        return process.listen(
            [&](const auto& event, const auto&) { return send(process.pool, event.issue); });
    };
    const auto here = listen(newsroom.process);
    const auto there = listen(other);
    newsroom.process.start();
    other.start();

    Threads publishing;
    for (auto* process : {&newsroom.process, &other})
        publishing.start([&, process] {
            for (int issue = 0; issue < events; ++issue)
                process->publish(issue);
        });
    publishing.join();
    await([&] { return newsroom.pending() == 0; });

    CHECK(newsroom.test.count("sent") == 2 * events);
    CHECK(newsroom.test.count(
              "(select issue from sent group by issue having count(*) <> 2) as x") == 0);
    CHECK(newsroom.dead() == 0);
}

TEST_CASE("an ended process begins no delivery, another one goes on") {
    Newsroom newsroom;
    std::atomic<int> here = 0, there = 0;
    const auto ended = newsroom.process.listen([&](const auto&, const auto&) {
        ++here;
        return Result<>(Done{});
    });
    newsroom.process.start();
    newsroom.process.hub.announce_end();
    newsroom.process.hub.stop();

    newsroom.process.publish(1);
    CHECK(newsroom.pending() == 1);
    Process next(newsroom.test, newsroom.options);
    const auto subscription = next.listen([&](const auto&, const auto&) {
        ++there;
        return Result<>(Done{});
    });
    next.start();
    await([&] { return newsroom.pending() == 0; });

    CHECK(here == 0);
    CHECK(there == 1);
}
