// What one leaves behind on a connection is nothing to the next one.

#include "db/pool.hpp"
#include "support/postgres_server.hpp"
#include "support/test_database.hpp"
#include "value/deadline.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace std::chrono_literals;
using db::FailureKind;
using test::failure_of;
using test::TestDatabase;

namespace {

constexpr auto schema = "create table notes (id bigint not null, text text)";
constexpr auto endless =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";

struct Note {
    std::int64_t id = 0;
    std::string text;

    static auto fields() { return shape(field("id", &Note::id), field("text", &Note::text)); }
};

db::Options one_connection() {
    db::Options options;
    options.connections_max = 1;
    options.readers = 1;
    return options;
}

std::int64_t ask(TestDatabase& fixture, std::string_view sql) {
    const db::HandlerScope handler;
    return fixture.database().session().one<std::int64_t>(sql);
}

}  // namespace

TEST_CASE("a query stopped at its deadline costs the next one nothing") {
    TestDatabase fixture(schema, one_connection());

    const auto stopped = failure_of([&] {
        const value::DeadlineScope due(std::chrono::steady_clock::now() + 20ms);
        ask(fixture, endless);
    });

    CHECK(stopped.failure == FailureKind::busy);
    CHECK(ask(fixture, "select 5") == 5);
}

TEST_CASE("a statement for later outside of a transaction fails where it stands") {
    TestDatabase fixture(schema, one_connection());

    const auto refused = failure_of([&] {
        const db::HandlerScope handler;
        fixture.database().session().later("insert into notes (id) values (1)");
    });

    CHECK(refused.failure == FailureKind::read_only);
    CHECK(ask(fixture, "select 5") == 5);
}

TEST_CASE("a copy, which would wait for more than a statement, is refused") {
    TestDatabase fixture(schema, one_connection());
    if (fixture.pool().dialect() == db::Dialect::sqlite)
        return;
    const auto copy = GENERATE("copy notes from stdin", "copy notes to stdout");

    const auto refused =
        failure_of([&] { fixture.commit([&](db::Session& sql) { sql.run(copy); }); });

    CHECK(refused.failure == FailureKind::usage);
    CHECK(ask(fixture, "select 5") == 5);
}

TEST_CASE("a batch of long texts goes by several statements") {
    TestDatabase fixture(schema, one_connection());
    const std::vector<Note> rows(3, Note{1, std::string(9U << 20U, 'x')});

    const auto inserted = fixture.database().transaction(
        [&](db::Session& sql) -> Result<std::int64_t> { return sql.insert_all("notes", rows); });

    CHECK(*inserted == 3);
    CHECK(fixture.count("notes") == 3);
    CHECK(fixture.pool().statistics().queries >= 3);
}

TEST_CASE("a time before our era is refused, not read as one of it") {
    TestDatabase fixture(schema, one_connection());
    if (fixture.pool().dialect() == db::Dialect::sqlite)
        return;

    const auto refused = failure_of([&] {
        const db::HandlerScope handler;
        fixture.database().session().one<Timestamp>(
            "select cast('0044-03-15 00:00:00+00 BC' as timestamptz)");
    });

    CHECK(refused.failure == FailureKind::usage);
}

TEST_CASE("a commit whose outcome is lost may have been one: what waits for it is done",
          "[postgresql]") {
    PostgresServer server;
    db::Pool pool{{.url = server.url()}, "."};
    db::Database database{pool};
    int done = 0;

    const auto failure = failure_of([&] {
        (void)database.transaction([&](db::Session& sql) -> Result<std::int64_t> {
            const auto one = sql.one<std::int64_t>("select 1");
            db::after_commit(pool, [&] { ++done; });
            server.kill();
            return one;
        });
    });

    CHECK(failure.failure == FailureKind::unavailable);
    CHECK(done == 1);
}

TEST_CASE("what the database asks to try again is answered as that once nobody tries any more") {
    const db::Failure failure(FailureKind::serialization, "could not serialize access");

    CHECK(failure.kind == ErrorKind::unavailable);
    CHECK(failure.code == "db.unavailable");
}
