#pragma once
// A real outbox with two modules around it: `press`, which publishes, and `mail`, which listens.

#include "db/migrate.hpp"
#include "events/hub.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

namespace bulkhead::test {

struct Printed {
    static constexpr std::string_view topic = "press.printed";
    std::int32_t issue = 0;
    std::string title;

    static auto fields() {
        return shape(field("issue", &Printed::issue),
                     field("title", &Printed::title, length(0, 5'000)));
    }
};

/// Returns once `holds`; fails the test if it does not within 30 s.
inline void await(const std::function<bool()>& holds) {
    const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > given_up)
            FAIL("it does not come about");
        std::this_thread::yield();
    }
}

/// One process as far as events go: connections, subscribers and threads of its own.
struct Process {
    Process(const TestDatabase& database, events::Options given)
        : options(given), pool(database.options(), database.folder()), hub(options, pool) {}
    ~Process() { hub.stop(); }

    Subscription listen(std::function<Result<>(const Printed&, const Delivery&)> callback,
                        std::string_view name = "mail.send") {
        return mail.on<Printed>(name, std::move(callback));
    }
    void start() { hub.start(std::vector<std::string>{"press", "mail"}); }

    /// Throws where it fails: Catch2 takes no assertions on other threads.
    void publish(std::int32_t issue) {
        const auto done = db::Database(pool).transaction([&](db::Session& sql) -> Result<> {
            press.publish(sql, Printed{issue, "News"});
            return Done{};
        });
        if (!done)
            throw std::runtime_error(done.error().message);
    }

    const events::Options options;
    db::Pool pool;
    events::Hub hub;
    Events& press = hub.events_of("press", {});
    Events& mail = hub.events_of("mail", {"press"});
};

struct Newsroom {
    static events::Options quick() {
        events::Options options;
        options.poll_ms = 2;
        options.first_retry_ms = 1;
        return options;
    }

    explicit Newsroom(events::Options given = quick()) : options(given) {
        const std::vector<db::MigrationSet> core{{"core", db::core_migrations()}};
        REQUIRE(db::migrate_up(test.pool(), core));
        test.write("create table sent (issue integer not null)");
    }

    /// Who subscribes as "mail.send" without running: from now on events are kept for it.
    void enrol() {
        test.commit([](db::Session& sql) {
            events::outbox::enrol(sql, {"mail.send", std::string(Printed::topic)});
        });
    }
    std::int64_t pending() { return test.count("event_deliveries where state = 'pending'"); }
    std::int64_t dead() { return test.count("event_deliveries where state = 'dead'"); }
    std::string last_error() {
        return test.read([](db::Session& sql) {
            return sql.one<std::string>("select last_error from event_deliveries");
        });
    }

    TestDatabase test;
    const events::Options options;
    Process process{test, options};
};

}  // namespace bulkhead::test
