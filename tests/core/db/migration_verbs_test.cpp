// Down, redo and contract on a real database; the plans alone are in migration_plan_test.cpp.

#include "db/migrate.hpp"
#include "support/process.hpp"
#include "support/test_database.hpp"

#include <bulkhead/clock.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <iostream>

using namespace bulkhead;
using db::MigrationState;
using db::MigrationVerb;
using test::TestDatabase;

namespace {

constexpr Migration create_orders{"2026-11-20-09-30-create-orders",
                                  "create table orders (id integer primary key, note text);",
                                  "drop table orders;"};
constexpr Migration add_total{"2026-12-01-10-00-add-total",
                              "alter table orders add column total bigint;",
                              "alter table orders drop column total;"};
constexpr Migration drop_note{"2026-12-02-10-00-drop-note",
                              "-- contract\nalter table orders drop column note;",
                              "alter table orders add column note text;"};
constexpr Migration add_sum{"2026-12-03-10-00-add-sum", "alter table orders add column sum bigint;",
                            "alter table orders drop column sum;"};

using Migrations = std::vector<Migration>;
using Names = std::vector<std::string>;
using Outcome = Result<std::vector<db::MigrationStatus>>;

Outcome run(TestDatabase& fixture, const Migrations& files, MigrationVerb verb,
            const db::MigrationChoice& choice = {}) {
    const std::vector<db::MigrationSet> sets{{"orders", files}};
    const auto steps = db::plan_migrations(fixture.pool(), sets, verb, choice);
    if (!steps)
        return steps.error();
    return db::run_migrations(fixture.pool(), *steps);
}

Names names_of(const Outcome& outcome) {
    Names names;
    for (const auto& status : *outcome)
        names.push_back(status.name);
    return names;
}

Names ledger_of(TestDatabase& fixture) {
    return fixture.read([](db::Session& sql) {
        return sql.all<std::string>(
            "select name from schema_migrations where module = 'orders' order by applied_at");
    });
}

bool has_column(TestDatabase& fixture, const std::string& column) {
    try {
        fixture.read([&column](db::Session& sql) {
            return sql.all<std::string>("select coalesce(cast(" + column +
                                        " as text), '') from orders");
        });
        return true;
    } catch (const db::Failure&) {
        return false;
    }
}

}  // namespace

TEST_CASE("down undoes the newest by the text that was applied with it, with no file at hand") {
    TestDatabase fixture;
    REQUIRE(run(fixture, {create_orders, add_total}, MigrationVerb::up));

    const auto undone = run(fixture, {}, MigrationVerb::down);

    REQUIRE(undone);
    CHECK(names_of(undone) == Names{std::string(add_total.name)});
    CHECK(undone->front().state == MigrationState::pending);
    CHECK_FALSE(has_column(fixture, "total"));
    CHECK(has_column(fixture, "note"));
    CHECK(ledger_of(fixture) == Names{std::string(create_orders.name)});
}

TEST_CASE("down to a name undoes what was applied after it, newest first") {
    TestDatabase fixture;
    // Applied later than the file of a later date, so undone first.
    REQUIRE(run(fixture, {create_orders, add_sum}, MigrationVerb::up));
    REQUIRE(run(fixture, {create_orders, add_total, add_sum}, MigrationVerb::up));

    const auto undone =
        run(fixture, {}, MigrationVerb::down, {"orders", std::string(create_orders.name)});

    REQUIRE(undone);
    CHECK(names_of(undone) == Names{std::string(add_total.name), std::string(add_sum.name)});
    CHECK(ledger_of(fixture) == Names{std::string(create_orders.name)});
}

TEST_CASE("up to a name stops there") {
    TestDatabase fixture;

    const auto applied = run(fixture, {create_orders, add_total, add_sum}, MigrationVerb::up,
                             {"orders", std::string(add_total.name)});

    REQUIRE(applied);
    CHECK(ledger_of(fixture) ==
          Names{std::string(create_orders.name), std::string(add_total.name)});
}

