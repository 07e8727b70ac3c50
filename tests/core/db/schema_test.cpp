// docs/database-schema.md is what the migrations of this tree make, on every engine.

#include "db/schema.hpp"

#include "db/migrate.hpp"
#include "support/source_migrations.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using test::TestDatabase;

namespace {

std::string document() {
    std::ifstream file(std::filesystem::path(BULKHEAD_SOURCE_DIR) / "docs/database-schema.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

void migrate(TestDatabase& test, std::span<const db::MigrationSet> sets) {
    const auto steps = db::plan_migrations(test.pool(), sets, db::MigrationVerb::up, {});
    REQUIRE(steps);
    REQUIRE(db::run_migrations(test.pool(), *steps));
}

}  // namespace

TEST_CASE("docs/database-schema.md is the schema that the migrations make") {
    const test::SourceMigrations source;
    const auto sets = source.sets();
    TestDatabase test;
    migrate(test, sets);

    const auto text =
        test.read([&](db::Session& sql) { return db::schema_text(db::read_schema(sql, sets)); });

    INFO("If the change is meant: bulkhead schema > docs/database-schema.md");
    CHECK(text == document());
}

TEST_CASE("a schema has columns, keys, checks and indexes as they were declared") {
    constexpr auto up =
        "create table shelves (room text not null, number bigint not null,"
        " primary key (room, number));\n"
        "create table books (id uuid not null primary key, title text default 'none',"
        " room text not null, number bigint not null, state text not null"
        " check (state in ('lent', 'here')), pages integer check (pages > 0),"
        " unique (room, title), foreign key (room, number) references shelves (room, number));\n"
        "create unique index books_by_title on books (title, id);\n"
        "-- only sqlite\ncreate table file_words (id bigint);\n"
        "-- only postgresql\ncreate table server_words (id bigint);\n";
    const std::vector<Migration> migrations{{"2026-11-20-10-00-create-books", up, ""}};
    const std::vector<db::MigrationSet> sets{{"core", db::core_migrations()},
                                             {"library", migrations}};
    TestDatabase test;
    migrate(test, sets);

    auto tables = test.read([&](db::Session& sql) { return db::read_schema(sql, sets); });

    std::erase_if(tables, [](const auto& table) { return table.module != "library"; });
    REQUIRE(tables.size() == 2);
    const auto& books = tables.front();
    CHECK(books.name == "books");
    CHECK(books.columns.size() == 6);
    CHECK(books.columns[1].type == "text");
    CHECK(books.columns[1].nullability == "null");
    CHECK_THAT(books.columns[1].preset.value_or(""), Catch::StartsWith("'none'"));
    CHECK(books.constraints ==
          std::vector<std::string>{"check (pages > 0)", "check (state in ('lent', 'here'))",
                                   "foreign key (room, number) references shelves (room, number)",
                                   "primary key (id)", "unique (room, title)"});
    CHECK(books.indexes == std::vector<std::string>{"unique books_by_title (title, id)"});
    CHECK(tables.back().constraints == std::vector<std::string>{"primary key (room, number)"});
}
