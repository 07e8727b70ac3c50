// Many rows at once, and statements that wait for a round trip of somebody else's.

#include "db/pool.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;
using test::TestDatabase;

namespace {

struct Crate {
    Uuid id;
    std::string label;
    std::optional<std::string> note;
    bool sealed = false;
    std::int64_t grams = 0;
    double litres = 0;
    Timestamp packed_at{};
    std::vector<std::string> tags;

    auto operator<=>(const Crate&) const = default;
    static auto fields() {
        return shape(field("id", &Crate::id), field("label", &Crate::label),
                     field("note", &Crate::note), field("sealed", &Crate::sealed),
                     field("grams", &Crate::grams), field("litres", &Crate::litres),
                     field("packed_at", &Crate::packed_at), field("tags", &Crate::tags));
    }
};

constexpr auto* schema =
    "create table crates (id uuid not null primary key, label text not null, note text,"
    " sealed boolean not null, grams bigint not null, litres double precision not null,"
    " packed_at timestamptz not null, tags jsonb not null)";

Crate crate(std::string label) {
    return {Uuid::fresh(),
            std::move(label),
            std::nullopt,
            true,
            -9'223'372'036'854'775'807,
            0.1,
            *timestamp_from("1969-12-31T23:59:59.999999Z"),
            {"a", "\"b\\"}};
}

std::vector<Crate> crates_in(TestDatabase& database) {
    return database.read([](db::Session& sql) {
        return sql.all<Crate>(
            "select id, label, note, sealed, grams, litres, packed_at, tags"
            " from crates order by id");
    });
}

void insert_later(db::Session& sql, const Crate& row) {
    sql.later(
        "insert into crates (id, label, note, sealed, grams, litres, packed_at, tags) values"
        " (:id, :label, :note, :sealed, :grams, :litres, :packed_at, :tags)",
        row);
}

std::int64_t count(db::Session& sql) {
    return sql.one<std::int64_t>("select count(*) from crates");
}

}  // namespace

TEST_CASE("a batch comes back as it was inserted, whatever is in it") {
    TestDatabase database(schema);
    std::vector<Crate> rows;
    for (const auto* label : {"", "NULL", "{a,b}", "\"", "\\", "\\\\\"", "'; drop table crates; --",
                              "a\nb\tc", "\xc3\xa4\xf0\x9f\x9a\xa2", " blank ", ",", ":label"})
        rows.push_back(crate(label));
    rows.front().note = "NULL";
    rows.back().note = "";

    std::int64_t inserted = 0;
    database.commit([&](db::Session& sql) { inserted = sql.insert_all("crates", rows); });

    CHECK(inserted == static_cast<std::int64_t>(rows.size()));
    CHECK(crates_in(database) == rows);
}

TEST_CASE("a batch may have more rows than one statement takes, or none") {
    TestDatabase database(schema);
    const std::vector<Crate> none;
    std::vector<Crate> many;
    for (int row = 0; row < 2'500; ++row)
        many.push_back(crate(std::to_string(row)));

    database.commit([&](db::Session& sql) {
        CHECK(sql.insert_all("crates", none) == 0);
        CHECK(sql.insert_all("crates", many) == 2'500);
    });

    CHECK(database.count("crates") == 2'500);
}

TEST_CASE("a row of a batch that is there already is refused, or kept where that is asked for") {
    TestDatabase database(schema);
    auto known = crate("first");
    const std::vector<Crate> first{known};
    database.commit([&](db::Session& sql) { sql.insert_all("crates", first); });
    known.label = "second";
    const std::vector<Crate> again{known, crate("new")};

    const auto refusal = failure_of(
        [&] { database.commit([&](db::Session& sql) { sql.insert_all("crates", again); }); });
    std::int64_t inserted = 0;
    database.commit(
        [&](db::Session& sql) { inserted = sql.insert_all("crates", again, db::Existing::kept); });

    CHECK(refusal.failure == FailureKind::unique_violation);
    CHECK(refusal.table == "crates");
    CHECK(refusal.columns == std::vector<std::string>{"id"});
    CHECK(inserted == 1);
    CHECK(crates_in(database).front() == first.front());
}

TEST_CASE("what is left for later is seen by the next statement, and kept by the commit") {
    TestDatabase database(schema);
    std::int64_t seen = 0;

    database.commit([&](db::Session& sql) {
        insert_later(sql, crate("one"));  // Its values are gone by the time that it runs.
        insert_later(sql, crate("two"));
        seen = count(sql);
        insert_later(sql, crate("three"));
    });

    CHECK(seen == 2);
    CHECK(database.count("crates") == 3);
}

TEST_CASE("a failure of what was left for later undoes all, and the connection goes on") {
    TestDatabase database(schema);
    const auto twice = crate("twice");

    const auto failure = failure_of([&] {
        database.commit([&](db::Session& sql) {
            insert_later(sql, twice);
            insert_later(sql, twice);
        });
    });

    CHECK(failure.failure == FailureKind::unique_violation);
    CHECK(database.count("crates") == 0);
    database.commit([&](db::Session& sql) { insert_later(sql, twice); });
    CHECK(database.count("crates") == 1);
}

TEST_CASE("what was left for later goes with a transaction that is not committed") {
    TestDatabase database(schema);

    const auto outcome = database.database().transaction([](db::Session& sql) -> Result<> {
        insert_later(sql, crate("never"));
        return Error::conflict("crates.full", "There is no room.");
    });

    CHECK_FALSE(outcome);
    CHECK(database.count("crates") == 0);
}

TEST_CASE("a text is picked for the engine that there is") {
    TestDatabase database;

    const auto version = database.read([](db::Session& sql) {
        return sql.one<std::string>(
            sql.pick({.sqlite = "select 'sqlite' where sqlite_version() is not null",
                      .postgresql = "select 'postgresql' where version() is not null"}));
    });

    CHECK(version == names(db::Dialect{})[static_cast<std::size_t>(database.pool().dialect())]);
}
