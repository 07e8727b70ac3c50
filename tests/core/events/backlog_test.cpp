// What the administrator does with what was given up.
#include "events/backlog.hpp"

#include "core/events/newsroom.hpp"

using namespace bulkhead;
using namespace bulkhead::test;

namespace {

/// Two dead deliveries, of two events, and who fails them until it is mended.
struct Graveyard {
    static events::Options one_attempt() {
        auto options = Newsroom::quick();
        options.attempts = 1;
        return options;
    }

    Graveyard() {
        newsroom.process.start();
        newsroom.process.publish(1);
        newsroom.process.publish(2);
        await([&] { return newsroom.dead() == 2; });
    }

    std::vector<events::BacklogEntry> dead() {
        return newsroom.test.read([](db::Session& sql) {
            return events::backlog::list(sql, events::DeliveryState::dead, 10);
        });
    }

    Newsroom newsroom{one_attempt()};
    std::atomic<bool> mended = false;
    std::atomic<int> heard = 0;
    Subscription subscription = newsroom.process.listen([this](const auto& event, const auto&) {
        if (!mended)
            return Result<>(Error::conflict("mail.no_paper", "There is no paper."));
        heard += event.issue;
        return Result<>(Done{});
    });
};

}  // namespace

TEST_CASE("the dead are listed with what they were and why they are dead") {
    Graveyard yard;

    const auto dead = yard.dead();

    REQUIRE(dead.size() == 2);
    CHECK(dead[0].subscription == "mail.send");
    CHECK(dead[0].topic == "press.printed");
    CHECK(dead[0].attempts == 1);
    CHECK(dead[0].payload == R"({"issue":1,"title":"News"})");
    CHECK(dead[1].last_error == "mail.no_paper: There is no paper.");
}

TEST_CASE("what is replayed is delivered, with all its attempts before it") {
    Graveyard yard;
    const auto second = yard.dead().at(1).event_id;
    yard.mended = true;

    std::int64_t replayed = 0;
    yard.newsroom.test.commit([&](db::Session& sql) {
        replayed = events::backlog::replay(sql, {second, "mail.send"});
        CHECK(events::backlog::replay(sql, {second, "mail.other"}) == 0);
    });
    await([&] { return yard.newsroom.pending() == 0; });

    CHECK(replayed == 1);
    CHECK(yard.heard == 2);
    CHECK(yard.newsroom.dead() == 1);
}

TEST_CASE("all are replayed, or dropped, at once") {
    Graveyard yard;
    yard.mended = true;
    const bool replay = GENERATE(true, false);

    std::int64_t changed = 0;
    yard.newsroom.test.commit([&](db::Session& sql) {
        changed = replay ? events::backlog::replay(sql, {}) : events::backlog::drop(sql, {});
    });
    await([&] { return yard.newsroom.pending() == 0; });

    CHECK(changed == 2);
    CHECK(yard.newsroom.dead() == 0);
    CHECK(yard.heard == (replay ? 3 : 0));
}

TEST_CASE("a subscription that is forgotten keeps nothing and gets nothing") {
    Graveyard yard;
    yard.subscription.end();

    std::int64_t dropped = 0;
    yard.newsroom.test.commit(
        [&](db::Session& sql) { dropped = events::backlog::forget(sql, "mail.send"); });
    yard.newsroom.process.publish(3);

    CHECK(dropped == 2);
    CHECK(yard.newsroom.test.count("event_deliveries") == 0);
    CHECK(yard.newsroom.test.count("event_subscriptions") == 0);
}

TEST_CASE("a subscription's state counts what waits, is dead, was delivered and failed") {
    Graveyard yard;
    yard.newsroom.test.write(
        "insert into event_subscriptions values ('gone.send', 'press.printed', :at)",
        {{"at", now()}});
    yard.mended = true;
    yard.newsroom.process.publish(3);
    await([&] { return yard.heard == 3; });
    yard.newsroom.process.hub.stop();

    const db::HandlerScope scope;
    const auto states = yard.newsroom.process.hub.states();

    REQUIRE(states.size() == 2);
    CHECK(states[0].name == "gone.send");
    CHECK(states[0].pending == 1);
    CHECK(states[1].name == "mail.send");
    CHECK(states[1].dead == 2);
    CHECK(states[1].delivered == 1);
    CHECK(states[1].failed == 2);
}
