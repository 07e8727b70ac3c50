#include "db/migration_text.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::db;

namespace {

constexpr std::string_view mixed =
    "create table a (\n"
    "  -- only sqlite\n"
    "  at text\n"
    "-- only postgresql  \r\n"
    "  at timestamptz\n"
    "-- every engine\n"
    ");  -- only a comment\n";

}  // namespace

TEST_CASE("an engine gets the lines for every engine and its own, each at its number") {
    const auto [dialect, text] = GENERATE(table<Dialect, std::string>(
        {{Dialect::sqlite,
          "create table a (\n  -- only sqlite\n  at text\n\n\n-- every engine\n);  -- only a "
          "comment\n"},
         {Dialect::postgresql,
          "create table a (\n\n\n-- only postgresql  \r\n  at timestamptz\n-- every engine\n);  "
          "-- only a comment\n"}}));

    const auto made = text_for(dialect, mixed);

    REQUIRE(made);
    CHECK(*made == text);
}

TEST_CASE("a text without marks is the same for every engine") {
    const auto text = GENERATE(as<std::string>(), "", "select 1", "select 1;\n\n", "\n",
                               "-- Only sqlite\nselect 1", "--only sqlite\nselect 1");

    CHECK(*text_for(Dialect::sqlite, text) == text);
    CHECK(*text_for(Dialect::postgresql, text) == text);
}

TEST_CASE("an engine that there is not is refused with its line") {
    const auto line = GENERATE(as<std::string>(), "-- only oracle", "-- only SQLite",
                               "-- only sqlite, postgresql");

    const auto refused = text_for(Dialect::sqlite, "select 1;\n" + line + "\nselect 2;");

    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "db.migration_engine");
    CHECK_THAT(refused.error().message,
               Catch::StartsWith("line 2: `" + line + "` names no engine; expected"));
}

TEST_CASE("what a migration takes away is found, with its line") {
    const auto [sql, line] = GENERATE(table<std::string, std::size_t>({
        {"drop table a", 1},
        {"DROP TABLE IF EXISTS a", 1},
        {"create table b (id int);\ndrop view a;", 2},
        {"drop schema a", 1},
        {"drop function f()", 1},
        {"alter table a drop column x", 1},
        {"alter table a drop constraint x", 1},
        {"alter table a rename to b", 1},
        {"alter table a rename column x to y", 1},
        {"alter table a alter column x type text", 1},
        {"alter table a alter x type text", 1},
        {"alter table a alter column x set data type text", 1},
        {"alter table a alter column type type text", 1},
        {"alter table a\n  alter column x set not null", 1},
        {"alter table a alter column x drop default", 1},
        {"alter table a add column y int, drop column x", 1},
        {"-- why\n\n/* drop\n */ delete from a", 4},
        {"with old as (select id from a)\ndelete from a where id in (select id from old)", 1},
        {"truncate a", 1},
        {"truncate table a", 1},
        {"-- only postgresql\ndrop table a;\n-- every engine", 2},
        {"create trigger t after insert on a begin select 1; end;\ndelete from a", 2},
        {"create function f() returns int as $x$ select 1; $x$ language sql;\ndrop table a", 2},
    }));

    INFO(sql);
    const auto loss = first_loss(sql);
    CHECK(loss.line == line);
    CHECK_FALSE(loss.text.empty());
}

TEST_CASE("a migration that only adds takes nothing away") {
    const auto sql = GENERATE(
        as<std::string>(), "", "-- drop table a", "alter table a add column x text",
        "alter table a add column type text", "alter table type add column x text",
        "alter type mood add value 'x'", "alter table a alter column x set default 1",
        "create table a (type text, drop_at int)", "drop index a_by_x", "drop trigger if exists t",
        "update a set x = 1", "insert into a (x) values ('drop table a')",
        "insert into a values ('; drop table a;')",
        "create table b (id int references a (id) on delete cascade)",
        "create trigger t after insert on a begin\n  select case when 1 then "
        "2 end;\n  delete from b where id = new.id;\nend;",
        "create or replace function f() returns trigger as $$ begin delete "
        "from a; drop table b; end $$ language plpgsql",
        "create trigger t before delete on a for each row execute function "
        "f();\nselect 1");

    INFO(sql);
    CHECK(first_loss(sql).text.empty());
}

TEST_CASE("a statement that ends or begins a transaction is found, with its line") {
    const auto [sql, line] = GENERATE(table<std::string, std::size_t>({
        {"select 1;\ncommit;", 2},
        {"BEGIN; select 1", 1},
        {"start transaction", 1},
        {"savepoint x", 1},
        {"attach 'other.db' as other", 1},
        {"create trigger t after insert on a begin select 1; end; end;", 1},
        {"create trigger t after insert on a begin select 1; end; select 1", 0},
        {"prepare p as select 1", 0},
        {"do $$ begin perform 1; end $$", 0},
    }));

    INFO(sql);
    CHECK(first_control(sql).line == line);
}

TEST_CASE("statements come one by one, each on its line") {
    const auto [sql, statements] = GENERATE(table<std::string, std::vector<std::string>>(
        {{"", {}},
         {"-- nothing", {}},
         {";;", {}},
         {"select 1", {"select 1"}},
         {"-- why\nselect 1;\n\nselect ';';", {"\nselect 1;\n\n", "\n\n\nselect ';';"}},
         {"create rule r as on insert to a do (select 1; select 2);select 3",
          {"create rule r as on insert to a do (select 1; select 2);", "select 3"}},
         {"create function f() returns int as $$ select 1; $$ language sql; select 2;",
          {"create function f() returns int as $$ select 1; $$ language sql; ", "select 2;"}}}));

    CHECK(statements_of(sql) == statements);
}
