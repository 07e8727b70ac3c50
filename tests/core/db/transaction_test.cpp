#include <bulkhead/database.hpp>

#include "support/test_database.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;
using test::TestDatabase;

namespace {

constexpr auto schema =
    "create table products (id integer primary key, stock integer not null check (stock >= 0));"
    "create table users (id integer primary key, email text not null unique);";

constexpr db::Conflict taken{"users.email", "users.email_taken", "Taken."};

Result<> insert(db::Session& sql, std::int64_t id, std::string_view email) {
    return db::on_conflict(taken, [&] {
        sql.run("insert into users values (:id, :email)", {{"id", id}, {"email", email}});
    });
}

Error refusal() {
    return Error::conflict("tests.refused", "Refused.");
}

Result<> take_one(db::Session& sql) {
    const auto pieces = sql.run("update products set stock = stock - 1 where id = 1 and stock > 0");
    return pieces == 1 ? Result<>(Done{}) : refusal();
}

}  // namespace

TEST_CASE("a value commits") {
    TestDatabase fixture(schema);

    const auto result = fixture.database().transaction([](db::Session& sql) -> Result<int> {
        sql.run("insert into users values (1, 'a')");
        return 5;
    });

    CHECK(*result == 5);
    CHECK(fixture.count("users") == 1);
}

TEST_CASE("an error result rolls back and is returned") {
    TestDatabase fixture(schema);

    const auto result = fixture.database().transaction([](db::Session& sql) -> Result<int> {
        sql.run("insert into users values (1, 'a')");
        return refusal();
    });

    CHECK(result.error().code == "tests.refused");
    CHECK(fixture.count("users") == 0);
}

TEST_CASE("an exception rolls back and goes on") {
    TestDatabase fixture(schema);

    const auto work = [](db::Session& sql) {
        sql.run("insert into users values (1, 'a')");
        throw std::logic_error("fault");
    };
    CHECK_THROWS_AS(fixture.commit(work), std::logic_error);

    CHECK(fixture.count("users") == 0);
    CHECK(fixture.write("insert into users values (1, 'a')") == 1);
}

TEST_CASE("a transaction within a transaction joins it") {
    TestDatabase fixture(schema);
    auto& database = fixture.database();
    const bool outer_succeeds = GENERATE(true, false);

    const auto result = database.transaction([&](db::Session& outer) -> Result<> {
        const auto inner = database.transaction([&](db::Session& sql) -> Result<> {
            CHECK(&sql == &outer);
            sql.run("insert into users values (1, 'a')");
            return Done{};
        });
        CHECK(inner);
        return outer_succeeds ? Result<>(Done{}) : refusal();
    });

    CHECK(static_cast<bool>(result) == outer_succeeds);
    CHECK(fixture.count("users") == (outer_succeeds ? 1 : 0));
}

TEST_CASE("what an inner step refused cannot be committed by the outer one") {
    TestDatabase fixture(schema);
    auto& database = fixture.database();
    const bool inner_throws = GENERATE(true, false);

    const auto failure = failure_of([&] {
        fixture.commit([&](db::Session&) {
            try {
                (void)database.transaction([&](db::Session& sql) -> Result<> {
                    sql.run("insert into users values (1, 'a')");
                    if (inner_throws)
                        throw std::logic_error("fault");
                    return refusal();
                });
            } catch (const std::logic_error&) {
                CHECK(inner_throws);
            }
        });
    });

    CHECK(failure.failure == FailureKind::usage);
    CHECK(fixture.count("users") == 0);
}

TEST_CASE("an inner refusal that the outer step returns is no failure") {
    TestDatabase fixture(schema);
    auto& database = fixture.database();

    const auto result = database.transaction([&](db::Session&) -> Result<> {
        return database.transaction([&](db::Session&) -> Result<> { return refusal(); });
    });

    CHECK(result.error().code == "tests.refused");
}

TEST_CASE("a unique violation becomes the conflict that the module names") {
    TestDatabase fixture(schema);
    fixture.write("insert into users values (1, 'a')");

    const auto result = fixture.database().transaction(
        [](db::Session& sql) -> Result<> { return insert(sql, 2, "a"); });

    CHECK(result.error().code == "users.email_taken");
    CHECK(fixture.count("users") == 1);
}

TEST_CASE("after a failed statement nothing more is done, nor kept") {
    TestDatabase fixture(schema);
    fixture.write("insert into users values (1, 'a')");
    const bool goes_on = GENERATE(true, false);

    const auto failure = failure_of([&] {
        fixture.commit([&](db::Session& sql) {
            sql.run("insert into users values (2, 'b')");
            CHECK_FALSE(insert(sql, 3, "a"));
            if (goes_on)
                sql.run("insert into users values (4, 'd')");
        });
    });

    CHECK(failure.failure == FailureKind::usage);
    CHECK(fixture.count("users") == 1);
}

TEST_CASE("a violation of another column is no conflict") {
    TestDatabase fixture(schema);
    fixture.write("insert into users values (1, 'a')");

    const auto failure = failure_of([&] {
        (void)fixture.database().transaction(
            [](db::Session& sql) -> Result<> { return insert(sql, 1, "b"); });
    });

    CHECK(failure.failure == FailureKind::unique_violation);
}

