#include <bulkhead/search.hpp>

#include <catch2/catch.hpp>

#include <tuple>

using namespace bulkhead::db;

TEST_CASE("words that people type become a query of which nothing is syntax") {
    const auto [typed, sqlite, postgresql] = GENERATE(table<std::string, std::string, std::string>({
        {"anchor", R"("anchor"*)", "'anchor':*"},
        {"  brass   bell ", R"("brass" "bell"*)", "'brass' & 'bell':*"},
        {"ship's", R"("ship" "s"*)", "'ship' & 's':*"},
        {"\"a\" NEAR(b, 2)", R"("a" "NEAR" "b" "2"*)", "'a' & 'NEAR' & 'b' & '2':*"},
        {"a* | b & !c :* ^d", R"("a" "b" "c" "d"*)", "'a' & 'b' & 'c' & 'd':*"},
        {"name:-x\\", R"("name" "x"*)", "'name' & 'x':*"},
        {"three-strand_rope", R"("three" "strand" "rope"*)", "'three' & 'strand' & 'rope':*"},
        {"Çà \u2014 \u4e2d\u6587\u3002", "\"Çà\" \"\u4e2d\u6587\"*", "'Çà' & '\u4e2d\u6587':*"},
        {std::string("a\0b", 3), R"("a" "b"*)", "'a' & 'b':*"},
        {"\xff"
         "a\xc3",
         R"("a"*)", "'a':*"},
        {"'\"*:()&|!-^\\ \u2026", "", ""},
        {"\u0308\u0301 a\u0308 \u0344", "\"a\u0308\"*", "'a\u0308':*"},
        {"", "", ""},
    }));

    CHECK(search_words(Dialect::sqlite, typed) == sqlite);
    CHECK(search_words(Dialect::postgresql, typed) == postgresql);
}
