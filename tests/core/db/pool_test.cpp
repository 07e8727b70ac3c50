#include "db/pool.hpp"

#include "db/channel.hpp"
#include "db/migrate.hpp"
#include "support/test_database.hpp"

#include <bulkhead/json.hpp>
#include <catch2/catch.hpp>

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>
#include <barrier>
#include <fstream>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;
using test::TestDatabase;

namespace {

/// This thread is nobody to the file system, as root would be stopped by nothing.
class Nobody {
public:
    Nobody() { setfsuid(65534); }
    ~Nobody() { setfsuid(geteuid()); }
};

db::Options impatient(std::int32_t readers = 1) {
    db::Options options;
    options.readers = readers;
    options.connections_max = readers;
    options.acquire_timeout_ms = 20;
    return options;
}

void nothing(db::Session&) {}

Result<> keep(db::Session&) {
    return Done{};
}

}  // namespace

TEST_CASE("a url that names no database is refused with what was expected") {
    const auto [url, word] = GENERATE(
        table<std::string, std::string>({{"oracle://ada:geheim@db/bulkhead", "found 'oracle://'"},
                                         {"var/bulkhead.db", "found no scheme"},
                                         {"sqlite://", "names no file"},
                                         {"sqlite://var/", "names no file"},
                                         {"sqlite://:memory:", "in memory"},
                                         {"sqlite://var/a.db?mode=ro", "no place"},
                                         {"sqlite://var/a\"b.db", "no place"}}));
    db::Options options;
    options.url = url;

    CHECK_THROWS_WITH(db::Pool(options, "."), Catch::Contains(word) &&
                                                  Catch::Contains("sqlite://PATH") &&
                                                  !Catch::Contains("geheim"));
}

TEST_CASE("nothing is connected, nor made, before it is needed") {
    TestDatabase fixture;

    CHECK(fixture.pool().statistics().open == 0);
    CHECK_FALSE(std::filesystem::exists(fixture.file()));
}

TEST_CASE("missing folders are made for this user alone, whatever is in their name", "[sqlite]") {
    test::TemporaryFolder folder;
    const std::string name =
        GENERATE("a/b/c.db", "with space=and 'quotes'/x y.db", ":memory:x/ü.db");
    db::Options options;
    options.url = "sqlite://" + name;
    db::Pool pool(options, folder.path());

    REQUIRE(pool.alive());

    struct stat made{};
    CHECK(pool.file() == folder.path() / name);
    REQUIRE(stat(pool.file().c_str(), &made) == 0);
    CHECK((made.st_mode & 0777) == 0600);
    REQUIRE(stat(pool.file().parent_path().c_str(), &made) == 0);
    CHECK((made.st_mode & 0777) == 0700);
}

TEST_CASE("a write outside of a transaction is refused with the remedy") {
    TestDatabase fixture("create table notes (id integer)");
    const std::string sql = GENERATE("insert into notes values (1)", "drop table notes",
                                     "with x as (select 1) delete from notes");

    const auto failure =
        failure_of([&] { fixture.read([&](db::Session& session) { return session.run(sql); }); });

    CHECK(failure.failure == FailureKind::read_only);
    CHECK_THAT(failure.what(), Catch::Contains("database.transaction"));
}

TEST_CASE("without a handler there is no session") {
    TestDatabase fixture;

    const auto failure = failure_of([&] { fixture.database().session(); });

    CHECK(failure.failure == FailureKind::usage);
    CHECK_THAT(failure.what(), Catch::Contains("handler"));
}

TEST_CASE("a session is of its own thread") {
    TestDatabase fixture;
    const db::HandlerScope scope;
    auto& session = fixture.database().session();
    auto kind = FailureKind::other;

    std::jthread([&] {
        kind = failure_of([&] { session.one<std::int64_t>("select 1"); }).failure;
    }).join();

    CHECK(kind == FailureKind::usage);
}

TEST_CASE("a handler leases at its first query and gives back at its end") {
    TestDatabase fixture;
    {
        const db::HandlerScope scope;
        CHECK(fixture.pool().statistics().leases == 0);
        fixture.database().session().one<std::int64_t>("select 1");
        fixture.database().session().one<std::int64_t>("select 2");
        CHECK(fixture.pool().statistics().leased == 1);
        CHECK(db::HandlerScope::queries() == 2);
    }

    const auto statistics = fixture.pool().statistics();
    CHECK(statistics.leased == 0);
    CHECK(statistics.leases == 1);
    CHECK(statistics.open == 1);
    CHECK(statistics.queries == 2);
}

