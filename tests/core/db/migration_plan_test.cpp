#include "db/migration_plan.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::db;

namespace {

using Names = std::vector<std::string>;

constexpr Migration create_users{"2026-12-01-10-00-create", "create table users (id int);",
                                 "drop table users;"};
constexpr Migration create_orders{"2026-12-01-10-00-create", "create table orders (id int);",
                                  "drop table orders;"};
constexpr Migration add_note{"2026-12-03-10-00-add-note",
                             "-- only postgresql\nselect 1;\n-- every engine\nalter table orders "
                             "add column note text;",
                             "alter table orders drop column note;"};
constexpr Migration drop_name{"2026-12-02-10-00-drop-name",
                              "-- contract\nalter table users drop column name;",
                              "alter table users add column name text;"};
constexpr Migration add_age{"2026-12-04-10-00-add-age", "alter table users add column age int;",
                            "alter table users drop column age;"};

const std::vector<Migration> users{create_users, drop_name, add_age};
const std::vector<Migration> orders{create_orders, add_note};

std::vector<MigrationSet> sets() {
    return {{"users", users}, {"orders", orders}};
}

LedgerLine line_of(const std::string& module, const Migration& migration) {
    return {module,
            std::string(migration.name),
            checksum_of(migration),
            class_of(migration),
            std::string(migration.down),
            {},
            0};
}

std::vector<LedgerLine> core_lines() {
    std::vector<LedgerLine> lines;
    for (const auto& migration : core_migrations())
        lines.push_back(line_of("core", migration));
    return lines;
}

/// The core's migrations, then these, in the order in which they were applied.
History history(const std::vector<std::pair<std::string, Migration>>& applied) {
    auto lines = core_lines();
    for (const auto& [module, migration] : applied)
        lines.push_back(line_of(module, migration));
    return {sets(), lines};
}

Names names_of(const Result<std::vector<MigrationStep>>& steps) {
    if (!steps)
        return {steps.error().message};
    Names names;
    for (const auto& step : *steps)
        names.push_back((step.direction == MigrationStep::Direction::up ? "+" : "-") +
                        full_name(step.module, step.name));
    return names;
}

Names planned(const History& history, MigrationVerb verb, const MigrationChoice& choice = {}) {
    return names_of(plan_migrations(history, Dialect::sqlite, verb, choice));
}

}  // namespace

TEST_CASE("up goes by date across the modules, to a name, and leaves contract ones out") {
    const auto [choice, names] = GENERATE(table<MigrationChoice, Names>(
        {{{},
          {"+orders/2026-12-01-10-00-create", "+users/2026-12-01-10-00-create",
           "+orders/2026-12-03-10-00-add-note", "+users/2026-12-04-10-00-add-age"}},
         {{"", "2026-12-03-10-00-add-note"},
          {"+orders/2026-12-01-10-00-create", "+users/2026-12-01-10-00-create",
           "+orders/2026-12-03-10-00-add-note"}},
         {{"users", ""}, {"+users/2026-12-01-10-00-create", "+users/2026-12-04-10-00-add-age"}},
         {{"", "orders/2026-12-01-10-00-create"}, {"+orders/2026-12-01-10-00-create"}},
         {{"users", "2026-12-01-10-00-create"}, {"+users/2026-12-01-10-00-create"}}}));

    CHECK(planned(history({}), MigrationVerb::up, choice) == names);
}

TEST_CASE("contract goes up to the last contract migration, with what is pending before it") {
    const auto [choice, names] = GENERATE(table<MigrationChoice, Names>(
        {{{},
          {"+orders/2026-12-01-10-00-create", "+users/2026-12-01-10-00-create",
           "+users/2026-12-02-10-00-drop-name"}},
         {{"users", ""}, {"+users/2026-12-01-10-00-create", "+users/2026-12-02-10-00-drop-name"}},
         {{"orders", ""}, {}}}));

    CHECK(planned(history({}), MigrationVerb::contract, choice) == names);
}

TEST_CASE("down goes from the newest that was applied, whatever its date") {
    const auto applied = history({{"users", create_users},
                                  {"orders", create_orders},
                                  {"users", add_age},
                                  {"orders", add_note}});
    const auto [choice, names] = GENERATE(table<MigrationChoice, Names>(
        {{{}, {"-orders/2026-12-03-10-00-add-note"}},
         {{"users", ""}, {"-users/2026-12-04-10-00-add-age"}},
         {{"", "users/2026-12-01-10-00-create"},
          {"-orders/2026-12-03-10-00-add-note", "-users/2026-12-04-10-00-add-age",
           "-orders/2026-12-01-10-00-create"}},
         {{"users", "2026-12-01-10-00-create"}, {"-users/2026-12-04-10-00-add-age"}},
         {{"", "2026-12-03-10-00-add-note"}, {}}}));

    CHECK(planned(applied, MigrationVerb::down, choice) == names);
}

