#include "db/migrate.hpp"

#include "support/test_database.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <barrier>

using namespace bulkhead;
using db::MigrationSet;
using db::MigrationState;
using test::TestDatabase;

namespace {

constexpr Migration create_orders{"2026-11-20-09-30-create-orders", R"(
-- Orders; with 'quotes'; and a trigger.
create table orders (id integer primary key, note text default 'a;b');
-- only sqlite
create trigger orders_note after insert on orders begin
    update orders set note = 'set; by trigger' where id = new.id;
    update orders set note = note || '!' where id = new.id;
end;
-- only postgresql
create function orders_note() returns trigger as $$
begin
    new.note = 'set; by trigger!';
    return new;
end $$ language plpgsql;
create trigger orders_note before insert on orders for each row execute function orders_note();
-- every engine
insert into orders (id) values (1);
)",
                                  "drop table orders;"};
constexpr Migration add_total{"2026-12-01-10-00-add-total",
                              "alter table orders add column total bigint;",
                              "alter table orders drop column total;"};
constexpr Migration drop_note{"2026-12-02-10-00-drop-note",
                              "-- contract\nalter table orders drop column note;", ""};
constexpr Migration create_users{"2026-11-20-09-15-create-users",
                                 "create table users (id integer primary key);",
                                 "drop table users;"};

using Names = std::vector<std::string>;

Names names_of(const std::vector<db::MigrationStatus>& statuses) {
    Names names;
    for (const auto& status : statuses)
        names.push_back(status.module + "/" + status.name);
    return names;
}

/// The sets of one module, as temporaries that live long enough.
struct Sets {
    std::vector<Migration> orders;
    std::vector<Migration> users;

    std::vector<MigrationSet> list() const {
        return {{"core", db::core_migrations()}, {"orders", orders}, {"users", users}};
    }
};

MigrationState state_of(const std::vector<db::MigrationStatus>& statuses, std::string_view name) {
    for (const auto& status : statuses)
        if (status.name == name)
            return status.state;
    throw std::runtime_error("no such migration in the status");
}

}  // namespace

TEST_CASE("what is pending is applied once, by date, the core's first") {
    TestDatabase fixture;
    const Sets sets{{add_total, create_orders}, {create_users}};

    const auto first = db::migrate_up(fixture.pool(), sets.list());
    const auto second = db::migrate_up(fixture.pool(), sets.list());

    REQUIRE(first);
    CHECK(names_of(*first) ==
          Names{"core/2026-11-20-09-00-create-ledger", "core/2026-11-20-14-00-create-events",
                "users/2026-11-20-09-15-create-users", "orders/2026-11-20-09-30-create-orders",
                "orders/2026-12-01-10-00-add-total"});
    REQUIRE(second);
    CHECK(second->empty());
    CHECK(fixture.read([](db::Session& sql) {
        return sql.one<std::string>("select note from orders");
    }) == "set; by trigger!");
}

TEST_CASE("the ledger keeps what is needed to undo a migration without its file") {
    TestDatabase fixture;
    REQUIRE(db::migrate_up(fixture.pool(), Sets{{create_orders}, {}}.list()));

    const auto down = fixture.read([](db::Session& sql) {
        return sql.one<std::string>(
            "select down_text from schema_migrations where module = 'orders' "
            "and length(checksum) = 64 and class = 'expand' and duration_us >= 0");
    });

    CHECK(down == create_orders.down);
}

TEST_CASE("a module's migrations bring the ledger along") {
    TestDatabase fixture;
    const std::vector<Migration> users{create_users};
    const std::vector<MigrationSet> only_users{{"users", users}};

    const auto applied = db::migrate_up(fixture.pool(), only_users);

    REQUIRE(applied);
    CHECK(applied->size() == 1 + db::core_migrations().size());
}

TEST_CASE("an edited migration is refused before anything is applied") {
    TestDatabase fixture;
    REQUIRE(db::migrate_up(fixture.pool(), Sets{{create_orders}, {}}.list()));
    auto edited = create_orders;
    edited.up = "create table orders (id integer primary key);";

    const auto refused = db::migrate_up(fixture.pool(), Sets{{edited, add_total}, {}}.list());

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "db.migration_edited");
    CHECK_THAT(refused.error().message,
               Catch::Contains("orders/2026-11-20-09-30-create-orders was edited") &&
                   Catch::Contains("restore the file"));
    const auto status = db::migration_status(fixture.pool(), Sets{{edited, add_total}, {}}.list());
    CHECK(state_of(*status, edited.name) == MigrationState::edited);
    CHECK(state_of(*status, add_total.name) == MigrationState::pending);
}

TEST_CASE("a migration that fails leaves what it found, and the ones before it") {
    TestDatabase fixture;
    const auto [up, words] = GENERATE(table<std::string, Names>(
        {{"create table half (id integer);\n\ncreat table other (id integer);",
          {"line 3", "syntax error"}},
         {"create table half (id integer not null);\ninsert into half values (null);",
          {"line 2", "null"}},
         {"create table half (id integer);\ncommit;", {"line 2", "commit"}}}));
    const Migration broken{"2026-11-21-00-00-broken", up, ""};

    const auto refused = db::migrate_up(fixture.pool(), Sets{{create_orders, broken}, {}}.list());

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "db.migration_failed");
    CHECK_THAT(refused.error().message,
               Catch::Contains("orders/2026-11-21-00-00-broken failed") &&
                   Catch::Contains("nothing of it was kept; correct the file and start again"));
    for (const auto& word : words)
        CHECK_THAT(refused.error().message, Catch::Contains(word, Catch::CaseSensitive::No));
    CHECK(fixture.count("orders") == 1);
    CHECK(db::run_script(fixture.pool(), "half", "create table half (id integer)"));
    const auto status =
        db::migration_status(fixture.pool(), Sets{{create_orders, broken}, {}}.list());
    CHECK(state_of(*status, broken.name) == MigrationState::pending);
    CHECK(state_of(*status, create_orders.name) == MigrationState::applied);
}