TEST_CASE("what is applied in one stopped moment is undone in its order all the same") {
    const StoppedClock clock(now());
    TestDatabase fixture;
    REQUIRE(run(fixture, {create_orders, add_sum}, MigrationVerb::up));
    REQUIRE(run(fixture, {create_orders, add_total, add_sum}, MigrationVerb::up));

    const auto undone =
        run(fixture, {}, MigrationVerb::down, {"orders", std::string(create_orders.name)});

    REQUIRE(undone);
    CHECK(names_of(undone) == Names{std::string(add_total.name), std::string(add_sum.name)});
}

TEST_CASE("redo applies the file as it is now") {
    TestDatabase fixture;
    REQUIRE(run(fixture, {create_orders, add_total}, MigrationVerb::up));
    auto edited = add_total;
    edited.up = "alter table orders add column total bigint not null default 7;";

    const auto redone = run(fixture, {create_orders, edited}, MigrationVerb::redo);

    REQUIRE(redone);
    REQUIRE(redone->size() == 2);
    CHECK(redone->front().state == MigrationState::pending);
    CHECK(redone->back().state == MigrationState::applied);
    fixture.write("insert into orders (id) values (1)");
    CHECK(fixture.count("orders where total = 7") == 1);
    CHECK(run(fixture, {create_orders, edited}, MigrationVerb::up)->empty());
}

TEST_CASE("redo of a file that fails leaves what was there") {
    TestDatabase fixture;
    REQUIRE(run(fixture, {create_orders, add_total}, MigrationVerb::up));
    auto broken = add_total;
    broken.up = "alter table orders add column sum bigint;\nalter table no_orders add x int;";

    const auto refused = run(fixture, {create_orders, broken}, MigrationVerb::redo);

    REQUIRE_FALSE(refused);
    CHECK_THAT(
        refused.error().message,
        Catch::Contains("orders/2026-12-01-10-00-add-total failed") && Catch::Contains("line 2"));
    CHECK(has_column(fixture, "total"));
    CHECK_FALSE(has_column(fixture, "sum"));
    CHECK(ledger_of(fixture).size() == 2);
}

TEST_CASE("a down text that fails leaves its migration applied and says what to do") {
    TestDatabase fixture;
    auto broken = add_total;
    broken.down = "alter table orders drop column note;\ndrop table no_orders;";
    REQUIRE(run(fixture, {create_orders, broken}, MigrationVerb::up));

    const auto refused = run(fixture, {}, MigrationVerb::down);

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "db.migration_failed");
    CHECK_THAT(refused.error().message,
               Catch::Contains("undoing the migration orders/2026-12-01-10-00-add-total failed: "
                               "line 2") &&
                   Catch::Contains("it is applied as before"));
    CHECK(has_column(fixture, "note"));
    CHECK(ledger_of(fixture).size() == 2);
}

TEST_CASE("contract applies what takes something away, and expand ones before it alone") {
    TestDatabase fixture;
    const Migrations files{create_orders, add_total, drop_note, add_sum};

    const auto applied = run(fixture, files, MigrationVerb::contract, {"orders", ""});
    const auto again = run(fixture, files, MigrationVerb::contract);
    const auto undone = run(fixture, files, MigrationVerb::down);

    REQUIRE(applied);
    CHECK(applied->back().name == drop_note.name);
    CHECK(has_column(fixture, "total"));
    CHECK_FALSE(has_column(fixture, "note"));
    CHECK_FALSE(has_column(fixture, "sum"));
    REQUIRE(again);
    CHECK(again->empty());
    REQUIRE_FALSE(undone);
    CHECK(undone.error().code == "db.migration_refused");
}