TEST_CASE("a serialisation failure is tried again, a bounded number of times") {
    TestDatabase fixture(schema);
    const auto attempts_needed = GENERATE(2, 99);
    int attempts = 0;
    const auto work = [&](db::Session& sql) -> Result<> {
        sql.run("insert into users values (1, 'a')");
        if (++attempts < attempts_needed)
            throw db::Failure(FailureKind::serialization, "would not serialise");
        return Done{};
    };

    if (attempts_needed == 99) {
        CHECK(failure_of([&] { (void)fixture.database().transaction(work); }).failure ==
              FailureKind::serialization);
        CHECK(attempts == fixture.options().transaction_attempts);
        CHECK(fixture.count("users") == 0);
    } else {
        CHECK(fixture.database().transaction(work));
        CHECK(attempts == 2);
        CHECK(fixture.count("users") == 1);
    }
}

TEST_CASE("only the outermost transaction is tried again") {
    TestDatabase fixture(schema);
    auto& database = fixture.database();
    int outer_attempts = 0;
    int inner_attempts = 0;

    const auto result = database.transaction([&](db::Session&) -> Result<> {
        ++outer_attempts;
        return database.transaction([&](db::Session&) -> Result<> {
            if (++inner_attempts == 1)
                throw db::Failure(FailureKind::serialization, "would not serialise");
            return Done{};
        });
    });

    CHECK(result);
    CHECK(outer_attempts == 2);
    CHECK(inner_attempts == 2);
}

TEST_CASE("a transaction begins whatever the connection has let go of before") {
    db::Options options;
    options.statement_cache = 1;
    options.connections_max = 1;
    TestDatabase fixture(schema, options);
    fixture.read([](db::Session& sql) {
        sql.one<std::int64_t>("select 1");
        sql.one<std::int64_t>("select 2");
    });

    fixture.write("insert into products values (1, 10)");

    CHECK(fixture.count("products") == 1);
}

TEST_CASE("a violation that shows at the commit rolls back") {
    TestDatabase fixture(
        "create table teams (id integer primary key);"
        "create table members (team_id integer references teams (id) "
        "deferrable initially deferred);");

    const auto failure = failure_of([&] { fixture.write("insert into members values (5)"); });

    CHECK(failure.failure == FailureKind::foreign_key_violation);
    CHECK(fixture.count("members") == 0);
    CHECK(fixture.write("insert into members values (null)") == 1);
}

TEST_CASE("of ten pieces, sixty-four buyers get exactly ten") {
    TestDatabase fixture(schema);
    fixture.write("insert into products values (1, 10)");
    std::atomic<int> sold = 0;
    std::atomic<int> refused = 0;
    test::Threads buyers;

    for (int buyer = 0; buyer < 64; ++buyer)
        buyers.start([&] {
            const auto bought = fixture.database().transaction(
                [](db::Session& sql) -> Result<> { return take_one(sql); });
            ++(bought ? sold : refused);
        });
    buyers.join();

    CHECK(sold == 10);
    CHECK(refused == 54);
    CHECK(fixture.read([](db::Session& sql) {
        return sql.one<std::int64_t>("select stock from products where id = 1");
    }) == 0);
}

TEST_CASE("a lock that another process holds too long is a busy failure") {
    db::Options options;
    options.acquire_timeout_ms = 20;
    TestDatabase fixture(schema, options);
    fixture.write("insert into products values (1, 10)");
    db::Pool other(fixture.options(), fixture.folder());
    db::Database other_database(other);
    std::optional<db::Failure> failure;

    fixture.commit([&](db::Session& sql) {
        CHECK(take_one(sql));
        std::jthread([&] {
            failure = failure_of([&] { (void)other_database.transaction(take_one); });
        }).join();
    });

    CHECK(failure->failure == FailureKind::busy);
    CHECK(failure->code == "db.unavailable");
    CHECK(other_database.transaction(take_one));
}

TEST_CASE("two databases do not mix in one transaction") {
    TestDatabase one(schema);
    TestDatabase two(schema);

    const auto failure = failure_of(
        [&] { one.commit([&](db::Session&) { two.write("insert into users values (1, 'a')"); }); });

    CHECK(failure.failure == FailureKind::usage);
    CHECK(two.count("users") == 0);
}

TEST_CASE(
    "work for after the commit runs once, after the outermost commit, never after a rollback") {
    TestDatabase fixture(schema);
    int runs = 0;
    const auto step = [&](Result<> result) {
        return fixture.database().transaction([&](db::Session&) -> Result<> {
            auto inner = fixture.database().transaction([&](db::Session&) -> Result<> {
                db::after_commit(fixture.pool(), [&] { ++runs; });
                return Done{};
            });
            CHECK(runs == 0);
            return inner ? result : inner;
        });
    };

    CHECK_FALSE(step(refusal()));
    CHECK(step(Done{}));
    CHECK(runs == 1);
    CHECK(failure_of([&] { db::after_commit(fixture.pool(), [] {}); }).failure ==
          FailureKind::usage);
}
