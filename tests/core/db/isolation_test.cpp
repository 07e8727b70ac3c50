// Transactions that run at the same time, on an engine that lets them.

#include "db/back_off.hpp"
#include "db/pool.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

#include <barrier>

using namespace bulkhead;
using db::FailureKind;
using db::Isolation;
using test::failure_of;
using test::TestDatabase;
using test::Threads;

namespace {

/// Two doctors on call, of whom one must stay.
constexpr auto* schema =
    "create table doctors (id bigint not null primary key, on_call boolean not null);"
    "insert into doctors (id, on_call) values (1, true), (2, true)";

std::int64_t on_call(db::Session& sql) {
    return sql.one<std::int64_t>("select count(*) from doctors where on_call");
}

void update(db::Session& sql, std::int64_t id) {
    sql.run("update doctors set on_call = false where id = :id", {{"id", id}});
}

}  // namespace

TEST_CASE("a step that must be more isolated than what it joins is refused, and weaker ones join") {
    TestDatabase database(schema);
    const auto within = [&](Isolation outer, Isolation inner) {
        (void)database.database().transaction(outer, [&](db::Session&) {
            return database.database().transaction(
                inner, [](db::Session& sql) -> Result<std::int64_t> { return on_call(sql); });
        });
    };

    const auto refusal =
        failure_of([&] { within(Isolation::repeatable_read, Isolation::serializable); });

    CHECK(refusal.failure == FailureKind::usage);
    CHECK_THAT(refusal.what(), Catch::Contains("serializable") && Catch::Contains("outermost"));
    CHECK_NOTHROW(within(Isolation::serializable, Isolation::repeatable_read));
    CHECK_NOTHROW(within(Isolation::serializable, Isolation::serializable));
}

TEST_CASE("of two serializable transactions that would undo each other's reason one is repeated",
          "[postgresql]") {
    TestDatabase database(schema);
    std::barrier both_have_read(2);
    std::atomic<int> attempts = 0;
    const auto leave = [&](std::int64_t id) {
        bool first = true;
        (void)database.database().transaction(
            Isolation::serializable, [&](db::Session& sql) -> Result<> {
                ++attempts;
                const auto left = on_call(sql);
                if (std::exchange(first, false))
                    both_have_read.arrive_and_wait();
                if (left == 1)
                    return Error::conflict("doctors.last", "One must stay.");
                update(sql, id);
                return Done{};
            });
    };

    Threads threads;
    threads.start([&] { leave(1); });
    threads.start([&] { leave(2); });
    threads.join();

    CHECK(database.read(on_call) == 1);
    CHECK(attempts == 3);
}

TEST_CASE("of two transactions that wait for each other one is repeated", "[postgresql]") {
    TestDatabase database(schema);
    std::barrier both_hold_one(2);
    std::atomic<int> attempts = 0;
    const auto take = [&](std::int64_t one, std::int64_t other) {
        bool first = true;
        (void)database.database().transaction([&](db::Session& sql) -> Result<> {
            ++attempts;
            update(sql, one);
            if (std::exchange(first, false))
                both_hold_one.arrive_and_wait();
            update(sql, other);
            return Done{};
        });
    };

    Threads threads;
    threads.start([&] { take(1, 2); });
    threads.start([&] { take(2, 1); });
    threads.join();

    CHECK(database.read(on_call) == 0);
    CHECK(attempts == 3);
}

TEST_CASE("after a failed attempt to connect others fail at once, until one succeeds") {
    const db::Failure gone(FailureKind::unavailable, "the database is gone");
    db::BackOff back_off;

    back_off.refuse_while_waiting();
    back_off.failed(gone);
    back_off.failed(gone);

    CHECK(failure_of([&] { back_off.refuse_while_waiting(); }).what() ==
          std::string("the database is gone"));
    back_off.succeeded();
    CHECK_NOTHROW(back_off.refuse_while_waiting());
}