TEST_CASE("planning changes nothing, not even a file where no database was") {
    TestDatabase fixture;
    const std::vector<Migration> files{create_orders};
    const std::vector<db::MigrationSet> sets{{"orders", files}};

    for (const auto verb :
         {MigrationVerb::up, MigrationVerb::contract, MigrationVerb::down, MigrationVerb::redo})
        CHECK(db::plan_migrations(fixture.pool(), sets, verb));

    CHECK_FALSE(std::filesystem::exists(fixture.file()));
}

TEST_CASE("who plans and finds that another was first does nothing") {
    TestDatabase fixture;
    const std::vector<Migration> files{create_orders, add_total};
    const std::vector<db::MigrationSet> sets{{"orders", files}};
    const auto verb = GENERATE(MigrationVerb::up, MigrationVerb::down, MigrationVerb::redo);
    if (verb != MigrationVerb::up)
        REQUIRE(db::migrate_up(fixture.pool(), sets));
    const auto steps = db::plan_migrations(fixture.pool(), sets, verb);
    REQUIRE(steps);
    REQUIRE(db::run_migrations(fixture.pool(), *steps));
    if (verb == MigrationVerb::redo)
        REQUIRE(run(fixture, {}, MigrationVerb::down));
    const auto before = ledger_of(fixture);

    const auto late = db::run_migrations(fixture.pool(), *steps);

    REQUIRE(late);
    CHECK(late->empty());
    CHECK(ledger_of(fixture) == before);
}

TEST_CASE("where migrations are asked for, a start is refused while expand ones are pending") {
    TestDatabase fixture;
    const std::vector<Migration> files{create_orders, drop_note};
    const std::vector<db::MigrationSet> sets{{"orders", files}};

    const auto behind = db::refuse_pending(fixture.pool(), sets);
    REQUIRE(db::migrate_up(fixture.pool(), sets));
    const auto current = db::refuse_pending(fixture.pool(), sets);

    REQUIRE_FALSE(behind);
    CHECK(behind.error().code == "db.migration_pending");
    CHECK_THAT(behind.error().message, Catch::Contains("the database lacks 3 migrations") &&
                                           Catch::Contains("run `bulkhead migrate up` first"));
    CHECK(current);  // A contract migration is nobody's duty.
}

namespace {

constexpr Migration endless{"2026-12-05-10-00-endless",
                            "create table half (id integer);\n"
                            "insert into half with recursive n (i) as (select 1 union all select i "
                            "+ 1 from n where i < 2000000000) select i from n;",
                            "drop table half;"};

/// Returns once another process is within a migration: then it holds the one lock.
void await_migration(TestDatabase& fixture) {
    db::Pool impatient({.url = fixture.options().url, .acquire_timeout_ms = 1}, fixture.folder());
    const auto is_free = [&] {
        if (fixture.pool().dialect() == db::Dialect::sqlite)
            return bool(db::run_script(impatient, "look", "select 1"));
        return fixture.count(
                   "pg_locks where locktype = 'advisory' and database = (select oid from "
                   "pg_database where datname = current_database())") == 0;
    };
    while (is_free())
        std::this_thread::yield();
}

}  // namespace

TEST_CASE("a process that is killed within a migration leaves what it found") {
    TestDatabase fixture;
    const std::vector<Migration> files{create_orders, endless};
    const std::vector<db::MigrationSet> sets{{"orders", files}};
    Process process([&] {
        db::Pool pool(fixture.options(), fixture.folder());
        return db::migrate_up(pool, sets,
                              [](const db::MigrationStatus& done) {
                                  std::cout << "applied " << done.name << std::endl;
                              })
                   ? 0
                   : 1;
    });
    process.wait_for_line("applied " + std::string(create_orders.name));
    await_migration(fixture);

    process.signal(SIGKILL);

    CHECK(process.wait().status == 128 + SIGKILL);
    CHECK(ledger_of(fixture) == Names{std::string(create_orders.name)});
    CHECK(has_column(fixture, "note"));
    REQUIRE(db::run_script(fixture.pool(), "half", "create table half (id integer);"));
}
