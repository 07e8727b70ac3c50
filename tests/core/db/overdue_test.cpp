#include "db/overdue.hpp"

#include "db/pool.hpp"
#include "support/test_database.hpp"
#include "value/deadline.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace std::chrono_literals;
using test::failure_of;
using test::TestDatabase;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto schema = "create table notes (id integer not null)";
constexpr auto endless =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";

bool tells_of_deadline(const db::Failure& failure) {
    return failure.failure == db::FailureKind::busy &&
           std::string(failure.what()).find("http.request_seconds") != std::string::npos;
}

void nothing(db::Session&) {}

}  // namespace

TEST_CASE("a statement is stopped at the deadline, its transaction rolled back, the writer freed") {
    TestDatabase fixture(schema);
    const db::HandlerScope handler;
    const auto failure = failure_of([&] {
        const value::DeadlineScope due(Clock::now() + 20ms);
        fixture.commit([](db::Session& sql) {
            sql.run("insert into notes values (1)");
            sql.one<std::int64_t>(endless);
        });
    });

    fixture.commit([](db::Session& sql) { sql.run("insert into notes values (2)"); });

    CHECK(tells_of_deadline(failure));
    CHECK(fixture.database().session().all<std::int64_t>("select id from notes") ==
          std::vector<std::int64_t>{2});
}

TEST_CASE("after the deadline nothing is read or begun") {
    TestDatabase fixture(schema);
    const db::HandlerScope handler;
    auto& sql = fixture.database().session();
    const value::DeadlineScope due(Clock::now());

    const auto read = failure_of([&] { sql.all<std::int64_t>("select id from notes"); });
    const auto begin = failure_of([&] { fixture.commit(nothing); });

    CHECK(tells_of_deadline(read));
    CHECK(tells_of_deadline(begin));
    CHECK(fixture.pool().statistics().queries == 0);
}

TEST_CASE("after the deadline nothing more is written, and nothing committed") {
    TestDatabase fixture(schema);
    const bool writes_on = GENERATE(false, true);
    std::optional<value::DeadlineScope> due;

    const auto failure = failure_of([&] {
        fixture.commit([&](db::Session& sql) {
            sql.run("insert into notes values (1)");
            due.emplace(Clock::now());
            if (writes_on)
                sql.run("insert into notes values (2)");
        });
    });
    due.reset();

    CHECK(tells_of_deadline(failure));
    CHECK(fixture.count("notes") == 0);
}

TEST_CASE("nobody waits for a connection beyond the deadline") {
    db::Options options;
    options.connections_max = 1;
    TestDatabase fixture(schema, options);
    std::optional<db::Failure> failure;

    fixture.commit([&](db::Session&) {
        std::jthread([&] {
            const value::DeadlineScope due(Clock::now() + 20ms);
            failure = failure_of([&] { fixture.commit(nothing); });
        }).join();
    });

    CHECK(failure->failure == db::FailureKind::pool_exhausted);
}

TEST_CASE("without a deadline the limits are the usual ones") {
    CHECK_NOTHROW(db::refuse_overdue("anything"));
    CHECK(db::within_deadline(5s) == 5s);
}

TEST_CASE("a limit ends with the deadline, and is never none") {
    const value::DeadlineScope passed(Clock::now() - 1s);
    const auto after = db::within_deadline(5s);
    const value::DeadlineScope soon(Clock::now() + 2s);

    const auto before = db::within_deadline(5s);

    CHECK(after == 1ms);
    CHECK(before <= 2s);
    CHECK(before > 0s);
}