TEST_CASE("contract migrations stay pending") {
    TestDatabase fixture;
    const Sets sets{{create_orders, drop_note}, {}};

    const auto applied = db::migrate_up(fixture.pool(), sets.list());

    REQUIRE(applied);
    CHECK(applied->size() == db::core_migrations().size() + 1);
    const auto status = db::migration_status(fixture.pool(), sets.list());
    CHECK(state_of(*status, drop_note.name) == MigrationState::pending);
}

TEST_CASE("an older module accepts a newer expand migration and refuses a newer contract one") {
    TestDatabase fixture;
    REQUIRE(db::migrate_up(fixture.pool(), Sets{{create_orders, add_total}, {}}.list()));
    const Sets older{{create_orders}, {}};

    const auto accepted = db::migrate_up(fixture.pool(), older.list());
    const auto status = db::migration_status(fixture.pool(), older.list());
    fixture.write("update schema_migrations set class = 'contract' where name = :name",
                  {{"name", add_total.name}});
    const auto refused = db::migrate_up(fixture.pool(), older.list());

    CHECK(accepted);
    CHECK(state_of(*status, add_total.name) == MigrationState::unknown);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "db.migration_unknown");
    CHECK_THAT(refused.error().message, Catch::Contains("orders/2026-12-01-10-00-add-total"));
}

TEST_CASE("the ledger's lines of modules that do not run hinder nobody and are shown") {
    TestDatabase fixture;
    REQUIRE(db::migrate_up(fixture.pool(), Sets{{create_orders}, {create_users}}.list()));
    const std::vector<MigrationSet> only_core{{"core", db::core_migrations()}};

    const auto applied = db::migrate_up(fixture.pool(), only_core);
    const auto status = db::migration_status(fixture.pool(), only_core);

    CHECK(applied);
    CHECK(status->size() == db::core_migrations().size() + 2);
    CHECK(state_of(*status, create_orders.name) == MigrationState::unknown);
}

TEST_CASE("the status of a database that does not exist makes none", "[sqlite]") {
    TestDatabase fixture;

    const auto status = db::migration_status(fixture.pool(), Sets{{create_orders}, {}}.list());

    REQUIRE(status);
    CHECK(state_of(*status, create_orders.name) == MigrationState::pending);
    CHECK_FALSE(std::filesystem::exists(fixture.file()));
}

TEST_CASE("two pools that start at once apply each migration once") {
    TestDatabase fixture;
    const Sets sets{{create_orders, add_total}, {create_users}};
    std::barrier together(2);
    std::array<std::optional<Result<std::vector<db::MigrationStatus>>>, 2> results;
    test::Threads threads;

    for (auto& result : results)
        threads.start([&] {
            db::Pool pool(fixture.options(), fixture.folder());
            together.arrive_and_wait();
            result = db::migrate_up(pool, sets.list());
        });
    threads.join();

    for (const auto& result : results)
        REQUIRE(*result);
    CHECK((**results[0]).size() + (**results[1]).size() == db::core_migrations().size() + 3);
    CHECK(fixture.count("schema_migrations") ==
          static_cast<std::int64_t>(db::core_migrations().size()) + 3);
    CHECK(fixture.count("orders") == 1);
}

TEST_CASE("two processes that start at once apply each migration once") {
    TestDatabase fixture;
    const Sets sets{{create_orders, add_total}, {create_users}};
    std::array<int, 2> start{};
    REQUIRE(pipe(start.data()) == 0);
    std::array<pid_t, 2> processes{};

    for (auto& process : processes) {
        process = fork();
        if (process == 0) {
            char byte = 0;
            close(start[1]);
            (void)!read(start[0], &byte, 1);
            db::Pool pool(fixture.options(), fixture.folder());
            const auto applied = db::migrate_up(pool, sets.list());
            _exit(applied ? static_cast<int>(applied->size()) : 99);
        }
    }
    close(start[0]);
    close(start[1]);  // The end of the pipe is the start.
    int applied = 0;
    for (const auto process : processes) {
        int status = 0;
        waitpid(process, &status, 0);
        applied += WEXITSTATUS(status);
    }

    CHECK(applied == static_cast<int>(db::core_migrations().size()) + 3);
    CHECK(fixture.count("orders") == 1);
}

TEST_CASE("a script runs whole or not at all") {
    TestDatabase fixture("create table notes (id integer primary key)");

    const auto good = db::run_script(fixture.pool(), "catalogue",
                                     "insert into notes values (1); insert into notes values (2);");
    const auto bad = db::run_script(fixture.pool(), "catalogue",
                                    "insert into notes values (3);\ninsert into notes values (1);");

    CHECK(good);
    REQUIRE_FALSE(bad);
    CHECK_THAT(bad.error().message, Catch::Contains("the script catalogue failed: line 2") &&
                                        Catch::Contains("nothing of it was kept"));
    CHECK(fixture.count("notes") == 2);
}

TEST_CASE("a database that cannot be opened is a sentence, not an exception", "[sqlite]") {
    TestDatabase fixture;
    std::filesystem::create_directory(fixture.file());

    const auto refused = db::migrate_up(fixture.pool(), Sets{{create_orders}, {}}.list());
    const auto status = db::migration_status(fixture.pool(), Sets{{create_orders}, {}}.list());

    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::unavailable);
    CHECK_THAT(refused.error().message, Catch::Contains("test.db cannot be opened"));
    CHECK_FALSE(status);
}
