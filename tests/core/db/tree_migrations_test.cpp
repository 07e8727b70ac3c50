// All migrations of this tree, the core's and the modules': up, down, up.

#include "db/migrate.hpp"
#include "support/source_migrations.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using test::TestDatabase;

namespace {

using Texts = std::vector<std::string>;

constexpr db::Variants everything{
    .sqlite =
        "select type || ' ' || name || ': ' || coalesce(sql, '') from sqlite_master "
        "where name not like 'sqlite_%' order by type, name",
    .postgresql =
        "select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || "
        "is_nullable || ' ' || coalesce(column_default, '') from information_schema.columns "
        "where table_schema = current_schema() "
        "union all select 'index ' || indexdef from pg_indexes "
        "where schemaname = current_schema() "
        "union all select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) "
        "from pg_constraint where connamespace = cast(current_schema() as regnamespace) "
        "union all select 'function ' || proname || ' ' || prosrc from pg_proc "
        "where pronamespace = cast(current_schema() as regnamespace) order by 1"};

/// Everything that the schema holds, a line each.
Texts schema_of(TestDatabase& fixture) {
    return fixture.read(
        [](db::Session& sql) { return sql.all<std::string>(sql.pick(everything)); });
}

Result<> run(TestDatabase& fixture, db::MigrationVerb verb, const db::MigrationChoice& choice,
             const test::SourceMigrations& source) {
    const auto steps = db::plan_migrations(fixture.pool(), source.sets(), verb, choice);
    if (!steps)
        return steps.error();
    const auto done = db::run_migrations(fixture.pool(), *steps);
    if (!done)
        return done.error();
    return Done{};
}

}  // namespace

TEST_CASE("every migration of this tree can be applied, undone and applied again") {
    const test::SourceMigrations source;
    const std::string ledger(db::core_migrations().front().name);
    TestDatabase fixture;

    REQUIRE(run(fixture, db::MigrationVerb::up, {"", ledger}, source));
    const auto ledger_alone = schema_of(fixture);
    REQUIRE(run(fixture, db::MigrationVerb::up, {}, source));
    const auto first = schema_of(fixture);
    REQUIRE(run(fixture, db::MigrationVerb::down, {"", ledger}, source));
    const auto undone = schema_of(fixture);
    REQUIRE(run(fixture, db::MigrationVerb::up, {}, source));
    const auto second = schema_of(fixture);

    CHECK(first.size() > ledger_alone.size() + source.sets().size());
    CHECK(undone == ledger_alone);
    CHECK(second == first);
}

TEST_CASE("each migration of this tree can be redone by itself") {
    const test::SourceMigrations source;
    TestDatabase fixture;
    const auto steps = db::plan_migrations(fixture.pool(), source.sets(), db::MigrationVerb::up);
    REQUIRE(steps);

    for (const auto& step : *steps) {
        INFO(step.module << "/" << step.name);
        REQUIRE(db::run_migrations(fixture.pool(), {&step, 1}));
        if (step.name == db::core_migrations().front().name)
            continue;
        const auto before = schema_of(fixture);
        REQUIRE(run(fixture, db::MigrationVerb::redo, {}, source));
        CHECK(schema_of(fixture) == before);
    }
}

TEST_CASE("the ledger's own down text leaves nothing") {
    TestDatabase fixture;
    const auto& ledger = db::core_migrations().front();

    for (const auto text : {ledger.up, ledger.down}) {
        const auto script = db::text_for(fixture.pool().dialect(), text);
        REQUIRE(script);
        REQUIRE(db::run_script(fixture.pool(), "the ledger", *script));
    }

    CHECK(schema_of(fixture).empty());
}

TEST_CASE("no migration of this tree takes something away unmarked") {
    const test::SourceMigrations source;

    const auto fine = db::History(source.sets(), {}).acceptable();

    INFO((fine ? "" : fine.error().message));
    CHECK(fine);
}
