// Publishing and subscribing: what is kept, what is refused.
#include "events/hub.hpp"

#include "core/events/newsroom.hpp"

#include <future>
#include <semaphore>

using namespace bulkhead;
using namespace bulkhead::test;

namespace {

struct Foreign {
    static constexpr std::string_view topic = "mail.sent";
    std::int32_t issue = 0;
    static auto fields() { return shape(field("issue", &Foreign::issue)); }
};

Result<> ignore(const Printed&, const Delivery&) {
    return Done{};
}

db::Failure refused(Newsroom& newsroom, const Printed& event) {
    return failure_of([&] {
        newsroom.test.commit([&](db::Session& sql) { newsroom.process.press.publish(sql, event); });
    });
}

}  // namespace

TEST_CASE("an event is delivered after the commit, with its id and its time") {
    StoppedClock clock(*timestamp_from("2026-11-20T10:00:00Z"));
    Newsroom newsroom;
    std::vector<std::pair<Printed, Delivery>> heard;
    std::atomic<std::size_t> count = 0;
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto& delivery) {
        heard.emplace_back(event, delivery);
        ++count;
        return Result<>(Done{});
    });
    newsroom.process.start();

    newsroom.process.publish(7);
    await([&] { return count == 1 && newsroom.pending() == 0; });

    CHECK(heard.front().first.issue == 7);
    CHECK(heard.front().first.title == "News");
    CHECK(heard.front().second.id != Uuid{});
    CHECK(heard.front().second.attempt == 1);
    CHECK(to_text(heard.front().second.published_at) == "2026-11-20T10:00:00.000000Z");
}

TEST_CASE("what is rolled back was never published") {
    Newsroom newsroom;
    newsroom.enrol();

    db::Database database(newsroom.process.pool);
    const auto done = database.transaction([&](db::Session& sql) -> Result<> {
        newsroom.process.press.publish(sql, Printed{1, ""});
        return Error::conflict("tests.refused", "Refused.");
    });

    CHECK_FALSE(done);
    CHECK(newsroom.pending() == 0);
}

TEST_CASE("every subscription hears of an event, one that nobody subscribes to leaves no row") {
    Newsroom newsroom;
    newsroom.process.publish(1);
    CHECK(newsroom.pending() == 0);

    std::atomic<int> heard = 0;
    const auto count = [&](const Printed& event, const Delivery&) {
        heard += event.issue;
        return Result<>(Done{});
    };
    const auto send = newsroom.process.listen(count);
    const auto file = newsroom.process.listen(count, "mail.file");
    newsroom.process.start();
    newsroom.process.publish(10);
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 20);
}

TEST_CASE("a subscription that is added after the start hears of what follows") {
    Newsroom newsroom;
    newsroom.process.start();
    std::atomic<int> heard = 0;
    const auto late = newsroom.process.listen([&](const auto& event, const auto&) {
        heard = event.issue;
        return Result<>(Done{});
    });
    await([&] { return newsroom.test.count("event_subscriptions") == 1; });

    newsroom.process.publish(8);
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 8);
}

TEST_CASE("a start with known subscriptions waits for nobody who writes") {
    Newsroom newsroom;
    newsroom.enrol();
    Process next(newsroom.test, newsroom.options);
    const auto subscription = next.listen(ignore);

    newsroom.test.commit([&](db::Session&) {
        auto started = std::async(std::launch::async, [&] { next.start(); });
        CHECK_NOTHROW(started.get());
    });
}

TEST_CASE("events are kept for a subscription whose module does not run") {
    Newsroom newsroom;
    newsroom.enrol();
    newsroom.process.publish(3);
    CHECK(newsroom.pending() == 1);

    std::atomic<int> heard = 0;
    const auto later = newsroom.process.listen([&](const auto& event, const auto&) {
        heard = event.issue;
        return Result<>(Done{});
    });
    newsroom.process.start();
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 3);
}

TEST_CASE("a callback may give nothing, and may leave the delivery alone") {
    Newsroom newsroom;
    std::atomic<int> heard = 0;
    const auto subscription = newsroom.process.mail.on<Printed>(
        "mail.send", [&](const auto& event) { heard = event.issue; });
    newsroom.process.start();

    newsroom.process.publish(5);
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 5);
}

