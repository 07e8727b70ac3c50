#include "db/sql_tables.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::db;

namespace {

constexpr std::string_view signs = "?+-~>";

// "?queried +created -dropped ~altered >referenced", in the order of the text.
std::string mentions(std::string_view sql) {
    std::string text;
    for (const auto& [table, use] : tables_in(sql))
        text += (text.empty() ? "" : " ") + std::string(1, signs[static_cast<std::size_t>(use)]) +
                table;
    return text;
}

}  // namespace

TEST_CASE("the tables of a query are found, and nothing else is taken for one") {
    const auto [sql, found] = GENERATE(table<std::string, std::string>({
        {"select id from a", "?a"},
        {"SELECT id FROM A", "?a"},
        {"select id from main.a", "?a"},
        {"select id from \"a\" where x = 'from b'", "?a"},
        {"select id from a /* from b */ -- from c", "?a"},
        {"select id from a x, b as y, c where x.id = y.id", "?a ?b ?c"},
        {"select id from a x join b y on x.id = y.id left join c using (id)", "?a ?b ?c"},
        {"select id from (select id from a) s, b", "?b ?a"},
        {"select id from a where id in (select a_id from b where c = :from)", "?a ?b"},
        {"select id from a union select id from b order by id", "?a ?b"},
        {"select id, (select count(*) from b where b.a_id = a.id) from a", "?b ?a"},
        {"select value from json_each(:list)", ""},
        {"select extract(year from at) from a where b is distinct from c", "?a"},
        {"select id from a for update of a", "?a"},
        {"select count(*) from a, lateral (select 1 from b) l", "?a ?b"},
        {"with r as (select id from a) select id from r join b on true", "?a ?b"},
        {"with recursive r (n) as (select 1 union select n from r), s as not materialized "
         "(select id from a) select n from r, s",
         "?a"},
        {"select id from [a], main.[b]", "?a ?b"},
        {"select id from (a join b on a.id = b.id), (c)", "?a ?c ?b"},
        {"select id from a join (b join c using (id)) on true", "?a ?b ?c"},
        {"select id from a x (n, m), json_each(:list) as e (k), b", "?a ?b"},
        {"select id from a indexed by i, b join c on c.x in (1, 2), d where f in (3, 4)",
         "?a ?b ?d ?c"},
        {"select id from a where id in b and name not in (select name from c)", "?a ?b ?c"},
        {"select position('x' in y) from a where id in (:x)", "?a"},
        {"select 1", ""},
        {"select", ""},
        {"select id from", ""},
        {"select ((((", ""},
    }));

    INFO(sql);
    CHECK(mentions(sql) == found);
}

TEST_CASE("the tables of a statement that changes are found, with what it does to them") {
    const auto [sql, found] = GENERATE(table<std::string, std::string>({
        {"insert into a (id) values (:id) on conflict (id) do update set id = excluded.id", "?a"},
        {"insert into a (id) select id from b returning id", "?a ?b"},
        {"insert or replace into a values (1)", "?a"},
        {"update a set x = (select max(x) from b) where id = :id returning id", "?a ?b"},
        {"update a x set y = 1 from b where b.id = x.id", "?a ?b"},
        {"delete from a using b where a.id = b.id", "?a ?b"},
        {"with gone as (delete from a returning id) insert into b select id from gone", "?a ?b"},
        {"create table a (id int references b (id) on update cascade on delete set null)", "+a >b"},
        {"create table if not exists a as select id from b", "+a ?b"},
        {"create temp table a (id int, foreign key (id) references b)", "+a >b"},
        {"create unique index a_by_x on a (x) where x is not null", "~a"},
        {"create index a_by_x on a using btree (x)", "~a"},
        {"create trigger t after update of x on a begin insert into b values (1); end", "~a ?b"},
        {"create view v as select id from a", "+v ?a"},
        {"alter table only a add constraint c foreign key (b_id) references b (id)", "~a >b"},
        {"drop table if exists a, b; drop table c", "-a -b -c"},
        {"truncate table a", "?a"},
        {"create table a (x int); insert into a values (1); select 1 from b", "+a ?a ?b"},
        {"update or rollback a set x = 1", "?a"},
        {"update or abort a set x = 1", "?a"},
        {"update or fail a set x = 1", "?a"},
        {"create virtual table if not exists a using fts5 (x)", "+a"},
        {"insert into a select id from b on conflict (id) do update set x = 1, y = 2", "?a ?b"},
    }));

    INFO(sql);
    CHECK(mentions(sql) == found);
}

TEST_CASE("a text is SQL when it has the form of a statement, not when it begins with its word") {
    const auto [text, is_sql] = GENERATE(table<std::string, bool>({
        {"select id from t", true},
        {"  SELECT id FROM t", true},
        {"-- why\nselect id from t", true},
        {"update t set x = 1", true},
        {"update t as b set x = 1", true},
        {"with r as (select 1) select 1 from r", true},
        {"create unique index i on a (x)", true},
        {"drop table a", true},
        {"Select a product from a list", false},
        {"select one from the list", false},
        {"update the core", false},
        {"Update it; set the version", false},
        {"with a Caller", false},
        {"delete it from the list", false},
        {"create an account", false},
        {"drop in", false},
        {"from t", false},
        {"", false},
    }));

    INFO(text);
    CHECK(reads_as_sql(text) == is_sql);
}