TEST_CASE("redo undoes the newest one and applies its file, edited or not") {
    auto lines = core_lines();
    lines.push_back(line_of("orders", create_orders));
    lines.back().checksum = "edited";

    CHECK(planned({sets(), lines}, MigrationVerb::redo) ==
          Names{"-orders/2026-12-01-10-00-create", "+orders/2026-12-01-10-00-create"});
    CHECK(planned({sets(), {}}, MigrationVerb::redo).empty());
}

TEST_CASE("what cannot be planned is a sentence with its remedy") {
    const auto none = history({});
    const auto contracted = history({{"users", create_users}, {"users", drop_name}});
    const auto [past, verb, choice, sentence] =
        GENERATE_COPY(table<History, MigrationVerb, MigrationChoice, std::string>(
            {{none, MigrationVerb::up, {"", "nothing"}, "no migration is named 'nothing'; "},
             {none,
              MigrationVerb::up,
              {"", "2026-12-01-10-00-create"},
              "is in orders and in users: write `--to orders/2026-12-01-10-00-create`"},
             {none, MigrationVerb::up, {"gone", ""}, "no module 'gone' with migrations"},
             {none,
              MigrationVerb::up,
              {"", "2026-12-02-10-00-drop-name"},
              "`bulkhead migrate contract` applies it"},
             {none,
              MigrationVerb::down,
              {"", "2026-12-04-10-00-add-age"},
              "no applied migration is named"},
             {none, MigrationVerb::down, {"gone", ""}, "nothing of a module 'gone' was ever"},
             {none, MigrationVerb::down, {"core", "core/2026-11-20-14-00-create-events"}, ""},
             {contracted, MigrationVerb::down, {}, "nothing brings back what it took away"},
             {contracted, MigrationVerb::redo, {}, "nothing brings back what it took away"},
             {contracted,
              MigrationVerb::down,
              {"", "users/2026-12-01-10-00-create"},
              "users/2026-12-02-10-00-drop-name is a contract migration"}}));

    const auto refused = planned(past, verb, choice);

    if (sentence.empty()) {
        CHECK(refused.empty());
        return;
    }
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Catch::Contains(sentence));
}

TEST_CASE("the ledger itself, and what has no down text, are never undone") {
    auto only_ledger = core_lines();
    only_ledger.resize(1);
    auto empty = core_lines();
    empty.push_back(line_of("orders", create_orders));
    empty.back().down_text = "-- only postgresql\ndrop table orders;";

    CHECK_THAT(planned({sets(), only_ledger}, MigrationVerb::down)[0],
               Catch::Contains("made the ledger itself"));
    CHECK_THAT(planned({sets(), empty}, MigrationVerb::down)[0],
               Catch::Contains("has no down text for this engine"));
}

TEST_CASE("down needs no file, redo does") {
    auto lines = core_lines();
    lines.push_back(line_of("gone", create_orders));
    const History gone({}, lines);

    CHECK(planned(gone, MigrationVerb::down) == Names{"-gone/2026-12-01-10-00-create"});
    CHECK_THAT(planned(gone, MigrationVerb::redo)[0], Catch::Contains("not in this build"));
}

TEST_CASE("a step has the text of its engine") {
    const auto [dialect, has] =
        GENERATE(table<Dialect, bool>({{Dialect::sqlite, false}, {Dialect::postgresql, true}}));

    const auto steps = plan_migrations(history({{"orders", create_orders}}), dialect,
                                       MigrationVerb::up, {"orders", ""});

    REQUIRE(steps);
    CHECK((steps->front().sql.find("select 1;") != std::string::npos) == has);
    CHECK(steps->front().checksum == checksum_of(add_note));
}

TEST_CASE("a pending file that takes something away unmarked is refused with all of its set") {
    const std::vector<Migration> unmarked{
        create_orders, {"2026-12-05-10-00-clean", "select 1;\ndelete from orders;", "select 1;"}};
    const std::vector<Migration> unknown{{"2026-12-05-10-00-clean", "select 1;\n", "-- only db2"}};
    const auto [migrations, code, sentence] =
        GENERATE_COPY(table<std::vector<Migration>, std::string, std::string>(
            {{unmarked, "db.migration_unmarked",
              "orders/2026-12-05-10-00-clean.up.sql, line 2: `delete from orders` takes away what "
              "an older build may still use: mark it with `-- contract` as first line"},
             {unknown, "db.migration_engine",
              "orders/2026-12-05-10-00-clean.down.sql, line 1: `-- only db2` names no engine"}}));
    const std::vector<MigrationSet> set{{"orders", migrations}};

    const auto refused =
        plan_migrations(History(set, core_lines()), Dialect::sqlite, MigrationVerb::up, {});

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == code);
    CHECK_THAT(refused.error().message, Catch::StartsWith(sentence));
}