TEST_CASE("an event of a later version is read without what is unknown of it") {
    Newsroom newsroom;
    std::atomic<int> heard = 0;
    const auto subscription = newsroom.process.listen([&](const auto& event, const auto&) {
        heard = event.issue;
        return Result<>(Done{});
    });
    newsroom.enrol();
    newsroom.test.commit([](db::Session& sql) {
        events::outbox::insert(sql, Printed::topic,
                               R"({"issue": 4, "title": "", "pages": [{"issue": 1}]})");
    });

    newsroom.process.start();
    await([&] { return newsroom.pending() == 0; });

    CHECK(heard == 4);
}

TEST_CASE("publishing outside of a transaction is refused") {
    Newsroom newsroom;

    const auto failure = failure_of([&] {
        newsroom.test.read([&](db::Session& sql) {
            newsroom.process.press.publish(sql, Printed{1, ""});
            return 0;
        });
    });

    CHECK(failure.failure == db::FailureKind::usage);
    CHECK_THAT(failure.what(), Catch::Contains("database.transaction"));
}

TEST_CASE("a module publishes events of its own name only") {
    Newsroom newsroom;

    const auto failure = failure_of([&] {
        newsroom.test.commit(
            [&](db::Session& sql) { newsroom.process.press.publish(sql, Foreign{1}); });
    });

    CHECK(failure.failure == db::FailureKind::usage);
    CHECK_THAT(failure.what(),
               Catch::Contains("'press' publishes 'mail.sent'") && Catch::Contains("'press.'"));
}

TEST_CASE("an event that no subscriber could read is refused where it is published") {
    events::Options options;
    options.payload_bytes = 200;
    Newsroom newsroom(options);
    newsroom.enrol();

    const auto too_large = refused(newsroom, {1, std::string(200, 'x')});
    const auto broken = refused(newsroom, {1, std::string(5'001, 'x')});

    CHECK_THAT(too_large.what(), Catch::Contains("events.payload_bytes allows 200"));
    CHECK_THAT(broken.what(), Catch::Contains("breaks its own limits at 'title'"));
    CHECK(newsroom.pending() == 0);
}

TEST_CASE("a subscription that cannot be is refused, with the remedy") {
    Newsroom newsroom;
    auto& mail = newsroom.process.mail;
    auto& stranger = newsroom.process.hub.events_of("stranger", {"mail"});
    const auto taken = mail.on<Printed>("mail.send", ignore);

    CHECK_THROWS_WITH(mail.on<Printed>("mail.send", ignore),
                      Catch::Contains("there is a subscription 'mail.send' already"));
    CHECK_THROWS_WITH(mail.on<Printed>("press.send", ignore), Catch::Contains("expected 'mail.'"));
    CHECK_THROWS_WITH(mail.on<Printed>("mail.", ignore), Catch::Contains("expected 'mail.'"));
    CHECK_THROWS_WITH(stranger.on<Printed>("stranger.send", ignore),
                      Catch::Contains("add \"press\" to .needs"));
}

TEST_CASE("the end of a subscription waits for its callback, and none runs afterwards") {
    Newsroom newsroom;
    std::binary_semaphore running{0}, go_on{0};
    std::atomic<bool> finished = false;
    auto subscription = newsroom.process.listen([&](const auto&, const auto&) {
        running.release();
        go_on.acquire();
        finished = true;
        return Result<>(Done{});
    });
    newsroom.process.start();
    newsroom.process.publish(1);
    running.acquire();

    Threads releasing;
    releasing.start([&] { go_on.release(); });
    subscription.end();
    CHECK(finished);
    newsroom.process.publish(2);

    CHECK(newsroom.pending() == 1);
}

TEST_CASE("a subscriber that does not end is named, and its end is not waited for beyond a limit") {
    Newsroom newsroom;
    std::binary_semaphore running{0}, go_on{0};
    const auto subscription = newsroom.process.listen([&](const auto&, const auto&) {
        running.release();
        go_on.acquire();
        return Result<>(Done{});
    });
    newsroom.process.start();
    newsroom.process.publish(1);
    running.acquire();
    newsroom.process.hub.announce_end();

    const auto now = std::chrono::steady_clock::now();
    CHECK(newsroom.process.hub.running_beyond(now) == std::vector<std::string>{"mail.send"});
    go_on.release();
    CHECK(newsroom.process.hub.running_beyond(now + std::chrono::seconds(30)).empty());
}
