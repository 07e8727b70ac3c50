#include "db/statement_book.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulkhead;

TEST_CASE("a statement has the name that it begins with, else its verb and its first table") {
    const auto [sql, name] = GENERATE(table<std::string, std::string>(
        {{"/* orders.list */ select id from orders", "orders.list"},
         {"\n  /*orders.list*/select id from orders", "orders.list"},
         {"/* two words */ select id from orders", "select orders"},
         {"/* Orders */ select id from orders", "select orders"},
         {"/* " + std::string(65, 'a') + " */ select 1", "select"},
         {"/**/ select id from orders", "select orders"},
         {"/*/ select id from orders", "nothing"},
         {"-- orders.list\nselect id from orders", "select orders"},
         {"select id from orders -- /* late */", "select orders"},
         {"SELECT id FROM Orders", "select orders"},
         {"select id from orders join order_items on order_id = id", "select orders"},
         {"insert into orders (id) values (:id)", "insert orders"},
         {"update orders set total = 1", "update orders"},
         {"delete from orders", "delete orders"},
         {"with n as (select id from orders) select id from n", "with orders"},
         {"with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
          "with"},
         {"select 'from orders'", "select"},
         {"", "nothing"},
         {";", ";"}}));

    CHECK(db::statement_name(sql) == name);
}

TEST_CASE("the name of a statement has at most 64 bytes, all of a character or none of it") {
    const std::string letters(100, 'a');
    const std::string accents = [] {
        std::string text;
        for (int i = 0; i < 50; ++i)
            text += "\xc3\xa9";
        return text;
    }();

    CHECK(db::statement_name("select 1 from " + letters) == "select " + std::string(57, 'a'));
    CHECK(db::statement_name("select 1 from \"ab" + accents + '"') ==
          "select ab" + accents.substr(0, 54));
}

TEST_CASE("beyond a thousand names statements count as one, those known before as themselves") {
    db::StatementBook book;
    for (int number = 0; number < 1'000; ++number)
        ++book.page_of("/* name." + std::to_string(number) + " */ select 1").runs;

    ++book.page_of("/* name.1000 */ select 1").runs;
    ++book.page_of("/* name.1001 */ select 1").runs;
    ++book.page_of("/* name.7 */ select 1").runs;

    const auto all = book.statistics();
    const auto runs_of = [&](std::string_view name) {
        const auto found = std::ranges::find(all, name, &db::StatementStatistics::name);
        return found == all.end() ? 0 : found->runs;
    };
    CHECK(all.size() == 1'001);
    CHECK(runs_of("other") == 2);
    CHECK(runs_of("name.7") == 2);
    CHECK(runs_of("name.1000") == 0);
}