TEST_CASE("a handler may give its session back early, and lease again") {
    TestDatabase test("create table things (id integer)");
    const db::HandlerScope handler;
    test.database().session().all<std::int64_t>("select id from things");

    test.database().release();

    CHECK(test.pool().statistics().leased == 0);
    CHECK(test.database().session().all<std::int64_t>("select id from things").empty());
    CHECK(test.pool().statistics().leased == 1);
}

TEST_CASE("who waits too long for a connection is told so") {
    TestDatabase fixture({}, impatient());
    const db::HandlerScope scope;
    fixture.database().session();
    std::optional<db::Failure> failure;

    std::jthread([&] {
        failure = failure_of([&] {
            const db::HandlerScope inner;
            fixture.database().session();
        });
    }).join();

    CHECK(failure->failure == FailureKind::pool_exhausted);
    CHECK(failure->kind == ErrorKind::unavailable);
    CHECK(failure->code == "db.pool_exhausted");
    CHECK(fixture.pool().statistics().exhausted == 1);
    CHECK(fixture.pool().statistics().waiting == 0);
}

TEST_CASE("the writer is granted first come, first served", "[sqlite]") {
    TestDatabase fixture("create table notes (id integer)");
    std::vector<int> order;
    test::Threads threads;

    fixture.commit([&](db::Session&) {
        for (int turn = 0; turn < 8; ++turn) {
            threads.start(
                [&, turn] { fixture.commit([&](db::Session&) { order.push_back(turn); }); });
            fixture.await_waiting(turn + 1);
        }
    });
    threads.join();

    CHECK(order == std::vector{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a transaction gives back its thread's reader: nobody holds two") {
    TestDatabase fixture("create table notes (id integer)", impatient());
    const db::HandlerScope scope;
    auto& outer = fixture.database().session();

    fixture.commit([&](db::Session& sql) {
        CHECK(fixture.pool().statistics().leased == 1);
        CHECK(&fixture.database().session() == &sql);
        sql.run("insert into notes values (1)");
    });

    CHECK(outer.one<std::int64_t>("select count(*) from notes") == 1);
    CHECK(fixture.pool().statistics().leased == 1);
}

TEST_CASE("a statement is prepared once for each list of arguments and type of rows") {
    TestDatabase fixture;
    db::Counters counters;
    const db::Options options = [] {
        db::Options few;
        few.statement_cache = 3;
        return few;
    }();
    REQUIRE(fixture.pool().alive());
    const auto engine = db::make_engine(fixture.options(), fixture.folder());
    db::Channel channel(engine->connect(db::Role::reader), engine->dialect(), options, counters);
    const auto select = [&](std::string_view sql, std::vector<db::Argument> arguments) {
        std::vector<std::int64_t> rows;
        channel.select(sql, arguments, type_of<std::vector<std::int64_t>>(), &rows, 9);
        return rows.at(0);
    };
    const std::int64_t seven = 7;
    const std::int32_t eight = 8;

    CHECK(select("select cast(:a as integer)", {{"a", seven}}) == 7);
    CHECK(select("select cast(:a as integer)", {{"a", eight}}) == 8);
    CHECK(channel.statements_prepared() == 1);
    CHECK(select("select cast(:a as integer)", {{"a", "9"}}) == 9);
    CHECK(channel.statements_prepared() == 2);
    CHECK(channel.statements() == 2);

    select("select 1", {});
    select("select 2", {});
    CHECK(channel.statements() == 3);
    select("select cast(:a as integer)", {{"a", seven}});
    CHECK(channel.statements_prepared() == 5);
    CHECK(counters.queries == 6);
}

TEST_CASE("a statement that takes too long is stopped, and the connection goes on") {
    db::Options options;
    options.statement_timeout_ms = 10;
    TestDatabase fixture({}, options);
    const db::HandlerScope scope;
    auto& sql = fixture.database().session();

    const auto failure = failure_of([&] {
        sql.one<std::int64_t>(
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from "
            "n");
    });

    CHECK(failure.failure == FailureKind::busy);
    CHECK(failure.kind == ErrorKind::unavailable);
    CHECK_THAT(failure.what(), Catch::Contains("timeout"));
    CHECK(sql.one<std::int64_t>("select 1") == 1);
}

TEST_CASE("slow statements are counted") {
    db::Options options;
    options.slow_query_ms = 1;
    TestDatabase fixture({}, options);

    fixture.read([](db::Session& sql) {
        return sql.one<std::int64_t>(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) "
            "select count(*) from n");
    });

    CHECK(fixture.pool().statistics().slow_queries == 1);
}

TEST_CASE("a file that is no database is refused by name, and never touched", "[sqlite]") {
    TestDatabase fixture;
    const std::string content(5000, 'x');
    std::ofstream(fixture.file()) << content;

    const auto failure = failure_of([&] { fixture.commit(nothing); });

    CHECK(failure.failure == FailureKind::unavailable);
    CHECK(failure.code == "db.unavailable");
    CHECK_THAT(failure.what(), Catch::Contains("test.db is no SQLite database: move that file"));
    CHECK_FALSE(fixture.pool().alive());
    std::ifstream file(fixture.file());
    CHECK(std::string(std::istreambuf_iterator(file), {}) == content);
}

TEST_CASE("a folder in the place of the database is refused by name", "[sqlite]") {
    TestDatabase fixture;
    std::filesystem::create_directory(fixture.file());

    const auto failure = failure_of([&] { fixture.commit(nothing); });

    CHECK_THAT(failure.what(), Catch::Contains("test.db cannot be opened"));
}

TEST_CASE("a database that may not be written is refused with the remedy", "[sqlite]") {
    TestDatabase fixture;
    REQUIRE(fixture.pool().alive());
    std::filesystem::permissions(fixture.folder(), std::filesystem::perms(0755));
    const bool whole_folder = GENERATE(true, false);
    std::filesystem::permissions(fixture.file(),
                                 std::filesystem::perms(whole_folder ? 0666 : 0444));
    db::Pool fresh(fixture.options(), fixture.folder());
    db::Database database(fresh);
    const Nobody nobody;

    const auto failure = failure_of([&] { (void)database.transaction(keep); });

    CHECK(failure.failure == FailureKind::unavailable);
    CHECK_THAT(failure.what(), Catch::Contains("test.db") &&
                                   Catch::Contains("let this user write it and its folder"));
}

TEST_CASE("a database that cannot be made is refused with the remedy", "[sqlite]") {
    TestDatabase fixture;
    const Nobody nobody;

    const auto failure = failure_of([&] { fixture.commit(nothing); });

    CHECK_THAT(failure.what(), Catch::Contains("cannot be made"));
}

TEST_CASE("a database of a newer format is not written", "[sqlite]") {
    test::TemporaryFolder folder;
    const auto file = folder.path() / "test.db";
    db::Options options;
    options.url = "sqlite://" + file.string();
    REQUIRE(db::run_script(*std::make_unique<db::Pool>(options, "."), "schema",
                           "create table notes (id integer)"));
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(18).put(3);
    db::Pool fresh(options, ".");
    db::Database database(fresh);

    const auto failure = failure_of([&] {
        (void)database.transaction([](db::Session& sql) -> Result<std::int64_t> {
            return sql.run("insert into notes values (1)");
        });
    });

    CHECK(failure.failure == FailureKind::read_only);
    CHECK_THAT(failure.what(), Catch::Contains("test.db is read-only"));
}

TEST_CASE("a full disk is a failure of its own, and nothing is kept", "[sqlite]") {
    TestDatabase fixture("create table notes (text text)");

    const auto failure = failure_of([&] {
        fixture.commit([&](db::Session& sql) {
            sql.one<std::int64_t>("pragma max_page_count = 4");
            sql.run("insert into notes values ('kept')");
            sql.run("insert into notes values (:text)", {{"text", std::string(100000, 'x')}});
        });
    });

    CHECK(failure.failure == FailureKind::full);
    CHECK(failure.kind == ErrorKind::unavailable);
    CHECK(failure.code == "db.full");
    CHECK_THAT(failure.what(), Catch::Contains("disk is full"));
    CHECK(fixture.count("notes") == 0);
}

TEST_CASE("a database that vanished is noticed, not replaced, and heals when it is back",
          "[sqlite]") {
    TestDatabase fixture("create table notes (id integer); insert into notes values (1);");
    REQUIRE(fixture.pool().alive());
    const auto aside = fixture.folder() / "aside.db";
    std::filesystem::rename(fixture.file(), aside);

    CHECK_FALSE(fixture.pool().alive());
    CHECK(failure_of([&] { fixture.write("insert into notes values (2)"); }).failure ==
          FailureKind::unavailable);
    CHECK_FALSE(std::filesystem::exists(fixture.file()));

    std::filesystem::rename(aside, fixture.file());
    CHECK(fixture.pool().alive());
    CHECK(fixture.write("insert into notes values (2)") == 1);
}
